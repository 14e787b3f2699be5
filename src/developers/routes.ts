import type { ReadyClientModel } from '../../views/developers/client-table.ts';
import { developersPage } from '../../views/developers/developers-page.ts';
import { ACR_VALUES, type AuthLevel, authLevelOfAcr, SUPPORTED_AUTH_LEVELS } from '../domain/assurance.ts';
import { SCOPES } from '../domain/claims.ts';
import type { PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';

export type DevelopersDeps = {
  config: { issuer: string };
  /** Those whose secrets everybody may know: empty outside of the sandbox. */
  readyClients: readonly ReadyClientModel[];
};

/** The page for integrators, drawn from the same tables by which the provider decides. */
export function developersRoutes(deps: DevelopersDeps): Record<'showDevelopers', PageHandler> {
  const scopes = Object.entries(SCOPES).map(([scope, rule]) => ({ scope, ...rule }));
  const acrs = ACR_VALUES.map((value) => {
    const level: AuthLevel = authLevelOfAcr(value) ?? 1;
    return { value, level, isOffered: SUPPORTED_AUTH_LEVELS.includes(level) };
  });
  return {
    showDevelopers: (ctx) =>
      render(
        ctx,
        developersPage(ctx.state.chrome, {
          issuer: deps.config.issuer,
          clients: deps.readyClients,
          scopes,
          acrs,
        }),
      ),
  };
}
