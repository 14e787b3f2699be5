import { LRUCache } from 'lru-cache';
import type { Client } from 'oidc-provider';
import { findAccount } from '../accounts/account-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import { newSecret } from '../platform/ids.ts';
import { findPairwiseSubject, insertPairwiseSubject } from './pairwise-subject-store.ts';
import { mustRegistrationOf } from './provider-clients.ts';

/** Makes the `sub` of an account for a client. */
export type Subjects = {
  /** One random value per account and sector, kept: it says nothing about the account, and clients cannot compare theirs.
   *  @see https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg (the third algorithm) */
  pairwise(accountId: string, sector: string): Promise<string>;
  /** The account's value for clients registered with `subject_type: public`. */
  public(accountId: string): Promise<string>;
};

const CACHED = 50_000;
const SUBJECT_BYTES = 24;

export function createSubjects({ db, clock }: { db: Db; clock: Clock }): Subjects {
  // Subjects never change once made, so nothing here grows stale.
  const cache = new LRUCache<string, string>({ max: CACHED });
  const cached = async (key: string, make: () => Promise<string>): Promise<string> => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = await make();
    cache.set(key, made);
    return made;
  };
  return {
    pairwise: (accountId, sector) =>
      cached(`${accountId} ${sector}`, async () => {
        const found = await findPairwiseSubject(db, accountId, sector);
        if (found !== undefined) return found;
        return insertPairwiseSubject(db, { accountId, sector, subject: newSecret(SUBJECT_BYTES) }, clock());
      }),
    public: (accountId) =>
      cached(accountId, async () => {
        const account = await findAccount(db, accountId);
        if (account === undefined) throw new Error('a token names an account that does not exist');
        return account.publicSubject;
      }),
  };
}

/** The `sub` that this client knows the account by. */
export function subjectFor(subjects: Subjects, accountId: string, client: Client | undefined): Promise<string> {
  const { metadata } = mustRegistrationOf(client);
  if (metadata['subject_type'] === 'public') return subjects.public(accountId);
  // The first redirect's host and port, or the registered sector's: the library has validated it.
  const { sectorIdentifier } = client as unknown as { sectorIdentifier: string };
  return subjects.pairwise(accountId, sectorIdentifier);
}
