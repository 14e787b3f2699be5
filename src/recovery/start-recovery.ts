import { findAccountIdOfPair, pairFingerprint, type TypedPair } from '../accounts/phone-pair.ts';
import { appendAudit } from '../audit/audit-store.ts';
import type { RecoveryTarget } from '../domain/recovery.ts';
import { inTransaction } from '../platform/database.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { hashToken } from './attempt-session.ts';
import { takeCode, takeStart } from './limits.ts';
import { insertAttempt, type RecoveryAttempt } from './recovery-attempt-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';
import { sendCode } from './send-code.ts';

export type StartRecovery = TypedPair & {
  target: RecoveryTarget;
  locale: RecoveryAttempt['locale'];
  /** The address it came from; only its keyed fingerprint is kept. */
  address: string;
};

export type StartOutcome = { kind: 'started'; token: string } | { kind: 'blocked'; retryAfterSeconds: number };

/** Opens an attempt and sends its first code. A pair that does not exist opens one too, that only pretends: same answer, same writes, same limits. */
export async function startRecovery(deps: RecoveryDeps, input: StartRecovery): Promise<StartOutcome> {
  const { target, locale, phone } = input;
  const now = deps.clock();
  const pair = pairFingerprint(deps.fingerprintKey, 'recovery', input);
  const retryAfterSeconds = (await takeStart(deps, { pair, address: input.address })) || (await takeCode(deps, pair));
  if (retryAfterSeconds > 0) return { kind: 'blocked', retryAfterSeconds };

  const accountId = await findAccountIdOfPair(deps, input);
  const ofAccount = accountId === undefined ? {} : { accountId };
  const id = newId();
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + deps.config.attemptLifetimeSeconds * 1_000);
  await inTransaction(deps.db, async (tx) => {
    const phoneTail = phone.slice(-3);
    const tokenHash = hashToken(token);
    await insertAttempt(
      tx,
      { id, tokenHash, target, pairFingerprint: pair, phoneTail, locale, expiresAt, ...ofAccount },
      now,
    );
    await sendCode(tx, deps, { id, locale, phone: accountId === undefined ? undefined : phone }, now);
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'citizen' },
      action: 'recovery.started',
      detail: { attempt: id, target },
      ...ofAccount,
    });
  });
  deps.outbox.nudge();
  deps.log.info({ attemptId: id }, 'recovery.started');
  deps.countOutcome?.('recovery', 'started');
  return { kind: 'started', token };
}
