import { findAccountByPerson } from '../accounts/account-store.ts';
import { findPersonByCitizenId } from '../accounts/person-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { type ActivationChannel, isAssisted } from '../domain/activation.ts';
import type { ActivationObstacle } from '../domain/activation-verdict.ts';
import type { CitizenId } from '../domain/citizen-id.ts';
import { inTransaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { insertAssistance } from './assistance-store.ts';
import { judgeAccount } from './judge-account.ts';

export type AssistInput = {
  citizenId: CitizenId;
  channel: ActivationChannel;
  unitCode: string;
  /** Who helps: an officer's or a desk's id, never a citizen id. */
  helperId: string;
  reason: string;
  now: Date;
};

export type AssistOutcome =
  | { kind: 'opened'; assistanceId: string; accountId: string; expiresAt: Date }
  /** The helper has the citizen before him, so he is told why there is nothing to help with. */
  | { kind: ActivationObstacle }
  | { kind: 'unknown_person' | 'not_an_assisted_channel' };

const ASSISTANCE_MS = 60 * 60_000;

/** Opens help for a citizen whom the helper has identified: within the hour her next attempt that proves *her* phone is counted to the helper's channel
 *  and unit, and opens a late grant again. The helper gets no code, no secret and no link; the citizen starts at /activate herself. */
export async function startAssistedAttempt(
  deps: Pick<ActivationDeps, 'db' | 'vault' | 'log'>,
  input: AssistInput,
): Promise<AssistOutcome> {
  const { channel, unitCode, helperId, reason, now } = input;
  if (!isAssisted(channel)) return { kind: 'not_an_assisted_channel' };
  const person = await findPersonByCitizenId(deps.db, deps.vault, input.citizenId);
  const account = person && (await findAccountByPerson(deps.db, person.id));
  if (account === undefined) return { kind: 'unknown_person' };

  const outcome = await inTransaction(deps.db, async (tx): Promise<AssistOutcome> => {
    const judged = await judgeAccount(tx, account.id, { now, mayReopen: true });
    if (judged === undefined) return { kind: 'unknown_person' };
    const { verdict } = judged;
    if (verdict.kind !== 'activate' && verdict.kind !== 'set_credentials') return verdict;
    const expiresAt = new Date(now.getTime() + ASSISTANCE_MS);
    const id = newId();
    await insertAssistance(tx, {
      id,
      accountId: account.id,
      channel,
      unitCode,
      helperId,
      reason,
      openedAt: now,
      expiresAt,
    });
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'officer', id: helperId, unitCode },
      action: 'activation.assisted',
      accountId: account.id,
      reason,
      detail: { assistance: id, channel },
    });
    return { kind: 'opened', assistanceId: id, accountId: account.id, expiresAt };
  });
  deps.log.info({ accountId: account.id, channel, outcome: outcome.kind }, 'activation.assistance');
  return outcome;
}
