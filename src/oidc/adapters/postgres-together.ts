import type { Adapter, AdapterPayload } from 'oidc-provider';
import { type ArtifactForm, artifactForm, mustBeFirst } from './artifact-adapter.ts';
import { type Artifact, artifactKey, keyOfIdOrHandle } from './artifact-codec.ts';
import { artifactModel, type ModelTraits } from './artifact-models.ts';
import { oneByOne } from './one-by-one.ts';
import { bytes, NOT_REVOKED, putSql, putValues, type Run, tableOf } from './postgres-tables.ts';
import type {
  AboutAccount,
  FoundGrant,
  FoundSession,
  FoundToken,
  GrantedModel,
  GrantIdSql,
  MadeArtifact,
  MadeToken,
  ProtocolStoreSettings,
  TogetherStore,
} from './protocol-store.ts';

const [SESSION, GRANT] = [artifactModel('Session'), artifactModel('Grant')];

/** Everything that one look is about by one statement, and everything that one redemption writes by another: one round trip, and one commit. A PostgreSQL whose tables lie on
 *  several machines may refuse a statement about more than one of them: then one after the other. */
export function postgresTogether(
  settings: ProtocolStoreSettings,
  adapterFor: (model: string) => Adapter,
  run: Run,
): TogetherStore {
  const apart = oneByOne(adapterFor);
  const forms = new Map<ModelTraits, ArtifactForm>();
  const texts = new Map<string, string>();
  let isRefused = false;

  const formOf = (traits: ModelTraits): ArtifactForm => madeOnce(forms, traits, () => artifactForm(traits, settings));
  const ask = async (name: string, textOf: () => string, values: unknown[]): Promise<JoinedRow | undefined> =>
    (await run<JoinedRow>(name, madeOnce(texts, name, textOf), values)).rows[0];
  const inRow = (row: JoinedRow | undefined, alias: string, id?: string): AdapterPayload | undefined =>
    formOf(ALIASES[alias] ?? GRANT).readable(joined(row, alias), id);

  const grantIn = (row: JoinedRow | undefined, id: string | undefined): FoundGrant => ({
    grant: id === undefined ? undefined : inRow(row, 'g', id),
    about: row?.['about'],
  });

  const findToken = async (model: GrantedModel, id: string, about?: AboutAccount): Promise<FoundToken> => {
    const traits = artifactModel(model);
    const name = `${traits.table}_together_${about?.name}`;
    const row = await ask(name, () => tokenText(traits, about), [bytes(artifactKey(id))]);
    const token = formOf(traits).readable(joined(row, 't'), id);
    if (token === undefined) return { token, grant: undefined, session: undefined };
    const session = token.expiresWithSession === true ? inRow(row, 's') : undefined;
    return { token, session: session?.uid === token.sessionUid ? session : undefined, ...grantIn(row, token.grantId) };
  };

  const findSession = async (id: string, clientId: string, about?: AboutAccount): Promise<FoundSession> => {
    const values = [bytes(artifactKey(id)), clientId];
    const row = await ask(`session_together_${about?.name}`, () => sessionText(about), values);
    const session = inRow(row, 's', id);
    if (session === undefined) return { session, grant: undefined };
    return { session, ...grantIn(row, session.authorizations?.[clientId]?.grantId) };
  };

  const findGrant = async (id: string, accountId: string, about: AboutAccount): Promise<FoundGrant> => {
    const values = [bytes(artifactKey(id)), accountId];
    return grantIn(await ask(`grant_together_${about.name}`, () => grantText(about), values), id);
  };

  const findClientGrant = async (
    { accountId, clientId }: { accountId: string; clientId: string },
    idSql: GrantIdSql,
    about: AboutAccount,
  ): Promise<FoundGrant> => {
    const row = await ask(`client_grant_together_${about.name}`, () => clientGrantText(idSql, about), [
      clientId,
      accountId,
    ]);
    return grantIn(row, (row?.['grant_id'] as string | null) ?? undefined);
  };

  const saveAll = async (made: readonly MadeArtifact[]): Promise<void> => {
    const values = made.flatMap(({ model, id, payload, expiresIn }) =>
      putValues(formOf(artifactModel(model)).encode(id, payload, expiresIn)),
    );
    await ask(`save_${made.map(({ model }) => model).join('_')}`, () => savingText(made), values);
  };

  const redeem = async (model: GrantedModel, id: string, made: readonly MadeToken[]): Promise<boolean> => {
    const traits = artifactModel(model);
    const values = made.flatMap((one) => {
      const artifact = formOf(artifactModel(one.model)).encode(one.id, one.payload, one.expiresIn);
      const { key, storedAt, expiresAt, groupKey, body } = artifact;
      return [bytes(key), storedAt, expiresAt, bytes(groupKey), body];
    });
    const name = `${traits.table}_redeem_${made.map((one) => one.model).join('_')}`;
    const using = [bytes(keyOfIdOrHandle(id)), settings.clock().getTime()];
    return (await ask(name, () => redemptionText(traits, made), [...using, ...values])) !== undefined;
  };

  /** @returns what `work` gives, or, where the server refuses such statements, what `other` does. */
  const together = async <T>(work: () => Promise<T>, other: () => Promise<T>): Promise<T> => {
    if (isRefused) return other();
    try {
      return await work();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      isRefused = true;
      return other();
    }
  };

  return {
    findToken: (...asked) =>
      together(
        () => findToken(...asked),
        () => apart.findToken(...asked),
      ),
    findSession: (...asked) =>
      together(
        () => findSession(...asked),
        () => apart.findSession(...asked),
      ),
    findGrant: (id, accountId, about) =>
      together(
        () => (about === undefined ? apart.findGrant(id, accountId) : findGrant(id, accountId, about)),
        () => apart.findGrant(id, accountId),
      ),
    findClientGrant: (...asked) =>
      together<FoundGrant | undefined>(
        () => findClientGrant(...asked),
        () => apart.findClientGrant(...asked),
      ),
    saveAll: (made) =>
      together(
        () => saveAll(made),
        () => apart.saveAll(made),
      ),
    redeem: (model, id, made) =>
      together(
        () => mustBeFirst(artifactModel(model), redeem(model, id, made)),
        () => apart.redeem(model, id, made),
      ),
  };
}

