import { deleteExpiredAttempts } from './activation/attempt-store.ts';
import { countEndedAttempts } from './activation/funnel-store.ts';
import { deleteExpiredEnrolments } from './my-account/totp-enrolment-store.ts';
import { deleteExpiredRecoveryAttempts } from './recovery/recovery-attempt-store.ts';
import type { Sweep } from './retention/purge-expired.ts';
import { deleteExpiredSignInAttempts } from './sign-in/sign-in-attempt-store.ts';

const DAY_MS = 86_400_000;

/** What each feature keeps for a while and lets go: for the timer and for `retention purge`. */
export const SWEEPS: readonly Sweep[] = [
  // A day longer than they live, so that a citizen who comes back late reads that her time is over. What is not counted is not deleted.
  {
    name: 'activation_attempts',
    deleteBatch: async (db, now, limit) => {
      await countEndedAttempts(db, now, limit);
      return deleteExpiredAttempts(db, dayBefore(now), limit);
    },
  },
  {
    name: 'recovery_attempts',
    deleteBatch: (db, now, limit) => deleteExpiredRecoveryAttempts(db, dayBefore(now), limit),
  },
  { name: 'sign_in_attempts', deleteBatch: deleteExpiredSignInAttempts },
  { name: 'totp_enrolments', deleteBatch: deleteExpiredEnrolments },
];

function dayBefore(now: Date): Date {
  return new Date(now.getTime() - DAY_MS);
}
