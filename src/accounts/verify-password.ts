import type { Db } from '../platform/database.ts';
import type { SecretHasher } from '../platform/secret-hashing.ts';
import { changeSecret, findCredential } from './credential-store.ts';

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

/** Compares with a stored hash, which is made anew when the parameters have grown since.
 *  @returns false also for an account without this secret. */
export async function verifyHashed(
  deps: VerifySecretDeps,
  accountId: string | undefined,
  kind: 'password' | 'passcode',
  typed: string,
): Promise<boolean> {
  // Asked for even without an account, so that both cases do the same.
  const credential = await findCredential(deps.db, accountId ?? '', kind);
  if (credential === undefined) {
    await deps.hasher.verifyNothing(typed);
    return false;
  }
  const { matches, needsRehash } = await deps.hasher.verify(credential.secret, typed);
  if (needsRehash)
    await changeSecret(deps.db, credential.id, { from: credential.secret, to: await deps.hasher.hash(typed) });
  return matches;
}
