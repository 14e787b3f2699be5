import { errors, type Grant, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import type { AuthFactor, AuthLevel } from '../domain/assurance.ts';
import { ACCESS_DENIED_TEXT } from '../domain/refusal.ts';
import { newSecret } from '../platform/ids.ts';
import { isEligibleAccount, neededAccountLevel } from './eligibility.ts';
import type { EndingAccess } from './ending-access.ts';
import { findGrant, grantConsent } from './grants.ts';
import { authLevelsOf, isTooOld, requestedClaims, requestedScopes } from './interaction-policy.ts';
import type { OidcDeps, PersonaDeps } from './oidc-deps.ts';
import { resourceOfScope } from './resources.ts';
import { authLevelOfAmr, loginOf } from './session-strength.ts';

const HINT = /^persona:([a-z0-9-]{1,64})$/;

type Deps = Pick<OidcDeps, 'db' | 'clock'> & {
  personas: PersonaDeps;
  provider: () => Provider;
  ending: EndingAccess;
};

/** The sandbox's sign-in without a page: `login_hint=persona:<key>` signs that persona in at the strength the request needs, and consents.
 *  Runs where oidc-provider validates parameters, so everything about the request is checked already (also one pushed before) and an error
 *  goes to the relying party like any other. prompt=none keeps its meaning: it asks about a session that is there.
 *  @see node_modules/oidc-provider/lib/actions/authorization/index.js `checkExtraParams` */
export function silentSignIn(deps: Deps): (ctx: KoaContextWithOIDC, hint: string | undefined) => Promise<void> {
  return async (ctx, hint) => {
    const key = HINT.exec(hint ?? '')?.[1];
    if (key === undefined || ctx.oidc.route !== 'authorization' || ctx.oidc.prompts.has('none')) return;
    const accountId = await deps.personas.accountOf(key);
    if (accountId === undefined) throw new errors.InvalidRequest('there is no such persona: see /sandbox/personas');
    const { wanted } = authLevelsOf(ctx);
    if (wanted === 'cannot_be_met')
      throw new errors.UnmetAuthenticationRequirements('the requested authentication strength is not offered');
    if (!(await isEligibleAccount(deps, accountId, neededAccountLevel(ctx))))
      throw new errors.AccessDenied(ACCESS_DENIED_TEXT);

    const isFresh = await signIn(deps, ctx, { accountId, factors: await factorsFor(deps, accountId, wanted) });
    const grantId = await consent(deps, ctx, accountId);
    Object.assign(ctx.oidc, { result: { consent: { grantId }, ...(isFresh ? { login: { accountId } } : {}) } });
  };
}

/** What the persona would have proved on the pages. */
async function factorsFor({ personas }: Deps, accountId: string, wanted: AuthLevel): Promise<AuthFactor[]> {
  return wanted === 1 ? ['pwd'] : ['pwd', await personas.secondFactorOf(accountId)];
}

/** @returns false when the session that is there does. */
async function signIn(
  deps: Deps,
  ctx: KoaContextWithOIDC,
  { accountId, factors }: { accountId: string; factors: AuthFactor[] },
): Promise<boolean> {
  const { session, prompts } = ctx.oidc;
  if (session === undefined) throw new Error('an authorization request without a session');
  const isHers = session.accountId === accountId;
  const isStrong = authLevelOfAmr(session.amr) >= factors.length;
  if (isHers && isStrong && !prompts.has('login') && !isTooOld(ctx)) return false;

  if (session.accountId !== undefined && !isHers) {
    await deps.ending.endSession(session.accountId, session.uid);
    Object.assign(session, { uid: newSecret(16), authorizations: undefined });
  }
  const signedInAt = deps.clock();
  session.loginAccount({ ...loginOf({ accountId, factors, signedInAt }), transient: true });
  if (!('new' in session)) session.resetIdentifier();
  const clientId = ctx.oidc.client?.clientId ?? '';
  await deps.personas.recordSignIn({ accountId, clientId, factors, sessionUid: session.uid, at: signedInAt });
  return true;
}

/** Consents to what was not answered yet; a repeated request leaves nothing behind. */
async function consent(deps: Deps, ctx: KoaContextWithOIDC, accountId: string): Promise<string> {
  const provider = deps.provider();
  const holder = { accountId, clientId: ctx.oidc.client?.clientId ?? '' };
  const grant = await findGrant(deps, provider, holder);
  const asked = { scopes: requestedScopes(ctx), claims: requestedClaims(ctx) };
  if (grant?.jti !== undefined && isCovered(grant, asked)) return grant.jti;
  const grantId = await grantConsent(deps, provider, holder, { ...asked, refusedScopes: [], refusedClaims: [] });
  await deps.personas.recordConsent({ ...holder, ...asked, grantId });
  return grantId;
}

function isCovered(grant: Grant, { scopes, claims }: { scopes: string[]; claims: string[] }): boolean {
  const allowed = new Set(grant.getOIDCScope().split(' '));
  const isAllowed = (scope: string): boolean => {
    const indicator = resourceOfScope(scope);
    return indicator === undefined ? allowed.has(scope) : grant.getResourceScope(indicator) === scope;
  };
  return scopes.every(isAllowed) && claims.every((claim) => grant.getOIDCClaims().includes(claim));
}
