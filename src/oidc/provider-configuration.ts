import type { Configuration } from 'oidc-provider';
import { LEGACY_CLAIM_ALIASES, SCOPES } from '../domain/claims.ts';
import { REPORT_SCOPE } from '../domain/rp-total.ts';
import { cookieSigner } from '../web/cookie-signer.ts';
import { grantSeconds } from './grants.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { signInProcess } from './in-process-signing.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { renderProtocolError } from './protocol-answers.ts';
import { mustRegistrationOf } from './provider-clients.ts';
import { tokenDecisions } from './provider-decisions.ts';
import { providerFeatures } from './provider-features.ts';
import type { ProviderParts } from './provider-parts.ts';
import { SUPPORTED_ACR_VALUES } from './requested-acr.ts';
import { silentSignIn } from './silent-sign-in.ts';
import { subjectFor } from './subjects.ts';

export const ROUTES = {
  authorization: '/authorize',
  token: '/token',
  userinfo: '/userinfo',
  jwks: '/jwks',
  registration: '/register',
  introspection: '/introspect',
  revocation: '/revoke',
  end_session: '/logout',
  pushed_authorization_request: '/par',
} as const;

export const ACCESS_TOKEN_SECONDS = 600;
export const CODE_SECONDS = 60;
export const INTERACTION_SECONDS = 1_800;
const ID_TOKEN_SECONDS = 600;

export function providerConfiguration(deps: OidcDeps, parts: ProviderParts): Configuration {
  const { config } = deps;
  return {
    adapter: parts.adapterFor,
    jwks: { keys: signInProcess(parts.keys) },
    routes: ROUTES,
    cookies: cookies(config),
    ttl: lifetimes(deps),
    ...vocabulary(),
    ...tokenDecisions(deps, parts),
    features: providerFeatures(deps),
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    // Our own registrations name ES256; where a dynamic one is silent the default of the standard holds (OpenID Connect Registration 2).
    clientDefaults: { subject_type: 'pairwise', id_token_signed_response_alg: 'RS256' },
    // Without symmetric algorithms no client secret needs to be kept in clear.
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256'],
    },
    pkce: {
      required: (_ctx, client) => {
        const { origin } = mustRegistrationOf(client);
        // The code of our own pages is never redeemed: nobody has the secret for it.
        if (origin === 'own') return false;
        return config.pkceRequired === 'always' || client.clientAuthMethod === 'none';
      },
    },
    fetch: guardedFetch(config.allowPrivateFetch),
    renderError: renderProtocolError,
    interactions: {
      policy: createInteractionPolicy(deps, (ctx, accountId) => subjectFor(parts.subjects, accountId, ctx.oidc.client)),
      url: (_ctx, interaction) => interactionPath(interaction.uid),
    },
    ...silentSignInParameter(deps, parts),
  };
}

/** Where the citizen meets our pages in the middle of an authorization request. */
export function interactionPath(uid: string): string {
  return `/interaction/${uid}`;
}

export function sessionCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-session' : 'session';
}

export function interactionCookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-interaction' : 'interaction';
}

export function resumeCookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-resume' : 'resume';
}

/** `__Host-` demands Path=/, which the two short cookies do not have: each is bound to one interaction's path. */
function cookies({ isSecure, secrets }: OidcDeps['config']): NonNullable<Configuration['cookies']> {
  const common = { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true, secure: isSecure } as const;
  return {
    names: {
      session: sessionCookieName(isSecure),
      interaction: interactionCookieName(isSecure),
      resume: resumeCookieName(isSecure),
    },
    long: { ...common, path: '/' },
    short: common,
    keys: cookieSigner(secrets.cookieKeys),
  };
}

function lifetimes({ config, clock }: OidcDeps): NonNullable<Configuration['ttl']> {
  const { sessionSeconds, refreshTokenDays } = config;
  return {
    AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? ACCESS_TOKEN_SECONDS,
    AuthorizationCode: CODE_SECONDS,
    ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? ACCESS_TOKEN_SECONDS,
    Grant: grantSeconds(refreshTokenDays),
    IdToken: ID_TOKEN_SECONDS,
    Interaction: INTERACTION_SECONDS,
    // A family of refresh tokens lives from the sign-in, however often it is rotated.
    RefreshToken: (ctx) =>
      Math.max(1, ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? refreshTokenDays * 86_400),
    // Counted from the sign-in: being used does not make a session last longer.
    Session: (_ctx, session) => {
      if (session.loginTs === undefined) return INTERACTION_SECONDS;
      return Math.max(1, session.loginTs + sessionSeconds - Math.floor(clock().getTime() / 1000));
    },
  };
}

function vocabulary(): Configuration {
  const aliasesOf = (claims: readonly string[]): string[] =>
    Object.entries(LEGACY_CLAIM_ALIASES).flatMap(([alias, claim]) => (claims.includes(claim) ? [alias] : []));
  const claims = Object.entries(SCOPES)
    .filter(([, rule]) => rule.claims.length > 0)
    .map(([scope, rule]) => [scope, [...rule.claims, ...aliasesOf(rule.claims)]] as const);
  return {
    scopes: [...Object.keys(SCOPES), REPORT_SCOPE],
    claims: Object.fromEntries(claims),
    acrValues: SUPPORTED_ACR_VALUES,
    subjectTypes: ['pairwise', 'public'],
    discovery: { ui_locales_supported: ['vi', 'en'], claim_types_supported: ['normal'] },
  };
}

function silentSignInParameter(deps: OidcDeps, parts: ProviderParts): Pick<Configuration, 'extraParams'> {
  const { personas, db, clock } = deps;
  if (personas === undefined || !deps.config.isSandbox) return {};
  const signIn = silentSignIn({ db, clock, personas, provider: parts.provider, ending: parts.ending });
  return { extraParams: { login_hint: signIn } };
}
