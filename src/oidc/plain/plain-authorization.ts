import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import type { AdapterPayload, Client, Provider } from 'oidc-provider';
import { isSignInOver } from '../../domain/account.ts';
import { acrToIssue } from '../../domain/assurance.ts';
import { SCOPES } from '../../domain/claims.ts';
import { epochSeconds } from '../../platform/clock.ts';
import { newSecret } from '../../platform/ids.ts';
import { cookieSigner } from '../../web/cookie-signer.ts';
import { findClientGrant } from '../client-grant-store.ts';
import { isEligible } from '../eligibility.ts';
import { findStanding } from '../find-account.ts';
import { isResourceScope } from '../interaction-policy.ts';
import { mustRegistrationOf } from '../provider-clients.ts';
import { CODE_SECONDS, sessionCookieName } from '../provider-configuration.ts';
import { mandatoryAuthLevel } from '../requested-acr.ts';
import { authLevelOfAmr } from '../session-strength.ts';
import { encounteredScopes, grantedScopes } from './live-artifacts.ts';
import type { PlainParts } from './plain-parts.ts';
import { type PlainForm, plainFields } from './plain-request.ts';

const FIELDS: ReadonlySet<string> = new Set([
  'client_id',
  'response_type',
  'scope',
  'redirect_uri',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'ui_locales',
]);
/** RFC 7636, 4.2. */
const CHALLENGE = /^[\w.~-]{43,128}$/;

/** Someone who is signed in comes from a service that she has agreed to before: she goes back with a code, and sees no page.
 *  @returns where to; undefined when the library has to look at it. @see node_modules/oidc-provider/lib/actions/authorization/index.js */
export function plainAuthorization(parts: PlainParts) {
  const { live, db, clock, config } = parts;
  const signer = cookieSigner(config.secrets.cookieKeys);
  const cookieName = sessionCookieName(config.isSecure);

  const sessionOf = async ({ headers: { cookie = '' } }: IncomingMessage): Promise<AdapterPayload | undefined> => {
    const id = cookieIn(cookie, cookieName);
    const signature = cookieIn(cookie, `${cookieName}.sig`);
    // By the newest key: with an older one the cookie is signed anew.
    if (id === undefined || signature === undefined || signer.index(`${cookieName}=${id}`, signature) !== 0)
      return undefined;
    const session = await live.session(id);
    // From a time when sessions were longer: the library shortens it. The second may have gone by while it was made.
    const until = (session?.loginTs ?? 0) + config.sessionSeconds + 1;
    return (session?.exp ?? 0) > until ? undefined : session;
  };

  const grantFor = async (session: AdapterPayload, client: Client): Promise<AdapterPayload | undefined> => {
    const { accountId = '' } = session;
    const { clientId } = client;
    const grantId = session.authorizations?.[clientId]?.grantId ?? (await findClientGrant(db, accountId, clientId));
    const grant = grantId === undefined ? undefined : await live.grantOf({ grantId, clientId, accountId });
    // Sooner than that it is renewed.
    const isFresh = (grant?.exp ?? 0) - epochSeconds(clock) >= parts.refreshTokenSeconds;
    return isFresh ? grant : undefined;
  };

  /** Whether her sign-in and her account are enough for this service. */
  const isLetIn = async (session: AdapterPayload, client: Client): Promise<boolean> => {
    const { leastAuthLevel, leastAccountLevel } = mustRegistrationOf(client);
    const wanted = mandatoryAuthLevel({ essential: [], all: [] }, leastAuthLevel);
    if (wanted.kind !== 'level' || authLevelOfAmr(session.amr) < wanted.level) return false;
    const standing = await findStanding(db, session.accountId ?? '');
    const signIn = { at: new Date((session.loginTs ?? 0) * 1000), sessionUid: session.uid ?? '' };
    if (standing === undefined || isSignInOver(standing.account.accessEnd, signIn)) return false;
    return isEligible(parts, standing, leastAccountLevel);
  };

  const issue = async (wish: Wish, { session, client, grant, granted }: Agreed, issuer: string): Promise<string> => {
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
    });
    const now = epochSeconds(clock);
    const [id] = await Promise.all([
      live.save('AuthorizationCode', { ...code, iat: now, exp: now + CODE_SECONDS }),
      isKnown ? undefined : live.saveSession({ ...session, authorizations }),
      parts.countUse(client, accountId),
    ]);
    return addressOf(wish.redirect_uri, { code: id, state: wish['state'], iss: issuer });
  };

  const agree = async (request: IncomingMessage, provider: Provider, wish: Wish): Promise<Agreed | undefined> => {
    const [session, client] = await Promise.all([sessionOf(request), provider.Client.find(wish.client_id)]);
    if (session === undefined || client === undefined || !mayWish(client, wish)) return undefined;
    const [grant, isIn] = await Promise.all([grantFor(session, client), isLetIn(session, client)]);
    if (grant === undefined || !isIn) return undefined;
    const wanted = new Set(wish.scope.split(' '));
    const granted = grantedScopes(grant, wanted);
    // What she refused once is not asked again.
    const isAnswered = wanted.isSubsetOf(encounteredScopes(grant));
    return isAnswered && granted.includes('openid') ? { session, client, grant, granted } : undefined;
  };

  return async (request: IncomingMessage, provider: Provider): Promise<string | undefined> => {
    const wish = wishIn(request.url ?? '');
    const agreed = wish && (await agree(request, provider, wish));
    return wish && agreed && issue(wish, agreed, provider.issuer);
  };
}

