import { LRUCache } from 'lru-cache';
import type { AdapterPayload, Client } from 'oidc-provider';
import { isSignInOver } from '../../domain/account.ts';
import { acrToIssue } from '../../domain/assurance.ts';
import { epochSeconds } from '../../platform/clock.ts';
import { newSecret } from '../../platform/ids.ts';
import { clientGrantIdSql, findClientGrant } from '../client-grant-store.ts';
import { isEligible } from '../eligibility.ts';
import { STANDING, standingIn } from '../find-account.ts';
import { mustRegistrationOf } from '../provider-clients.ts';
import { CODE_SECONDS } from '../provider-configuration.ts';
import { mandatoryAuthLevel } from '../requested-acr.ts';
import { authLevelOfAmr } from '../session-strength.ts';
import { encounteredScopes, grantedScopes, type HeldSession, type Kept } from './live-artifacts.ts';
import type { PlainParts } from './plain-parts.ts';
import { mayWish, type Wish } from './plain-wish.ts';

/** Everything that a code presupposes. */
export type Agreed = {
  wish: Wish;
  session: AdapterPayload;
  client: Client;
  grant: AdapterPayload;
  granted: readonly string[];
};

export type PlainCodes = {
  /** Whether who is signed in in `session` may go back to the service with what it wishes. @returns undefined when the library has to look at it. */
  agree(signedIn: HeldSession, client: Client | undefined, wish: Wish): Promise<Agreed | undefined>;
  /** Saves a code, the session where the service is new in it, and what goes `along`. @returns the address to go back to. */
  issue(agreed: Agreed, issuer: string, along?: readonly Kept[]): Promise<string>;
};

/** @see node_modules/oidc-provider/lib/actions/authorization/index.js */
export function plainCodes(parts: PlainParts): PlainCodes {
  const { live, db, clock } = parts;

  const heldFor = async ({ session, held }: HeldSession, { clientId }: Client): Promise<typeof held> => {
    if (held !== undefined) return held;
    const { accountId = '' } = session;
    const known = session.authorizations?.[clientId]?.grantId;
    const ofClient =
      known === undefined ? await live.clientGrant({ accountId, clientId }, clientGrantIdSql, STANDING) : undefined;
    if (ofClient !== undefined) return ofClient;
    const grantId = known ?? (await findClientGrant(db, accountId, clientId));
    return grantId === undefined ? undefined : live.grant({ grantId, clientId, accountId }, STANDING);
  };

  /** Sooner than that it is renewed. */
  const isFresh = ({ exp = 0 }: AdapterPayload): boolean => exp - epochSeconds(clock) >= parts.refreshTokenSeconds;

  /** Whether her sign-in and her account are enough for this service. */
  const isLetIn = async (session: AdapterPayload, client: Client, about: unknown): Promise<boolean> => {
    const { leastAuthLevel, leastAccountLevel } = mustRegistrationOf(client);
    const wanted = mandatoryAuthLevel({ essential: [], all: [] }, leastAuthLevel);
    if (wanted.kind !== 'level' || authLevelOfAmr(session.amr) < wanted.level) return false;
    const standing = await standingIn(db, session.accountId ?? '', about);
    const signIn = { at: new Date((session.loginTs ?? 0) * 1000), sessionUid: session.uid ?? '' };
    if (standing === undefined || isSignInOver(standing.account.accessEnd, signIn)) return false;
    return isEligible(parts, standing, leastAccountLevel);
  };

  return {
    async agree(signedIn, client, wish) {
      if (client === undefined || !mayWish(client, wish)) return undefined;
      const { session } = signedIn;
      const { grant, about } = (await heldFor(signedIn, client)) ?? {};
      if (grant === undefined || !isFresh(grant) || !(await isLetIn(session, client, about))) return undefined;
      const wanted = new Set(wish.scope.split(' '));
      const granted = grantedScopes(grant, wanted);
      // What she refused once is not asked again.
      const isAnswered = wanted.isSubsetOf(encounteredScopes(grant));
      return isAnswered && granted.includes('openid') ? { wish, session, client, grant, granted } : undefined;
    },

    async issue({ wish, session, client, grant, granted }, issuer, along = []) {
      const { accountId = '' } = session;
      const known = session.authorizations?.[client.clientId];
      const authorization = { ...known, sid: known?.sid ?? newSecret(), grantId: grant.jti, persistsLogout: true };
      const isKnown = known?.sid !== undefined && known.grantId === grant.jti && known.persistsLogout === true;
      const authorizations = { ...session.authorizations, [client.clientId]: authorization };
      const code = codeOf(wish, session, {
        clientId: client.clientId,
        grantId: grant.jti,
        scope: granted.join(' '),
        sid: client.includeSid() ? authorization.sid : undefined,
        sessionHandle: live.handleOf(session),
      });
      const now = epochSeconds(clock);
      const kept: Kept[] = [
        { model: 'AuthorizationCode', payload: { ...code, iat: now, exp: now + CODE_SECONDS } },
        ...(isKnown ? [] : [{ model: 'Session', payload: { ...session, authorizations } } as const]),
        ...along,
      ];
      const [[id]] = await Promise.all([live.saveAll(kept), parts.countUse(client, accountId)]);
      return addressOf(wish.redirect_uri, { code: id, state: wish['state'], iss: issuer });
    },
  };
}

/** @see node_modules/oidc-provider/lib/helpers/process_response_types.js `codeHandler` */
function codeOf(
  wish: Wish,
  { accountId, amr, loginTs, uid }: AdapterPayload,
  of: { clientId: string; grantId: string | undefined; scope: string } & Record<
    'sid' | 'sessionHandle',
    string | undefined
  >,
): AdapterPayload {
  const verified = authLevelOfAmr(amr);
  return {
    ...of,
    accountId,
    acr: verified === 0 ? undefined : acrToIssue({ requested: [], verified }),
    amr,
    authTime: loginTs,
    codeChallenge: wish.code_challenge,
    codeChallengeMethod: 'S256',
    nonce: wish['nonce'],
    redirectUri: wish.redirect_uri,
    sessionUid: uid,
    expiresWithSession: true,
  };
}

/** Addresses of services as `URL` writes them: to take one apart costs as much as a look-up. */
const written = new LRUCache<string, string>({ max: 1_000 });

function addressOf(redirectUri: string, answer: Record<string, string | undefined>): string {
  const known = written.get(redirectUri) ?? new URL(redirectUri).href;
  written.set(redirectUri, known);
  const told = Object.entries(answer).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (!known.includes('?')) return `${known}?${new URLSearchParams(told).toString()}`;
  const target = new URL(known);
  for (const [name, value] of told) target.searchParams.set(name, value);
  return target.href;
}
