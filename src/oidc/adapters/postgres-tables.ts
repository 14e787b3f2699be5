import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { tryAgain } from '../../platform/conflicts.ts';
import type { PostgresLanes } from '../../platform/postgres-lanes.ts';
import type { Artifact, ArtifactKey } from './artifact-codec.ts';
import { ARTIFACT_MODELS, type ModelTraits } from './artifact-models.ts';

/** Of what is under the alias `a`. */
export const NOT_REVOKED =
  'NOT EXISTS (SELECT 1 FROM oidc_revocation r WHERE r.group_key = a.group_key AND r.revoked_at >= a.stored_at)';

/** One prepared statement. */
export type Run = <R extends QueryResultRow>(name: string, text: string, values: unknown[]) => Promise<QueryResult<R>>;

const COLUMNS = [
  'key',
  'stored_at',
  'expires_at',
  'consumed_at',
  'group_key',
  'account_id',
  'client_id',
  'user_code_key',
  'body',
] as const;

/** Saves an artifact; what was used up stays so. @param index of the artifact among those of one statement: its parameters are numbered on. */
export function putSql(traits: ModelTraits, index = 0): string {
  const places = COLUMNS.map((_, place) => `$${index * COLUMNS.length + place + 1}`);
  const changes = COLUMNS.slice(1).map((column) =>
    column === 'consumed_at'
      ? 'consumed_at = coalesce(a.consumed_at, excluded.consumed_at)'
      : `${column} = excluded.${column}`,
  );
  return `INSERT INTO ${tableOf(traits)} AS a (${COLUMNS.join(', ')}) VALUES (${places.join(', ')})
    ON CONFLICT (key) DO UPDATE SET ${changes.join(', ')}`;
}

/** Its parameters. */
export function putValues(artifact: Artifact): unknown[] {
  const { key, storedAt, expiresAt, consumedAt, groupKey, accountId, clientId, userCodeKey, body } = artifact;
  return [bytes(key), storedAt, expiresAt, consumedAt, bytes(groupKey), accountId, clientId, bytes(userCodeKey), body];
}

/** bigint columns come as text. */
export type ArtifactRow = {
  key: Buffer;
  stored_at: string;
  expires_at: string | null;
  consumed_at: string | null;
  account_id: string | null;
  client_id: string | null;
  body: string;
};

export function tableOf(traits: ModelTraits): string {
  return `oidc_${traits.table}`;
}

export function artifactOf(row: ArtifactRow): Artifact {
  return {
    key: row.key.toString('hex'),
    storedAt: Number(row.stored_at),
    expiresAt: row.expires_at === null ? null : Number(row.expires_at),
    consumedAt: row.consumed_at === null ? null : Number(row.consumed_at),
    groupKey: null,
    accountId: row.account_id,
    clientId: row.client_id,
    userCodeKey: null,
    body: row.body,
  };
}

// No SERIAL and no index on a time: keys are hashes, so that inserts spread over every node of a distributed PostgreSQL.
function schemaSql(): string[] {
  const tables = ARTIFACT_MODELS.flatMap((traits) => {
    const table = tableOf(traits);
    const index = (column: string): string =>
      `CREATE INDEX IF NOT EXISTS ${table}_${column} ON ${table} (${column}) WHERE ${column} IS NOT NULL`;
    return [
      `CREATE TABLE IF NOT EXISTS ${table} (
        key bytea PRIMARY KEY, stored_at bigint NOT NULL, expires_at bigint, consumed_at bigint,
        group_key bytea, account_id text, client_id text, user_code_key bytea, body text NOT NULL
      )`,
      ...(traits.group === 'uid' ? [index('group_key')] : []),
      ...(traits.hasAccount ? [index('account_id')] : []),
      ...(traits.hasUserCode ? [index('user_code_key')] : []),
    ];
  });
  const revocations =
    'CREATE TABLE IF NOT EXISTS oidc_revocation (group_key bytea PRIMARY KEY, revoked_at bigint NOT NULL, expires_at bigint NOT NULL)';
  return [...tables, revocations];
}

// What PostgreSQL answers when two processes make the same table at the same instant, IF NOT EXISTS or not.
const MADE_BY_ANOTHER = new Set(['23505', '42P07', '42710']);

export async function makeTables(pool: Pool): Promise<void> {
  for (const sql of schemaSql()) {
    await tryAgain(() => pool.query(sql), MADE_BY_ANOTHER);
  }
}

export function runPrepared<R extends QueryResultRow>(
  on: Pick<PostgresLanes, 'query'>,
  query: QueryConfig,
): Promise<QueryResult<R>> {
  return tryAgain(() => on.query<R>(query));
}

export function bytes(key: ArtifactKey): Buffer;
export function bytes(key: ArtifactKey | null): Buffer | null;
export function bytes(key: ArtifactKey | null): Buffer | null {
  return key === null ? null : Buffer.from(key, 'hex');
}
