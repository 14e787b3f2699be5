import { appendAudit } from '../audit/audit-store.ts';
import { confirmByPasscode, type NotConfirmed } from './confirm-by-passcode.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';

/** `unknown`: over already, the present one (that is signing out), or not this account's. */
export type EndSessionsOutcome = { kind: 'ended' } | { kind: 'unknown' } | NotConfirmed;

/** Ends one other session, or `'others'`: all but the present one. Relying parties are told. What services may still read while she is away is
 *  ended at the connected services, not here. */
export async function endSessions(
  deps: MyAccountDeps,
  { session }: Holder,
  asked: { which: string; passcode: string },
): Promise<EndSessionsOutcome> {
  const { accountId, uid } = session;
  const others = (await deps.gateway.listSessions(accountId)).filter((one) => one.uid !== uid);
  const isAll = asked.which === 'others';
  const chosen = isAll ? others : others.filter((one) => one.uid === asked.which);
  if (chosen.length === 0) return { kind: 'unknown' };
  const notConfirmed = await confirmByPasscode(deps, accountId, asked.passcode);
  if (notConfirmed !== undefined) return notConfirmed;

  if (isAll) await deps.gateway.endAccess(accountId, { exceptSessionUid: uid, keepGrants: true });
  else if (!(await deps.gateway.endSession(accountId, asked.which))) return { kind: 'unknown' };
  await appendAudit(deps.db, {
    at: deps.clock(),
    actor: { kind: 'citizen', id: accountId },
    action: 'session.ended',
    accountId,
    detail: { sessions: chosen.length },
  });
  return { kind: 'ended' };
}

/** Ends the present session. */
export async function signOut(deps: MyAccountDeps, { session }: Pick<Holder, 'session'>): Promise<void> {
  const { accountId, uid } = session;
  await deps.gateway.endSession(accountId, uid);
  await appendAudit(deps.db, {
    at: deps.clock(),
    actor: { kind: 'citizen', id: accountId },
    action: 'session.ended',
    accountId,
    detail: { sessions: 1 },
  });
}
