import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { isSignInOver } from '../domain/account.ts';
import type { AuthLevel } from '../domain/assurance.ts';
import { ACCESS_DENIED_TEXT } from '../domain/refusal.ts';
import { isPersonalClaim } from './claims-parameter.ts';
import { isEligible, neededAccountLevel } from './eligibility.ts';
import type { OidcAccount } from './find-account.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { mustRegistrationOf, registrationOf } from './provider-clients.ts';
import { mandatoryAuthLevel, requestedAcr, wantedAuthLevel } from './requested-acr.ts';
import { RESOURCE_SCOPES } from './resources.ts';
import { authLevelOfAmr } from './session-strength.ts';

const { Check, Prompt } = interactionPolicy;

type SubjectOf = (ctx: KoaContextWithOIDC, accountId: string) => Promise<string>;
type Policy = interactionPolicy.DefaultPolicy;

/** What must hold before an authorization request is answered, in order: a sign-in that is strong and fresh enough, an account that may use
 *  the service, consent to what is asked. The first prompt with a failed check is shown; with prompt=none its first failed check is the error. */
export function createInteractionPolicy(deps: Pick<OidcDeps, 'db' | 'clock'>, subjectOf: SubjectOf): Policy {
  const policy = interactionPolicy.base();
  const nativeApps = policy.get('consent')?.checks.get('native_client_prompt');
  policy.clear();
  policy.add(loginPrompt(subjectOf));
  policy.add(eligibilityPrompt(deps));
  policy.add(consentPrompt(nativeApps));
  return policy;
}

export type MissingLevel = { mandatory: AuthLevel | 'cannot_be_met'; wanted: AuthLevel | 'cannot_be_met' };

/** The strengths that a request needs and hopes for. */
export function authLevelsOf(ctx: KoaContextWithOIDC): MissingLevel {
  const acr = requestedAcr(ctx.oidc.params ?? {});
  const mandatory = mandatoryAuthLevel(acr, mustRegistrationOf(ctx.oidc.client).leastAuthLevel);
  if (mandatory.kind === 'cannot_be_met') return { mandatory: 'cannot_be_met', wanted: 'cannot_be_met' };
  return { mandatory: mandatory.level, wanted: wantedAuthLevel(acr, mandatory.level) };
}

/** Whether the session was signed in longer ago than the request's max_age allows. */
export function isTooOld(ctx: KoaContextWithOIDC): boolean {
  const maxAge = ctx.oidc.params?.['max_age'];
  return maxAge !== undefined && (ctx.oidc.session?.past(Number(maxAge)) ?? true);
}

function loginPrompt(subjectOf: SubjectOf): interactionPolicy.Prompt {
  const prompt = new Prompt(
    { name: 'login', requestable: true },
    new Check(
      'acr_cannot_be_met',
      'the requested authentication strength is not offered',
      'unmet_authentication_requirements',
      (ctx) => authLevelsOf(ctx).mandatory === 'cannot_be_met',
    ),
    new Check('no_session', 'End-User authentication is required', 'login_required', isSignedOut),
    new Check(
      'login_requested',
      'login prompt was not resolved',
      'login_required',
      ({ oidc }) => oidc.prompts.has('login') && oidc.result?.login === undefined,
    ),
    new Check(
      'max_age',
      'End-User authentication is too old',
      'login_required',
      (ctx) => isTooOld(ctx) && ctx.oidc.result?.login === undefined,
    ),
    new Check(
      'other_person',
      'the requested subject is not signed in',
      'login_required',
      async (ctx) => !isSignedOut(ctx) && (await isOtherPerson(ctx, subjectOf)),
    ),
    new Check(
      'essential_acr',
      'the essential authentication strength is not met by the session',
      'unmet_authentication_requirements',
      (ctx) => hasEssentialAcr(ctx) && isWeakerThan(ctx, authLevelsOf(ctx).mandatory),
    ),
    new Check('client_auth_level', 'the service needs a stronger sign-in', 'login_required', (ctx) =>
      isWeakerThan(ctx, authLevelsOf(ctx).mandatory),
    ),
    new Check(
      'voluntary_acr',
      'a stronger sign-in is asked for',
      'login_required',
      // Voluntary: worth a question, never an error, and asked once.
      (ctx) =>
        !ctx.oidc.prompts.has('none') &&
        ctx.oidc.result?.login === undefined &&
        isWeakerThan(ctx, authLevelsOf(ctx).wanted),
    ),
  );
  // The library's own check of a requestable prompt looks at the answer only when the request is resumed, and the silent sign-in answers at once.
  prompt.checks.remove('login_prompt');
  return prompt;
}

