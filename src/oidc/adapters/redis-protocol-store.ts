import type { Adapter, AdapterPayload } from 'oidc-provider';
import {
  type ArtifactTable,
  adapterFactory,
  artifactForm,
  clockToleranceMs,
  FOREVER,
  longestLifeMs,
  summarizeSession,
} from './artifact-adapter.ts';
import { type Artifact, type ArtifactKey, artifactKey, handleOfId, keyOfIdOrHandle } from './artifact-codec.ts';
import { artifactModel, type ModelTraits } from './artifact-models.ts';
import { oneByOne, saveEach, spend } from './one-by-one.ts';
import type { ProtocolStore, ProtocolStoreSettings, RedisTarget, SessionSummary } from './protocol-store.ts';
import {
  CONSUME,
  END_GROUP,
  JOIN_GROUP,
  LIST_UNDER_ACCOUNT,
  packArtifact,
  redisKeys,
  runScript,
  unpackArtifact,
} from './redis-commands.ts';

const SESSION = artifactModel('Session');
/** Any model that dies with its grant: they share the groups. */
const TOKEN = artifactModel('AccessToken');

/** Sessions, codes and access tokens in Redis; what must outlive it in `durable`. A command goes out before the answer to the last
 *  one is in, so on one Redis server the order of the calls below is the order of their effects. */
export function openRedisProtocolStore(options: ProtocolStoreSettings & RedisTarget): ProtocolStore {
  const { redis, durable, clock, prefix = 'dinhdanh:' } = options;
  const keys = redisKeys(prefix);
  const toleranceMs = clockToleranceMs(options);
  const keepRevocationMs = longestLifeMs(options) + toleranceMs;

  /** For Redis's own expiry; 0: never. Relative, since the clock may be a test's. */
  const lifeMs = ({ expiresAt }: Artifact): number =>
    expiresAt === null ? 0 : Math.max(1, expiresAt - clock().getTime() + toleranceMs);

  const set = async (traits: ModelTraits, artifact: Artifact): Promise<boolean> => {
    const key = keys.artifact(traits, artifact.key);
    const text = packArtifact(artifact);
    const life = lifeMs(artifact);
    if (traits.isUnique) return (await redis.set(key, text, 'PX', life === 0 ? keepRevocationMs : life, 'NX')) === 'OK';
    await (life === 0 ? redis.set(key, text) : redis.set(key, text, 'PX', life));
    return true;
  };

  const joinGroup = async (traits: ModelTraits, artifact: Artifact): Promise<boolean> => {
    const { groupKey } = artifact;
    if (groupKey === null) return true;
    const args = [keys.artifact(traits, artifact.key), artifact.storedAt, lifeMs(artifact)];
    return (await runScript(redis, JOIN_GROUP, [keys.group(groupKey), keys.ended(groupKey)], args)) === 1;
  };

  const listUnderAccount = async (traits: ModelTraits, { key, accountId, expiresAt }: Artifact): Promise<void> => {
    if (accountId === null) return;
    const now = clock().getTime();
    const until = expiresAt ?? now + keepRevocationMs;
    await runScript(
      redis,
      LIST_UNDER_ACCOUNT,
      [keys.account(accountId)],
      [keys.artifact(traits, key), until, now, Math.max(1, until - now)],
    );
  };

  const listUnderUserCode = async ({ key, userCodeKey, expiresAt }: Artifact): Promise<void> => {
    if (userCodeKey !== null)
      await redis.set(keys.userCode(userCodeKey), key, 'PX', lifeMs({ expiresAt } as Artifact) || keepRevocationMs);
  };

  const endGroup = async (groupKey: ArtifactKey, revokedAt: number): Promise<void> => {
    const members = (await runScript(
      redis,
      END_GROUP,
      [keys.group(groupKey), keys.ended(groupKey)],
      [revokedAt, keepRevocationMs],
    )) as string[];
    await Promise.all(members.map((member) => redis.unlink(member)));
  };

  const readAt = async (key: string): Promise<Artifact | undefined> => {
    const text = await redis.get(key);
    return text === null ? undefined : unpackArtifact(text, null);
  };

  const read = async (traits: ModelTraits, artifactKey: ArtifactKey): Promise<Artifact | undefined> => {
    const key = keys.artifact(traits, artifactKey);
    if (!traits.isConsumable) return readAt(key);
    const [text, usedAt] = await redis.mget(key, keys.used(key));
    return text === null || text === undefined ? undefined : unpackArtifact(text, usedAt ?? null);
  };

  const sessionsOf = async (accountId: string): Promise<Artifact[]> => {
    const members = await redis.zrangebyscore(keys.account(accountId), clock().getTime(), '+inf');
    return (await Promise.all(members.map(readAt)))
      .filter((session) => session?.accountId === accountId)
      .map((session) => session as Artifact);
  };

  const endSessions = async (sessions: readonly Artifact[]): Promise<SessionSummary[]> => {
    await Promise.all(sessions.flatMap(({ groupKey }) => (groupKey === null ? [] : [endGroup(groupKey, FOREVER)])));
    // Last, so that what an interruption left can still be found.
    await Promise.all(
      sessions.flatMap(({ key, accountId }) =>
        accountId === null ? [] : [redis.zrem(keys.account(accountId), keys.artifact(SESSION, key))],
      ),
    );
    return summaries(sessions);
  };

  const summaries = (sessions: readonly Artifact[]): SessionSummary[] =>
    sessions.flatMap((session) => {
      const made = summarizeSession(session, options);
      return made === undefined ? [] : [made];
    });

  const newestOfGroup = async (groupKey: ArtifactKey): Promise<Artifact | undefined> => {
    const found = await Promise.all((await redis.smembers(keys.group(groupKey))).map(readAt));
    return found.filter((one) => one !== undefined).toSorted((a, b) => b.storedAt - a.storedAt)[0];
  };

  const tableFor = (traits: ModelTraits): ArtifactTable => ({
    async put(artifact) {
      const [isStored, hasJoined] = await Promise.all([
        set(traits, artifact),
        joinGroup(traits, artifact),
        listUnderAccount(traits, artifact),
        listUnderUserCode(artifact),
      ]);
      if (!hasJoined) await redis.unlink(keys.artifact(traits, artifact.key));
      return isStored ? 'stored' : 'replayed';
    },
    get: (key) => read(traits, key),
    getByGroup: newestOfGroup,
    async getByUserCode(userCodeKey) {
      const key = await redis.get(keys.userCode(userCodeKey));
      return key === null ? undefined : read(traits, key);
    },
    async consume(artifactKey, at) {
      const key = keys.artifact(traits, artifactKey);
      return (await runScript(redis, CONSUME, [key, keys.used(key)], [at])) === 1;
    },
    async remove(artifactKey) {
      const key = keys.artifact(traits, artifactKey);
      const [artifact] = await Promise.all([traits.group === undefined ? undefined : readAt(key), redis.unlink(key)]);
      if (artifact === undefined) return;
      const { groupKey, accountId } = artifact;
      await Promise.all([
        groupKey === null ? undefined : redis.srem(keys.group(groupKey), key),
        accountId === null ? undefined : redis.zrem(keys.account(accountId), key),
      ]);
    },
    revokeGroup: endGroup,
  });

  const shortAdapterFor = adapterFactory(options, tableFor);
  const adapterFor = withDurableModels(shortAdapterFor, durable, endGroup);

  const sessionForm = artifactForm(SESSION, options);
  /** By its handle in one command, where the token knows one that still holds; by its uid in two. */
  const sessionOf = async ({ sessionHandle, sessionUid = '' }: AdapterPayload): Promise<AdapterPayload | undefined> => {
    if (typeof sessionHandle === 'string') {
      const session = sessionForm.readable(await read(SESSION, keyOfIdOrHandle(sessionHandle)));
      if (session?.uid === sessionUid) return session;
    }
    return (await adapterFor(SESSION.name).findByUid(sessionUid)) ?? undefined;
  };

  const together = oneByOne(adapterFor, {
    findGrant: (...asked) => durable.findGrant(...asked),
    findClientGrant: (...asked) => durable.findClientGrant(...asked),
    sessionOf,
  });

  /** What becomes of a refresh token is for the most part durable, and written as one. */
  const redeem: ProtocolStore['redeem'] = async (model, id, made) => {
    if (!isDurable(model)) return together.redeem(model, id, made);
    const [there, here] = [made.filter((one) => isDurable(one.model)), made.filter((one) => !isDurable(one.model))];
    await spend(durable.redeem(model, id, there), saveEach(adapterFor, here));
  };

  const findToken: ProtocolStore['findToken'] = async (model, id, about) => {
    if (!isDurable(model)) return together.findToken(model, id, about);
    const found = await durable.findToken(model, id, about);
    return found.token?.expiresWithSession === true ? { ...found, session: await sessionOf(found.token) } : found;
  };

  return {
    adapterFor,
    ...together,
    sessionHandle: handleOfId,
    findToken,
    redeem,
    listSessions: async (accountId) => summaries(await sessionsOf(accountId)),
    async destroySession(uid) {
      const groupKey = artifactKey(uid);
      const session = await newestOfGroup(groupKey);
      const [ended] = session === undefined ? [] : await endSessions([session]);
      return ended;
    },
    destroySessions: async (accountId) => endSessions(await sessionsOf(accountId)),
    async revokeGrants(accountId, clientId) {
      const grants = await durable.revokeGrants(accountId, clientId);
      await Promise.all(grants.map(({ groupKey }) => endGroup(groupKey, FOREVER)));
      return grants;
    },
    // What is in Redis expires there.
    sweep: (now, limit) => durable.sweep(now, limit),
    async ping() {
      await Promise.all([redis.ping(), durable.ping()]);
    },
    statementsUnderWay: durable.statementsUnderWay,
    close: () => durable.close(),
  };
}