/** `artifactKey` of a text. */
const keyOf = (text: string): string => `substr(sha256(convert_to(${text}, 'UTF8')), 1, 12)`;
const isAlive = (alias: string): string => NOT_REVOKED.replaceAll('a.', `${alias}.`);
const told = (about: AboutAccount | undefined, accountId: string): string =>
  about === undefined ? '' : `, ${about.sql(accountId)} AS about`;

function tokenText(traits: ModelTraits, about: AboutAccount | undefined): string {
  return `SELECT ${columnsOf('t', traits)}, ${columnsOf('g', GRANT)}, ${columnsOf('s', SESSION)}${told(about, "(t.body::json ->> 'accountId')")}
    FROM ${tableOf(traits)} t LEFT JOIN ${tableOf(GRANT)} g ON g.key = t.group_key
    LEFT JOIN ${tableOf(SESSION)} s ON s.group_key = ${keyOf("t.body::json ->> 'sessionUid'")} AND ${isAlive('s')}
    WHERE t.key = $1 AND ${isAlive('t')} ORDER BY s.stored_at DESC LIMIT 1`;
}

function sessionText(about: AboutAccount | undefined): string {
  const grantId = "s.body::json -> 'authorizations' -> $2::text ->> 'grantId'";
  return `SELECT ${columnsOf('s', SESSION)}, ${columnsOf('g', GRANT)}${told(about, 's.account_id')}
    FROM ${tableOf(SESSION)} s LEFT JOIN ${tableOf(GRANT)} g ON g.key = ${keyOf(grantId)} WHERE s.key = $1 AND ${isAlive('s')}`;
}

function grantText(about: AboutAccount): string {
  return `SELECT ${columnsOf('g', GRANT)}${told(about, '$2::text')}
    FROM (SELECT 1) one LEFT JOIN ${tableOf(GRANT)} g ON g.key = $1`;
}

function clientGrantText(idSql: GrantIdSql, about: AboutAccount): string {
  return `SELECT i.grant_id, ${columnsOf('g', GRANT)}${told(about, '$2::text')}
    FROM (SELECT ${idSql('$2', '$1')} AS grant_id) i LEFT JOIN ${tableOf(GRANT)} g ON g.key = ${keyOf('i.grant_id')}`;
}

/** Of different models. */
function savingText(made: readonly MadeArtifact[]): string {
  const puts = made.map(({ model }, index) => putSql(artifactModel(model), index));
  const others = puts.slice(1).map((put, index) => `put_${index} AS (${put})`);
  return `${others.length === 0 ? '' : `WITH ${others.join(', ')}`} ${puts[0]}`;
}

/** Nothing is saved where nothing was used up. */
function redemptionText(traits: ModelTraits, made: readonly MadeToken[]): string {
  const columns = { key: 'bytea', stored_at: 'bigint', expires_at: 'bigint', group_key: 'bytea', body: 'text' };
  let place = 2;
  const next = (type: string): string => {
    place += 1;
    return `$${place}::${type}`;
  };
  const saved = made.map(
    ({ model }, index) =>
      `made_${index} AS (INSERT INTO ${tableOf(artifactModel(model))} (${Object.keys(columns).join(', ')})
        SELECT ${Object.values(columns).map(next).join(', ')} FROM used)`,
  );
  const used = `used AS (UPDATE ${tableOf(traits)} a SET consumed_at = $2
    WHERE a.key = $1 AND a.consumed_at IS NULL AND ${NOT_REVOKED} RETURNING 1 AS one)`;
  return `WITH ${[used, ...saved].join(', ')} SELECT one FROM used`;
}

type JoinedRow = Record<string, unknown>;
const ALIASES: Readonly<Record<string, ModelTraits>> = { s: SESSION, g: GRANT };

/** What is there of a model, each under its alias. */
function columnsOf(alias: string, { hasAccount, hasClient, isConsumable, group }: ModelTraits): string {
  const columns = ['expires_at', 'body'];
  if (hasAccount) columns.push('account_id');
  if (hasClient) columns.push('client_id');
  if (isConsumable) columns.push('consumed_at');
  // For the handle of what is found by another way than its id.
  if (group === 'uid') columns.push('key');
  return columns.map((column) => `${alias}.${column} AS ${alias}_${column}`).join(', ');
}

/** @returns undefined for what was not there. */
function joined(row: JoinedRow | undefined, alias: string): Artifact | undefined {
  const textOf = (column: string): string | null => (row?.[`${alias}_${column}`] as string | null | undefined) ?? null;
  const body = textOf('body');
  if (body === null) return undefined;
  const instantOf = (column: string): number | null => (textOf(column) === null ? null : Number(textOf(column)));
  return {
    key: (row?.[`${alias}_key`] as Buffer | undefined)?.toString('hex') ?? '',
    storedAt: 0,
    expiresAt: instantOf('expires_at'),
    consumedAt: instantOf('consumed_at'),
    groupKey: null,
    accountId: textOf('account_id'),
    clientId: textOf('client_id'),
    userCodeKey: null,
    body,
  };
}

/** It cannot do that (0A), or does not understand it (42): said before anything was done. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:0A|42)...$/.test(String(error.code));
}

function madeOnce<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  return made;
}