/** Also when the session was made of a sign-in that has ended since: a proved password is no way around a changed one. */
function isSignedOut({ oidc }: KoaContextWithOIDC): boolean {
  const { session } = oidc;
  if (session?.accountId === undefined) return true;
  const { standing } = (oidc.account ?? {}) as Partial<OidcAccount>;
  const at = new Date((session.loginTs ?? 0) * 1000);
  return isSignInOver(standing?.account.accessEnd, { at, sessionUid: session.uid });
}

function hasEssentialAcr(ctx: KoaContextWithOIDC): boolean {
  return requestedAcr(ctx.oidc.params ?? {}).essential.length > 0;
}

/** False without a session: that is another check. */
function isWeakerThan(ctx: KoaContextWithOIDC, level: AuthLevel | 'cannot_be_met'): boolean {
  if (isSignedOut(ctx) || level === 'cannot_be_met') return false;
  return authLevelOfAmr(ctx.oidc.session?.amr) < level;
}

/** Whether `id_token_hint` or a requested `sub` names someone else than who is signed in. */
async function isOtherPerson(ctx: KoaContextWithOIDC, subjectOf: SubjectOf): Promise<boolean> {
  const { oidc } = ctx;
  const hinted = oidc.entities.IdTokenHint?.payload['sub'];
  const claimed = oidc.claims.id_token?.['sub']?.value;
  if (hinted === undefined && claimed === undefined) return false;
  const subject = await subjectOf(ctx, oidc.session?.accountId ?? '');
  return [hinted, claimed].some((named) => named !== undefined && named !== subject);
}

function eligibilityPrompt(deps: Pick<OidcDeps, 'db' | 'clock'>): interactionPolicy.Prompt {
  return new Prompt(
    { name: 'eligibility' },
    new Check('account_unusable', ACCESS_DENIED_TEXT, 'access_denied', async (ctx) => {
      const account = ctx.oidc.account as OidcAccount | undefined;
      return !(await isEligible(deps, account?.standing, neededAccountLevel(ctx)));
    }),
  );
}

function consentPrompt(nativeApps: interactionPolicy.Check | undefined): interactionPolicy.Prompt {
  const prompt = new Prompt(
    { name: 'consent', requestable: true },
    new Check(
      'consent_requested',
      'consent prompt was not resolved',
      'consent_required',
      ({ oidc }) => oidc.prompts.has('consent') && oidc.result?.consent === undefined,
    ),
    ...(nativeApps === undefined ? [] : [nativeApps]),
    new Check(
      'scopes_missing',
      'requested scopes not granted',
      'consent_required',
      (ctx) => missingScopes(ctx).length > 0,
    ),
    new Check(
      'claims_missing',
      'requested claims not granted',
      'consent_required',
      (ctx) => missingClaims(ctx).length > 0,
    ),
  );
  prompt.checks.remove('consent_prompt');
  return prompt;
}

/** Scopes of the request, those of resources included. */
export function requestedScopes({ oidc }: KoaContextWithOIDC): string[] {
  return [...oidc.requestParamScopes].filter((scope) => scope !== '');
}

/** Claims asked for one by one that need consent. */
export function requestedClaims({ oidc }: KoaContextWithOIDC): string[] {
  return [...oidc.requestParamClaims].filter(isPersonalClaim);
}

/** Asked for now, and neither allowed nor refused before. */
export function missingScopes(ctx: KoaContextWithOIDC): string[] {
  const { grant, resourceServers } = ctx.oidc;
  if (grant === undefined) return requestedScopes(ctx);
  const known = new Set(grant.getOIDCScopeEncountered().split(' '));
  for (const indicator of Object.keys(resourceServers ?? {}))
    for (const scope of grant.getResourceScopeEncountered(indicator).split(' ')) known.add(scope);
  return requestedScopes(ctx).filter((scope) => !known.has(scope));
}

function missingClaims(ctx: KoaContextWithOIDC): string[] {
  const known = new Set(ctx.oidc.grant?.getOIDCClaimsEncountered() ?? []);
  return requestedClaims(ctx).filter((claim) => !known.has(claim));
}

/** Our own pages ask nobody: they are the controller itself, and learn nothing that is not theirs. */
export function needsNoConsent(ctx: KoaContextWithOIDC): boolean {
  return registrationOf(ctx.oidc.client)?.origin === 'own';
}

export function isResourceScope(scope: string): boolean {
  return RESOURCE_SCOPES.includes(scope);
}
