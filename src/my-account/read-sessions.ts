import { listSignIns, type SignInRecord } from '../accounts/sign-in-history-store.ts';
import type { CitizenSession, SessionSummary } from '../oidc/gateway.ts';
import type { MyAccountDeps, Service } from './my-account-deps.ts';

export type ShownSession = SessionSummary & {
  isCurrent: boolean;
  /** `Chrome (Android)`; undefined when no sign-in is on record for it. */
  deviceLabel?: string;
  services: (Service['name'] & { clientId: string })[];
};

/** How far the record of a sign-in and its session may lie apart: both are written in one request, and a session counts in seconds. */
const SAME_SIGN_IN_MS = 2_000;
const RECENT_SIGN_INS = 200;

/** Newest sign-in first. */
export async function readSessions(deps: MyAccountDeps, current: CitizenSession): Promise<ShownSession[]> {
  const sessions = await deps.gateway.listSessions(current.accountId);
  const signIns = (await listSignIns(deps.db, current.accountId, { limit: RECENT_SIGN_INS })).filter(
    (one) => one.outcome === 'signed_in',
  );
  const shown = sessions.map(async (session): Promise<ShownSession> => {
    const deviceLabel = deviceLabelOf(session, signIns);
    return {
      ...session,
      isCurrent: session.uid === current.uid,
      services: await namesOf(deps, session.clientIds),
      ...(deviceLabel === undefined ? {} : { deviceLabel }),
    };
  });
  return (await Promise.all(shown)).toSorted((a, b) => b.signedInAt.getTime() - a.signedInAt.getTime());
}

/** By the sign-in that names the session, else by those of the same moment to one of its services, if they agree. */
function deviceLabelOf(session: SessionSummary, signIns: readonly SignInRecord[]): string | undefined {
  const byUid = signIns.find((one) => one.sessionUid === session.uid);
  if (byUid !== undefined) return byUid.deviceLabel;
  const near = signIns.filter(
    (one) =>
      one.sessionUid === undefined &&
      (one.clientId === undefined || session.clientIds.includes(one.clientId)) &&
      Math.abs(one.occurredAt.getTime() - session.signedInAt.getTime()) < SAME_SIGN_IN_MS,
  );
  const labels = new Set(near.map((one) => one.deviceLabel));
  return labels.size === 1 ? near[0]?.deviceLabel : undefined;
}

async function namesOf(deps: MyAccountDeps, clientIds: readonly string[]): Promise<ShownSession['services']> {
  const foreign = [...new Set(clientIds)].filter((clientId) => clientId !== deps.ownClientId);
  const found = await Promise.all(
    foreign.map(async (clientId) => {
      const service = await deps.findService(clientId);
      return service === undefined ? [] : [{ ...service.name, clientId }];
    }),
  );
  return found.flat();
}
