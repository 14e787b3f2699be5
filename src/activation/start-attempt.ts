import { timingSafeEqual } from 'node:crypto';
import { findAccountByPerson } from '../accounts/account-store.ts';
import { findPersonByCitizenId, openPhoneNumber } from '../accounts/person-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import type { ActivationChannel } from '../domain/activation.ts';
import type { CitizenId } from '../domain/citizen-id.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { inTransaction } from '../platform/database.ts';
import { newId, newSecret } from '../platform/ids.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { hashToken } from './attempt-session.ts';
import { type Attempt, insertAttempt } from './attempt-store.ts';
import { pairFingerprint, takeStart } from './limits.ts';
import { NOBODY, sendCode } from './send-code.ts';

export type StartInput = {
  citizenId: CitizenId;
  phone: PhoneNumber;
  channel: Extract<ActivationChannel, 'self' | 'qr_guide'>;
  locale: Attempt['locale'];
  /** The address it came from; only its keyed fingerprint is kept. */
  address: string;
};

export type StartOutcome =
  | { kind: 'started'; token: string; lifetimeSeconds: number }
  | { kind: 'blocked'; retryAfterSeconds: number };

/** Opens an attempt and sends its first code. A pair that does not exist opens one too, that only pretends: same answer, same writes, same limits. */
export async function startAttempt(deps: ActivationDeps, input: StartInput): Promise<StartOutcome> {
  const { citizenId, phone, locale, channel } = input;
  const now = deps.clock();
  const pair = pairFingerprint(deps.fingerprintKey, citizenId, phone);
  const retryAfterSeconds = await takeStart(deps, { pair, address: input.address });
  if (retryAfterSeconds > 0) return { kind: 'blocked', retryAfterSeconds };

  const accountId = await findAccountIdOfPair(deps, citizenId, phone);
  const ofAccount = accountId === undefined ? {} : { accountId };
  const id = newId();
  const token = newSecret();
  const lifetimeSeconds = deps.config.attemptLifetimeSeconds;
  await inTransaction(deps.db, async (tx) => {
    await insertAttempt(tx, {
      id,
      tokenHash: hashToken(token),
      pairFingerprint: pair,
      phoneTail: phone.slice(-3),
      locale,
      channel,
      createdAt: now,
      expiresAt: new Date(now.getTime() + lifetimeSeconds * 1_000),
      ...ofAccount,
    });
    await sendCode(tx, deps, { id, locale, phone: accountId === undefined ? undefined : phone }, now);
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'citizen' },
      action: 'activation.started',
      detail: { attempt: id, channel },
      ...ofAccount,
    });
  });
  deps.outbox.nudge();
  deps.log.info({ attemptId: id }, 'activation.started');
  deps.countOutcome?.('activation', 'started');
  return { kind: 'started', token, lifetimeSeconds };
}

async function findAccountIdOfPair(
  deps: ActivationDeps,
  citizenId: CitizenId,
  phone: PhoneNumber,
): Promise<string | undefined> {
  const person = await findPersonByCitizenId(deps.db, deps.vault, citizenId);
  const account = await findAccountByPerson(deps.db, person?.id ?? NOBODY);
  const registered = (person && openPhoneNumber(deps.vault, person)) ?? 'no phone no.';
  const isSame = timingSafeEqual(Buffer.from(registered.padEnd(12)), Buffer.from(phone.padEnd(12)));
  return isSame ? account?.id : undefined;
}
