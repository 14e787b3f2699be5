import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Artifact, ArtifactKey } from './artifact-codec.ts';
import type { ModelTraits } from './artifact-models.ts';

/** All that is asked of Redis. */
export const REDIS_COMMANDS = [
  'eval',
  'evalsha',
  'get',
  'mget',
  'ping',
  'set',
  'smembers',
  'srem',
  'unlink',
  'zrangebyscore',
  'zrem',
] as const;
export type RedisCommands = Pick<Redis, (typeof REDIS_COMMANDS)[number]>;

/** Every key holds one hash tag, so that what one command or script touches lies in one slot of a cluster. */
export type RedisKeys = {
  artifact(traits: ModelTraits, key: ArtifactKey): string;
  /** Beside an artifact, once it is consumed. */
  used(artifactKey: string): string;
  /** The set of artifacts that die together, by their Redis keys. */
  group(groupKey: ArtifactKey): string;
  /** Until when what was stored in that group is dead. */
  ended(groupKey: ArtifactKey): string;
  /** The sessions of an account, by expiry. */
  account(accountId: string): string;
  userCode(userCodeKey: ArtifactKey): string;
};

export function redisKeys(prefix: string): RedisKeys {
  return {
    artifact: (traits, key) => `${prefix}${traits.table}:{${key}}`,
    used: (artifactKey) => `${artifactKey}:used`,
    group: (groupKey) => `${prefix}group:{${groupKey}}`,
    ended: (groupKey) => `${prefix}ended:{${groupKey}}`,
    account: (accountId) => `${prefix}account:{${accountId}}`,
    userCode: (userCodeKey) => `${prefix}user_code:{${userCodeKey}}`,
  };
}

/** One line of fields, then the body. JSON never holds a raw line break. */
export function packArtifact({
  key,
  storedAt,
  expiresAt,
  groupKey,
  accountId,
  clientId,
  userCodeKey,
  body,
}: Artifact): string {
  return `${JSON.stringify([key, storedAt, expiresAt, groupKey, accountId, clientId, userCodeKey])}\n${body}`;
}

type Fields = [string, number, number | null, string | null, string | null, string | null, string | null];

/** @param usedAt the value of the key beside it. */
export function unpackArtifact(text: string, usedAt: string | null): Artifact {
  const end = text.indexOf('\n');
  const [key, storedAt, expiresAt, groupKey, accountId, clientId, userCodeKey] = JSON.parse(
    text.slice(0, end),
  ) as Fields;
  const consumedAt = usedAt === null ? null : Number(usedAt);
  return {
    key,
    storedAt,
    expiresAt,
    consumedAt,
    groupKey,
    accountId,
    clientId,
    userCodeKey,
    body: text.slice(end + 1),
  };
}

export type Script = { text: string; sha: string };

const script = (text: string): Script => ({ text, sha: hash('sha1', text, 'hex') });

/** KEYS artifact, used; ARGV now. → 1 consumed by this call, 0 consumed before or gone. */
export const CONSUME = script(`
local life = redis.call('PTTL', KEYS[1])
if life == -2 then return 0 end
if redis.call('SETNX', KEYS[2], ARGV[1]) == 0 then return 0 end
if life > 0 then redis.call('PEXPIRE', KEYS[2], life) end
return 1`);

/** KEYS group, ended; ARGV member, storedAt, lifeMs (0: for ever). → 1 joined, 0 the group was ended. */
export const JOIN_GROUP = script(`
local ended = redis.call('GET', KEYS[2])
if ended and tonumber(ended) >= tonumber(ARGV[2]) then return 0 end
local known = redis.call('PTTL', KEYS[1])
redis.call('SADD', KEYS[1], ARGV[1])
local life = tonumber(ARGV[3])
if life == 0 then redis.call('PERSIST', KEYS[1]) elseif known ~= -1 and known < life then redis.call('PEXPIRE', KEYS[1], life) end
return 1`);

/** KEYS group, ended; ARGV revokedAt, keepMs. → the members. They stay listed, so that an interrupted revocation can be repeated. */
export const END_GROUP = script(`
local ended = redis.call('GET', KEYS[2])
if not ended or tonumber(ended) < tonumber(ARGV[1]) then redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
return redis.call('SMEMBERS', KEYS[1])`);

/** KEYS account; ARGV member, expiresAt, now, lifeMs. */
export const LIST_UNDER_ACCOUNT = script(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1`);

export async function runScript(
  redis: RedisCommands,
  { text, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    // A restarted or newly added node does not know it yet.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(text, keys.length, ...keys, ...args);
  }
}
