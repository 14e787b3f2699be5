import { type Client, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { isScope, SCOPES } from '../domain/claims.ts';
import { REPORT_SCOPE } from '../domain/rp-total.ts';
import type { OidcAccount } from './find-account.ts';
import { registrationOf } from './provider-clients.ts';

/** Services that take access tokens of ours, by resource indicator (RFC 8707). Their tokens are JWTs (RFC 9068), which cannot be
 *  recalled, so they live a minute. Each has one scope, named like the service. */
export const RESOURCES = {
  'urn:vn:eid:resource:health_book': 'health_book',
  'urn:vn:eid:resource:judicial_record': 'judicial_record',
} as const;

export const RESOURCE_SCOPES: readonly string[] = Object.values(RESOURCES);

export const JWT_ACCESS_TOKEN_SECONDS = 60;

export function resourceOfScope(scope: string): string | undefined {
  return Object.entries(RESOURCES).find(([, name]) => name === scope)?.[0];
}

/** A resource scope asked for without `resource` means its resource.
 *  @throws InvalidScope when a machine asks for what belongs to a person: there is none behind its token. With `resource` the library keeps the
 *  resource's own scope alone. */
export function defaultResource(
  ctx: KoaContextWithOIDC,
  _client: unknown,
  oneOf?: readonly string[],
): string | readonly string[] | undefined {
  if (oneOf !== undefined) return oneOf.length === 1 ? oneOf[0] : oneOf;
  const scope = ctx.oidc.params?.['scope'];
  const isStart = ['authorization', 'pushed_authorization_request'].includes(ctx.oidc.route);
  const isMachine = ctx.oidc.params?.['grant_type'] === 'client_credentials';
  if (typeof scope !== 'string' || (!isStart && !isMachine)) return undefined;
  const ofPerson = isMachine
    ? scope.split(' ').find((one) => isScope(one) && resourceOfScope(one) === undefined)
    : undefined;
  if (ofPerson !== undefined) throw new errors.InvalidScope('requested scope is not allowed', ofPerson);
  refuseReporting(ctx, scope, isMachine);
  const resources = scope.split(' ').flatMap((one) => resourceOfScope(one) ?? []);
  return resources.length === 0 ? undefined : resources;
}

/** Totals are reported by machines that an operator registered for it. */
function refuseReporting(ctx: KoaContextWithOIDC, scope: string, isMachine: boolean): void {
  if (!scope.split(' ').includes(REPORT_SCOPE) || (isMachine && isListedByOperator(ctx.oidc.client, REPORT_SCOPE)))
    return;
  throw new errors.InvalidScope('requested scope is not allowed', REPORT_SCOPE);
}

/** Without a person behind it a token is for machines alone for which an operator listed the scope: what a client lists for itself counts for nothing. */
export function isListedByOperator(client: Client | undefined, scope: string): boolean {
  const { origin, metadata } = registrationOf(client) ?? { origin: 'dynamic' };
  const listed = metadata?.['scope'];
  return origin !== 'dynamic' && typeof listed === 'string' && listed.split(' ').includes(scope);
}

/** @throws InvalidTarget for a resource that is unknown, or that this account or client may not be given. */
export function resourceServerInfo(ctx: KoaContextWithOIDC, indicator: string): ResourceServer {
  const scope = RESOURCES[indicator as keyof typeof RESOURCES] as string | undefined;
  if (scope === undefined || !isScope(scope)) throw new errors.InvalidTarget();
  const account = ctx.oidc.account as OidcAccount | undefined;
  // At the token endpoint: the level may have gone since consent was given.
  if (account !== undefined && account.standing.accountLevel < SCOPES[scope].leastAccountLevel)
    throw new errors.InvalidTarget('the resource is not available');
  if (ctx.oidc.params?.['grant_type'] === 'client_credentials' && !isListedByOperator(ctx.oidc.client, scope))
    throw new errors.InvalidTarget('the resource is not available');
  return serviceOf(indicator, scope);
}

/** How tokens for a service are made. */
export function serviceOf(indicator: string, scope: string): ResourceServer {
  return {
    scope,
    audience: indicator,
    accessTokenFormat: 'jwt',
    accessTokenTTL: JWT_ACCESS_TOKEN_SECONDS,
    jwt: { sign: { alg: 'ES256' } },
  };
}
