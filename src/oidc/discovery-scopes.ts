import type { KoaContextWithOIDC } from 'oidc-provider';
import { REPORT_SCOPE } from '../domain/rp-total.ts';

/** Discovery lists what a citizen can be asked for. The scope of machines that report totals is refused to everyone else, and is in our own documentation; the
 *  library lists whatever it knows. @see node_modules/oidc-provider/lib/actions/discovery.js */
export async function hideMachineScopes(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  const route = (ctx as { oidc?: { route: string } }).oidc?.route;
  const body = ctx.body as { scopes_supported?: readonly string[] };
  if (route !== 'discovery' || body.scopes_supported === undefined) return;
  ctx.body = { ...body, scopes_supported: body.scopes_supported.filter((scope) => scope !== REPORT_SCOPE) };
}