function isDurable(model: string): boolean {
  return artifactModel(model).life === 'durable';
}

/** A revocation reaches both halves, whichever model it is asked of. */
function withDurableModels(
  shortAdapterFor: (model: string) => Adapter,
  durable: ProtocolStore,
  endGroup: (groupKey: ArtifactKey, revokedAt: number) => Promise<void>,
): (model: string) => Adapter {
  const adapters = new Map<string, Adapter>();

  const revokeByGrantId = async (grantId: string): Promise<void> => {
    await Promise.all([
      shortAdapterFor(TOKEN.name).revokeByGrantId(grantId),
      durable.adapterFor('RefreshToken').revokeByGrantId(grantId),
    ]);
  };

  const make = (model: string): Adapter => {
    if (model === 'Client') return shortAdapterFor(model);
    const adapter = { ...(isDurable(model) ? durable.adapterFor(model) : shortAdapterFor(model)), revokeByGrantId };
    if (model !== 'Grant') return adapter;
    return {
      ...adapter,
      async destroy(id) {
        await Promise.all([adapter.destroy(id), endGroup(keyOfIdOrHandle(id), FOREVER)]);
      },
    };
  };

  return (model) => {
    let adapter = adapters.get(model);
    if (adapter === undefined) {
      adapter = make(model);
      adapters.set(model, adapter);
    }
    return adapter;
  };
}
