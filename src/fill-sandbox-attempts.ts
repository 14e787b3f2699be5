import { type Activation, listActivationsSince } from './accounts/activation-store.ts';
import { hasAttempts, insertPastAttempts, type PastAttempt } from './activation/attempt-store.ts';
import { appendAudits } from './audit/audit-store.ts';
import type { AttemptRefusal } from './domain/activation-funnel.ts';
import { addDays, startOfVietNamDay, vietNamDay } from './domain/viet-nam-time.ts';
import { type Db, inTransaction } from './platform/database.ts';
import { newId } from './platform/ids.ts';
import { createRandomSource, type RandomSource, weigh } from './register/random-source.ts';

const SEED = 3;
const DAYS = 75;
const MINUTE_MS = 60_000;
const LIFETIME_MS = 30 * MINUTE_MS;

type Lost = Pick<PastAttempt, 'step'> & { readonly refusal?: AttemptRefusal };

/** How attempts of people who came again later were lost, one as often as the other: made up. */
const LOST = weigh<Lost>([
  [{ step: 'code' }, 9],
  [{ step: 'code', refusal: 'code_mistyped' }, 4],
  [{ step: 'code', refusal: 'code_expired' }, 3],
  [{ step: 'code', refusal: 'code_tries_used_up' }, 1],
  [{ step: 'code', refusal: 'resend_limit' }, 1],
  [{ step: 'password' }, 6],
  [{ step: 'passcode' }, 2],
  [{ step: 'questions' }, 4],
]);

/** The attempts behind the synthetic activations of the last weeks, and others that came to nothing: each of an account that exists (its citizen id begins with 999), but for
 *  those who mistyped. Written as attempts and audited as such, so that they are counted by the same road as real ones. Nothing where there are any.
 *  @returns how many. */
export async function fillAttempts(db: Db, now: Date): Promise<number> {
  if (await hasAttempts(db)) return 0;
  const activations = await listActivationsSince(db, startOfVietNamDay(addDays(vietNamDay(now), -DAYS)));
  const random = createRandomSource(SEED);
  const attempts = activations.flatMap((one) => attemptsOf(one, random)).filter(({ expiresAt }) => expiresAt < now);
  await inTransaction(db, async (tx) => {
    await insertPastAttempts(tx, attempts);
    await appendAudits(
      tx,
      attempts.map(({ id, accountId, channel, createdAt }) => ({
        at: createdAt,
        actor: { kind: 'system', id: 'sandbox' },
        action: 'activation.started',
        detail: { attempt: id, channel },
        ...(accountId === undefined ? {} : { accountId }),
      })),
    );
  });
  return attempts.length;
}

function attemptsOf({ accountId, grantId, activatedAt, channel }: Activation, random: RandomSource): PastAttempt[] {
  const at = (minutes: number): Pick<PastAttempt, 'id' | 'channel' | 'createdAt' | 'expiresAt'> => {
    const createdAt = new Date(activatedAt.getTime() + Math.round(minutes * MINUTE_MS));
    return { id: newId(), channel, createdAt, expiresAt: new Date(createdAt.getTime() + LIFETIME_MS) };
  };
  const attempts: PastAttempt[] = [
    {
      ...at(-3 - 8 * random.fraction()),
      accountId,
      grantId,
      step: 'done',
      outcome: 'activated',
      finishedAt: activatedAt,
    },
  ];
  if (random.chance(0.3)) {
    const lost = random.pickWeighted(LOST);
    const hasGrant = lost.step === 'code' ? {} : { grantId };
    attempts.push({ ...at(-60 - 2_400 * random.fraction()), accountId, ...hasGrant, ...lost });
  }
  if (random.chance(0.07)) attempts.push({ ...at(-20 - 30 * random.fraction()), step: 'code' });
  if (random.chance(0.03)) {
    const again = at(120 + 3_000 * random.fraction());
    attempts.push({ ...again, accountId, step: 'code', outcome: 'already_active', finishedAt: again.createdAt });
  }
  return attempts;
}
