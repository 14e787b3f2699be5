import { generateKeyPair, type JsonWebKey, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** ES256 for our own clients, RS256 where a dynamic registration is silent (OpenID Connect Core's default). */
export const SIGNING_ALGORITHMS = ['ES256', 'RS256'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** `next` is published and signs nothing yet, `current` signs, `retired` is published until the last token it signed has expired. */
export type SigningKeyState = 'next' | 'current' | 'retired';

/** What may be shown of a key. */
export type SigningKey = {
  kid: string;
  alg: SigningAlgorithm;
  state: SigningKeyState;
  createdAt: Date;
  retiredAt: Date | undefined;
};

type KeyRecord = SigningKey & { jwk: JWK };

/** The file of signing keys is missing, damaged or open to others: nothing is signed until somebody sees to it. */
export class SigningKeysUnusable extends Error {
  override readonly name = 'SigningKeysUnusable';
  readonly problem: string;
  readonly remedy: string;
  constructor(problem: string, remedy: string) {
    super(`${problem}: ${remedy}`);
    this.problem = problem;
    this.remedy = remedy;
  }
}

const FILE_NAME = 'signing.jwks';
const STATE_AT_ROTATION: Record<SigningKeyState, SigningKeyState> = {
  next: 'current',
  current: 'retired',
  retired: 'retired',
};
const ORDER: Record<SigningKeyState, number> = { current: 0, next: 1, retired: 2 };

/** Makes the first keys, a current and a next one for each algorithm. @returns false, with nothing changed, when there are keys already. */
export async function generateSigningKeys(folder: string, now: Date): Promise<boolean> {
  if ((await readKeys(folder)) !== undefined) return false;
  const made = await Promise.all(
    SIGNING_ALGORITHMS.flatMap((alg) => [makeKey(alg, 'current', now), makeKey(alg, 'next', now)]),
  );
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = await writeDraft(folder, made);
  try {
    // Unlike a rename it never replaces: of two first starts at once, the slower one takes the other's keys.
    await link(draft, join(folder, FILE_NAME));
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/** The next keys begin to sign, the current ones retire, new next ones are published, and what retired longer ago than any token lives
 *  goes. A next key must have been published for at least as long as anyone caches the JWKS: @see `publishedSeconds`.
 *  A running provider reads its keys once: rebuild it afterwards. */
export async function rotateSigningKeys(
  folder: string,
  now: Date,
  {
    longestTokenSeconds = 86_400,
    publishedSeconds = 3_600,
  }: { longestTokenSeconds?: number; publishedSeconds?: number } = {},
): Promise<SigningKeyRotation> {
  return exclusively(folder, async () => {
    const before = await mustReadKeys(folder);
    const youngest = Math.max(
      ...before.filter(({ state }) => state === 'next').map(({ createdAt }) => createdAt.getTime()),
    );
    const mayRotateAt = new Date(youngest + publishedSeconds * 1000);
    if (mayRotateAt > now) return { kind: 'too_early', mayRotateAt };

    const kept = before.map((key) => rotated(key, now)).filter((key) => !isForgotten(key, now, longestTokenSeconds));
    const next = await Promise.all(SIGNING_ALGORITHMS.map((alg) => makeKey(alg, 'next', now)));
    // Whole or not at all: the new file takes the old one's place.
    await rename(await writeDraft(folder, [...kept, ...next]), join(folder, FILE_NAME));
    return { kind: 'rotated', keys: [...kept, ...next].map(withoutPrivatePart) };
  });
}

export type SigningKeyRotation = { kind: 'rotated'; keys: SigningKey[] } | { kind: 'too_early'; mayRotateAt: Date };

/** @returns an empty list when no keys were made yet. */
export async function listSigningKeys(folder: string): Promise<SigningKey[]> {
  return ((await readKeys(folder)) ?? []).map(withoutPrivatePart);
}

/** The keys for oidc-provider's `jwks` setting. It signs with the first key that fits the algorithm and publishes all of them:
 *  current ones stand first. The others keep their private part, which the library demands.
 *  @see node_modules/oidc-provider/lib/helpers/keystore.js `selectForSign` (a stable sort by alg and use, which all of ours have). */
export async function loadSigningKeys(folder: string): Promise<{ jwks: { keys: JWK[] } }> {
  const keys = await mustReadKeys(folder);
  for (const alg of SIGNING_ALGORITHMS) {
    if (keys.filter((key) => key.alg === alg && key.state === 'current').length !== 1) {
      throw new Error(`${join(folder, FILE_NAME)} must hold exactly one current ${alg} key`);
    }
  }
  return { jwks: { keys: keys.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]).map(({ jwk }) => jwk) } };
}

const generate = promisify(generateKeyPair) as (
  type: string,
  options: object,
) => Promise<{ privateKey: { export(as: { format: 'jwk' }): JsonWebKey } }>;

async function makeKey(alg: SigningAlgorithm, state: SigningKeyState, now: Date): Promise<KeyRecord> {
  const pair = alg === 'ES256' ? generate('ec', { namedCurve: 'P-256' }) : generate('rsa', { modulusLength: 2048 });
  const bare = (await pair).privateKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(bare);
  return { kid, alg, state, createdAt: now, retiredAt: undefined, jwk: { ...bare, kid, alg, use: 'sig' } };
}

function rotated(key: KeyRecord, now: Date): KeyRecord {
  return { ...key, state: STATE_AT_ROTATION[key.state], retiredAt: key.state === 'current' ? now : key.retiredAt };
}

function isForgotten({ state, retiredAt }: KeyRecord, now: Date, longestTokenSeconds: number): boolean {
  return (
    state === 'retired' && retiredAt !== undefined && retiredAt.getTime() + longestTokenSeconds * 1000 <= now.getTime()
  );
}

function withoutPrivatePart({ kid, alg, state, createdAt, retiredAt }: KeyRecord): SigningKey {
  return { kid, alg, state, createdAt, retiredAt };
}

// The file is a JWK Set (RFC 7517); `state`, `created_at` and `retired_at` are members of our own, which others ignore (section 4).
type StoredKey = JWK & { state: SigningKeyState; created_at: string; retired_at?: string };

async function mustReadKeys(folder: string): Promise<KeyRecord[]> {
  const keys = await readKeys(folder);
  if (keys === undefined)
    throw new SigningKeysUnusable(`${join(folder, FILE_NAME)} is missing`, 'make it with npx dinhdanh keys generate');
  return keys;
}

async function readKeys(folder: string): Promise<KeyRecord[] | undefined> {
  const file = join(folder, FILE_NAME);
  const text = await readPrivately(file);
  return text === undefined ? undefined : parseKeys(file, text);
}

async function readPrivately(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0)
      throw new SigningKeysUnusable(
        `${file} may be read by others (mode ${(mode & 0o777).toString(8)})`,
        'chmod 600 it, and rotate the keys if that was no slip',
      );
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseKeys(file: string, text: string): KeyRecord[] {
  let stored: unknown;
  try {
    stored = (JSON.parse(text) as { keys?: unknown }).keys;
  } catch {
    // Without the cause: a JSON error quotes the text, which here is a private key.
  }
  if (!Array.isArray(stored) || !stored.every(isStoredKey))
    throw new SigningKeysUnusable(
      `${file} is not a set of signing keys`,
      'restore it from a backup, or move it away and make a new one with npx dinhdanh keys generate',
    );
  return stored.map(({ state, created_at, retired_at, ...jwk }) => ({
    kid: jwk.kid as string,
    alg: jwk.alg as SigningAlgorithm,
    state,
    createdAt: new Date(created_at),
    retiredAt: retired_at === undefined ? undefined : new Date(retired_at),
    jwk,
  }));
}

function isStoredKey(value: unknown): value is StoredKey {
  const key = value as Partial<StoredKey> | null;
  return (
    typeof key?.kid === 'string' &&
    typeof key.d === 'string' &&
    SIGNING_ALGORITHMS.includes(key.alg as SigningAlgorithm) &&
    Object.hasOwn(ORDER, key.state ?? '') &&
    !Number.isNaN(Date.parse(key.created_at ?? ''))
  );
}

/** A file beside the real one, private from its first byte. @returns its path. */
async function writeDraft(folder: string, keys: readonly KeyRecord[]): Promise<string> {
  const stored = keys.map(({ jwk, state, createdAt, retiredAt }) => ({
    ...jwk,
    state,
    created_at: createdAt.toISOString(),
    ...(retiredAt === undefined ? {} : { retired_at: retiredAt.toISOString() }),
  }));
  const draft = join(folder, `${FILE_NAME}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ keys: stored }, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

/** One writer at a time, over processes: a lock file made with O_EXCL. */
async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, `${FILE_NAME}.lock`);
  const handle = await open(lock, 'wx', 0o600).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    if (isCode(error, 'EEXIST')) throw new Error(`another process is changing the keys; if none is, delete ${lock}`);
    throw error;
  });
  try {
    return await work();
  } finally {
    await handle?.close();
    if (handle !== undefined) await unlink(lock);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
