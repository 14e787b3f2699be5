import { findAccount } from '../accounts/account-store.ts';
import { codeEnd, enqueueCode } from '../accounts/code-message.ts';
import { insertCode } from '../accounts/one-time-code-store.ts';
import { findPerson, openCitizenId, openPhoneNumber } from '../accounts/person-store.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { translator } from '../i18n/translator.ts';
import type { Db } from '../platform/database.ts';
import type { ActivationDeps } from './activation-deps.ts';
import type { Attempt } from './attempt-store.ts';
import { codePolicy, pairFingerprint } from './limits.ts';

type SendDeps = Pick<ActivationDeps, 'vault' | 'outbox' | 'config' | 'fingerprintKey'>;

/** No row has this id: looking for it costs what looking for a real one does. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Makes the attempt's newest code and puts its message into the outbox. Without a phone a message of the same size is put there that nobody gets. */
export async function sendCode(
  tx: Db,
  deps: SendDeps,
  attempt: Pick<Attempt, 'id' | 'locale'> & { phone: PhoneNumber | undefined },
  now: Date,
): Promise<void> {
  const code = await insertCode(tx, codePolicy(deps), { purpose: 'activation', subject: attempt.id }, now);
  const minutes = codeMinutes(deps.config);
  const body = translator(attempt.locale)('sms.activation_code', { code, minutes });
  const until = codeEnd(deps.config, now);
  await enqueueCode(tx, deps.outbox, { to: attempt.phone, body, until });
}

/** Whole minutes, as the message and the page say them. */
export function codeMinutes(config: Pick<ActivationDeps['config'], 'codeLifetimeSeconds'>): number {
  return Math.max(1, Math.floor(config.codeLifetimeSeconds / 60));
}

/** The phone to which this attempt's codes go: the registered one, as long as it is the one that was typed. */
export async function phoneOfAttempt(
  db: Db,
  deps: SendDeps,
  attempt: Pick<Attempt, 'accountId' | 'pairFingerprint'>,
): Promise<PhoneNumber | undefined> {
  const account = await findAccount(db, attempt.accountId ?? NOBODY);
  const person = await findPerson(db, account?.personId ?? NOBODY);
  const phone = person && openPhoneNumber(deps.vault, person);
  if (person === undefined || phone === undefined) return undefined;
  const pair = pairFingerprint(deps.fingerprintKey, openCitizenId(deps.vault, person), phone);
  return pair === attempt.pairFingerprint ? phone : undefined;
}
