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
const SAME_SIGN_IN_MS = 5_000;
const RECENT_SIGN_INS = 200;

/** Newest sign-in first. */
export async function readSessions(deps: MyAccountDeps, current: CitizenSession): Promise<ShownSession[]> {
  const sessions = await deps.gateway.listSessions(current.accountId);
  const signIns = (await listSignIns(deps.db, current.accountId, { limit: RECENT_SIGN_INS })).filter(
    (one) => one.outcome === 'signed_in',
  );
  const shown = sessions.map(async (session): Promise<ShownSession> => {
    const deviceLabel = signInOf(session, signIns)?.deviceLabel;
    return {
      ...session,
      isCurrent: session.uid === current.uid,
      services: await namesOf(deps, session.clientIds),
      ...(deviceLabel === undefined ? {} : { deviceLabel }),
    };
  });
  return (await Promise.all(shown)).toSorted((a, b) => b.signedInAt.getTime() - a.signedInAt.getTime());
}

/** The sign-in that made a session: by the session it names, else the one of the same moment, if there is only one. */
function signInOf(session: SessionSummary, signIns: readonly SignInRecord[]): SignInRecord | undefined {
  const byUid = signIns.find((one) => one.sessionUid === session.uid);
  if (byUid !== undefined) return byUid;
  const near = signIns.filter(
    (one) =>
      one.sessionUid === undefined &&
      Math.abs(one.occurredAt.getTime() - session.signedInAt.getTime()) < SAME_SIGN_IN_MS,
  );
  return near.length === 1 ? near[0] : undefined;
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
