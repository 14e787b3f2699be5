import type { Client, Provider } from 'oidc-provider';
import { changeAccessEnd } from '../accounts/account-store.ts';
import type { SessionSummary } from './adapters/protocol-store.ts';
import { deleteClientGrants, listClientsOfGrants } from './client-grant-store.ts';
import type { OidcDeps } from './oidc-deps.ts';

type Deps = Pick<OidcDeps, 'db' | 'clock' | 'outbox' | 'protocolStore' | 'log'>;

/** A logout to be told to a relying party. The token is signed when it is sent: it lives two minutes. */
export type LogoutNotice = { clientId: string; accountId: string; sid?: string | undefined };

export type EndingAccess = {
  endSession(accountId: string, sessionUid: string): Promise<boolean>;
  endAccess(accountId: string, options?: { exceptSessionUid?: string; keepGrants?: boolean }): Promise<void>;
  endGrant(accountId: string, clientId: string): Promise<void>;
  notify(notices: readonly LogoutNotice[]): Promise<void>;
};

/** Logouts are put down before anything ends: a crash between the two tells a relying party twice, never not at all. */
export function createEndingAccess(deps: Deps, currentProvider: () => Provider): EndingAccess {
  const { protocolStore } = deps;

  const notify = async (notices: readonly LogoutNotice[]): Promise<void> => {
    for (const notice of notices) {
      const client = await currentProvider().Client.find(notice.clientId);
      if (client?.backchannelLogoutUri === undefined) continue;
      const { clientId, accountId, sid } = notice;
      const payload = { clientId, accountId, ...(sid === undefined ? {} : { sid }) };
      await deps.outbox.enqueue(deps.db, { kind: 'backchannel_logout', payload });
    }
    if (notices.length > 0) deps.outbox.nudge();
  };

  const endOne = async (session: SessionSummary): Promise<void> => {
    await notify(noticesOf(session));
    await protocolStore.destroySession(session.uid);
    deps.log.info({ accountId: session.accountId, sessionUid: session.uid }, 'session.ended');
  };

  return {
    notify,
    async endSession(accountId, sessionUid) {
      const session = (await protocolStore.listSessions(accountId)).find(({ uid }) => uid === sessionUid);
      if (session === undefined) return false;
      await endOne(session);
      return true;
    },
    async endAccess(accountId, { exceptSessionUid, keepGrants = false } = {}) {
      // First, for sign-ins that were proved and are no session yet: there is nothing of them to find below.
      await changeAccessEnd(deps.db, accountId, {
        at: deps.clock(),
        ...(exceptSessionUid === undefined ? {} : { keptSessionUid: exceptSessionUid }),
      });
      const sessions = (await protocolStore.listSessions(accountId)).filter(({ uid }) => uid !== exceptSessionUid);
      if (!keepGrants) {
        const told = new Set(sessions.flatMap((session) => session.clients.map(({ clientId }) => clientId)));
        const offline = (await listClientsOfGrants(deps.db, accountId)).filter((clientId) => !told.has(clientId));
        await notify(offline.map((clientId) => ({ clientId, accountId })));
      }
      for (const session of sessions) await endOne(session);
      if (keepGrants) return;
      await protocolStore.revokeGrants(accountId);
      await deleteClientGrants(deps.db, accountId);
    },
    async endGrant(accountId, clientId) {
      const sessions = await protocolStore.listSessions(accountId);
      const sids = sessions.flatMap((session) => session.clients.filter((one) => one.clientId === clientId));
      await notify(
        sids.length === 0 ? [{ clientId, accountId }] : sids.map(({ sid }) => ({ clientId, accountId, sid })),
      );
      await protocolStore.revokeGrants(accountId, clientId);
      await deleteClientGrants(deps.db, accountId, clientId);
    },
  };
}

function noticesOf(session: SessionSummary): LogoutNotice[] {
  return session.clients.map(({ clientId, sid }) => ({ clientId, accountId: session.accountId, sid }));
}

/** The library's own way to sign and send a logout token, called on the client. */
export type SendLogout = (client: Client, accountId: string, sid: string | undefined) => Promise<void>;

/** Tells one relying party. @throws when it cannot be reached or does not take it: it is tried again.
 *  @see https://openid.net/specs/openid-connect-backchannel-1_0.html */
export async function tellLogout(
  provider: Provider,
  send: SendLogout,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { clientId, accountId, sid } = payload as LogoutNotice;
  const client = await provider.Client.find(clientId);
  // Disabled or gone, or it no longer listens: nobody is left to tell.
  if (client?.backchannelLogoutUri === undefined) return;
  await send(client, accountId, sid);
}