type Agreed = { session: AdapterPayload; client: Client; grant: AdapterPayload; granted: readonly string[] };

type Wish = PlainForm & {
  client_id: string;
  scope: string;
  redirect_uri: string;
  code_challenge: string;
};

/** In ASCII, and without a fragment, which the library leaves out. */
const ADDRESS = /^[!-"$-~]+$/;

function wishIn(url: string): Wish | undefined {
  if (!ADDRESS.test(url)) return undefined;
  const fields = plainFields(parse(url.slice(url.indexOf('?') + 1)));
  const { client_id, scope, redirect_uri, code_challenge = '', code_challenge_method, response_type } = fields ?? {};
  if (client_id === undefined || scope === undefined || redirect_uri === undefined) return undefined;
  const isPlain = response_type === 'code' && code_challenge_method === 'S256' && CHALLENGE.test(code_challenge);
  const isKnown = Object.keys(fields ?? {}).every((name) => FIELDS.has(name));
  return isPlain && isKnown ? { ...fields, client_id, scope, redirect_uri, code_challenge } : undefined;
}

/** Without anything that this client has set for all of its requests. */
function mayWish(client: Client, { scope, redirect_uri: redirectUri }: Wish): boolean {
  const allowed = new Set(client.scope?.split(' '));
  return (
    // A native app's user is asked each time, our own pages ask nobody.
    client.applicationType !== 'native' &&
    mustRegistrationOf(client).origin !== 'own' &&
    !hasDefaults(client) &&
    client.responseTypeAllowed('code') &&
    client.responseModeAllowed('query', 'code', undefined) &&
    client.redirectUriAllowed(redirectUri) &&
    scope.split(' ').every((one) => PLAIN_SCOPES.has(one) && allowed.has(one))
  );
}

function hasDefaults(client: Client): boolean {
  const { defaultAcrValues, defaultMaxAge, requireAuthTime } = client;
  const { requirePushedAuthorizationRequests, requireSignedRequestObject } = client;
  const isStrict = [requireAuthTime, requirePushedAuthorizationRequests, requireSignedRequestObject].includes(true);
  return isStrict || defaultAcrValues !== undefined || defaultMaxAge !== undefined;
}

/** A resource's scope brings its resource with it, and that of offline access belongs to a question that is asked each time. */
const PLAIN_SCOPES: ReadonlySet<string> = new Set(
  Object.keys(SCOPES).filter((scope) => !isResourceScope(scope) && scope !== 'offline_access'),
);

/** @see node_modules/oidc-provider/lib/helpers/process_response_types.js `codeHandler` */
function codeOf(
  wish: Wish,
  { accountId, amr, loginTs, uid }: AdapterPayload,
  of: { clientId: string; grantId: string | undefined; scope: string; sid: string | undefined },
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

function addressOf(redirectUri: string, answer: Record<string, string | undefined>): string {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) target.searchParams.set(name, value);
  return target.href;
}

/** Undefined also when a name is there twice. Taken apart as the library does it. @see node_modules/cookies/index.js `getPattern` */
function cookieIn(header: string, name: string): string | undefined {
  const found = header.split(/; */).filter((one) => one.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}
