import type { Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider';
import { accountFinder } from './find-account.ts';
import { findGrant, grantConsent, keepAlive } from './grants.ts';
import { missingScopes, needsNoConsent, requestedScopes } from './interaction-policy.ts';
import type { OidcDeps } from './oidc-deps.ts';
import type { ProviderParts } from './provider-parts.ts';
import { subjectFor } from './subjects.ts';
import { strengthOf } from './token-strength.ts';

/** What is decided at each authorization and each token. */
export function tokenDecisions(deps: OidcDeps, parts: ProviderParts): Configuration {
  const { db, clock } = deps;
  return {
    findAccount: accountFinder({ db, clock, vault: deps.vault, subjects: parts.subjects }),
    pairwiseIdentifier: (_ctx, accountId, client) => subjectFor(parts.subjects, accountId, client),
    loadExistingGrant: (ctx) => existingGrant(deps, parts, ctx),
    // Rotated on every use; a token used twice ends its family (`judgeReuse` tells a doubled request apart).
    rotateRefreshToken: true,
    // Whoever registered for refresh tokens gets one. With `offline_access` (that is, with prompt=consent: OpenID Connect Core 11) it
    // outlives the session; without, it ends with the session.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: (_ctx, source) => !source.scopes.has('offline_access'),
    // Tokens given back or a sign-out do not withdraw consent; a stolen token does.
    revokeGrantPolicy: (ctx) => ctx.oidc.route === 'token',
    // No request is around a machine's token that was made without the library.
    extraTokenClaims: (ctx: KoaContextWithOIDC | undefined) =>
      strengthOf(ctx?.oidc.entities.RefreshToken ?? ctx?.oidc.entities.AuthorizationCode),
    clientBasedCORS: (ctx, origin, client) => {
      const isOpen = ctx.oidc.route === 'userinfo' || client.clientAuthMethod === 'none';
      return isOpen && (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin);
    },
    sectorIdentifierUriValidate: () => true,
    clockTolerance: 15,
    fetchResponseBodyLimits: { jwks_uri: 65_536, sector_identifier_uri: 65_536 },
  };
}

async function existingGrant(
  deps: OidcDeps,
  parts: ProviderParts,
  ctx: KoaContextWithOIDC,
): Promise<Grant | undefined> {
  const { session, client, account, result } = ctx.oidc;
  if (session === undefined || client === undefined || account === undefined) return undefined;
  const provider = parts.provider();
  const holder = { accountId: account.accountId, clientId: client.clientId };
  const named = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  let grant = named === undefined ? undefined : await provider.Grant.find(named);
  grant ??= await findGrant(deps, provider, holder);
  if (needsNoConsent(ctx)) {
    Object.assign(ctx.oidc.entities, { Grant: grant });
    const missing = missingScopes(ctx);
    if (missing.length > 0) {
      const consented = { scopes: requestedScopes(ctx), claims: [], refusedScopes: [], refusedClaims: [] };
      grant = await provider.Grant.find(await grantConsent(deps, provider, holder, consented));
    }
  }
  if (grant === undefined) return undefined;
  await keepAlive(grant, deps.config.refreshTokenDays * 86_400);
  // One grant serves every device, so signing out on one must not end it: what belongs to the session ends with the session.
  // @see node_modules/oidc-provider/lib/actions/end_session.js `persistsLogout`
  session.ensureClientContainer(client.clientId);
  Object.assign(session.authorizationFor(client.clientId), { persistsLogout: true });
  return grant;
}
