import type { KoaContextWithOIDC } from 'oidc-provider';
import type { OidcDeps } from './oidc-deps.ts';
import { registrationOf } from './provider-clients.ts';

const CODE_ROUTES: ReadonlySet<string> = new Set(['authorization', 'resume']);

/** Counts each authorization code that goes to a relying party, whether pages were shown or a session did. Our own pages are none. A citizen is not refused
 *  because she could not be counted. */
export function countUses({ recordUse, clock, log }: Pick<OidcDeps, 'recordUse' | 'clock' | 'log'>) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next();
    // Not every address has a context of the protocol.
    const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined;
    if (oidc === undefined || !CODE_ROUTES.has(oidc.route)) return;
    const { accountId, clientId } = oidc.entities.AuthorizationCode ?? {};
    if (accountId === undefined || clientId === undefined || registrationOf(oidc.client)?.origin === 'own') return;
    try {
      await recordUse({ clientId, accountId, usedAt: clock() });
    } catch (error) {
      log.error({ err: error, clientId }, 'rp_use.not_counted');
    }
  };
}
