import type { Db } from '../platform/database.ts';
import type { SecretHasher } from '../platform/secret-hashing.ts';
import { changeSecret, findCredential, type StoredSecret } from './credential-store.ts';

export type VerifySecretDeps = { db: Db; hasher: Pick<SecretHasher, 'hash' | 'verify' | 'verifyNothing'> };

/** Whether this is the account's password. Takes as long for an account that has none, or for none at all. Counts no tries: the caller has taken
 *  one first (`takeTry`), by what was typed at sign-in, by the account elsewhere. */
export async function verifyPassword(
  deps: VerifySecretDeps,
  accountId: string | undefined,
  password: string,
): Promise<boolean> {
  return verifyHashed(deps, accountId, 'password', password);
}

/** @returns false also for an account without this secret. */
export async function verifyHashed(
  deps: VerifySecretDeps,
  accountId: string | undefined,
  kind: 'password' | 'passcode',
  typed: string,
): Promise<boolean> {
  // Asked for even without an account, so that both cases do the same.
  return verifyStored(deps, await findCredential(deps.db, accountId ?? '', kind), typed);
}

/** Compares with a stored hash, which is made anew when the parameters have grown since. Takes as long when there is none. */
export async function verifyStored(
  deps: VerifySecretDeps,
  stored: StoredSecret | undefined,
  typed: string,
): Promise<boolean> {
  if (stored === undefined) {
    await deps.hasher.verifyNothing(typed);
    return false;
  }
  const { matches, needsRehash } = await deps.hasher.verify(stored.secret, typed);
  if (needsRehash) await changeSecret(deps.db, stored.id, { from: stored.secret, to: await deps.hasher.hash(typed) });
  return matches;
}
