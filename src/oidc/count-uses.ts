import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import type { OidcDeps } from './oidc-deps.ts';
import { registrationOf } from './provider-clients.ts';

/** Counts that an authorization code of an account goes to a relying party. Our own pages are none. A citizen is not refused because she could not be counted. */
export type CountUse = (client: Client | undefined, accountId: string) => Promise<void>;

export function useCounter({ recordUse, clock, log }: Pick<OidcDeps, 'recordUse' | 'clock' | 'log'>): CountUse {
  return async (client, accountId) => {
    const { id: clientId, origin } = registrationOf(client) ?? {};
    if (clientId === undefined || origin === 'own') return;
    try {
      await recordUse({ clientId, accountId, usedAt: clock() });
    } catch (error) {
      log.error({ err: error, clientId }, 'rp_use.not_counted');
    }
  };
}

const CODE_ROUTES: ReadonlySet<string> = new Set(['authorization', 'resume']);

/** Counts each code that the library gives out, whether pages were shown or a session did. */
export function countUses(countUse: CountUse) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next();
    // Not every address has a context of the protocol.
    const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined;
    if (oidc === undefined || !CODE_ROUTES.has(oidc.route)) return;
    const { accountId } = oidc.entities.AuthorizationCode ?? {};
    if (accountId !== undefined) await countUse(oidc.client, accountId);
  };
}
