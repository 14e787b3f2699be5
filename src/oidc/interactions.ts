import { errors, type Interaction, type InteractionResults, type Provider } from 'oidc-provider';
import { ACCESS_DENIED_TEXT, Refusal } from '../domain/refusal.ts';
import type { PageContext } from '../web/page-context.ts';
import type { EndingAccess } from './ending-access.ts';
import { findStanding } from './find-account.ts';
import type { FinishedConsent, FinishedLogin, OidcGateway } from './gateway.ts';
import { grantConsent } from './grants.ts';
import { citizenSession, interactionView } from './interaction-view.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { loginOf } from './session-strength.ts';

type Deps = Pick<OidcDeps, 'db' | 'clock'> & { provider: () => Provider; ending: EndingAccess };

type Interactions = Pick<
  OidcGateway,
  'currentSession' | 'findInteraction' | 'finishLogin' | 'finishConsent' | 'finishError'
>;

/** What our pages do in the middle of an authorization request. */
export function createInteractions(deps: Deps): Interactions {
  const load = async (ctx: PageContext): Promise<Interaction | undefined> => {
    try {
      const interaction = await deps.provider().interactionDetails(ctx.req, ctx.res);
      // The cookie is bound to the path; a path typed over another one's cookie is nobody's.
      return ctx.path.split('/').includes(interaction.uid) ? interaction : undefined;
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  };
  const mustLoad = async (ctx: PageContext): Promise<Interaction> => {
    const interaction = await load(ctx);
    if (interaction === undefined) throw new Refusal('attempt_over');
    return interaction;
  };
  const resume = async (ctx: PageContext, result: InteractionResults): Promise<void> => {
    const returnTo = await deps.provider().interactionResult(ctx.req, ctx.res, result);
    ctx.redirect(returnTo);
    ctx.status = 303;
  };

  return {
    async currentSession(ctx) {
      return citizenSession(deps, await deps.provider().Session.get(ctx));
    },
    async findInteraction(ctx) {
      const interaction = await load(ctx);
      return interaction && interactionView(deps, deps.provider(), interaction);
    },
    async finishLogin(ctx, login) {
      await resume(ctx, await loginResult(deps, ctx, await mustLoad(ctx), login));
    },
    async finishConsent(ctx, consent) {
      const grantId = await consentGrant(deps, await mustLoad(ctx), consent);
      await resume(ctx, { consent: { grantId } });
      return { grantId };
    },
    async finishError(ctx, { error, description }) {
      await mustLoad(ctx);
      // One text for all of them, whatever the page said to the citizen.
      const text = error === 'access_denied' ? ACCESS_DENIED_TEXT : description;
      await resume(ctx, { error, error_description: text });
    },
  };
}

/** A locked account gets no session, even if a page forgot to look. */
async function loginResult(
  deps: Deps,
  ctx: PageContext,
  interaction: Interaction,
  login: FinishedLogin,
): Promise<InteractionResults> {
  if ((await findStanding(deps.db, login.accountId)) === undefined)
    return { error: 'access_denied', error_description: ACCESS_DENIED_TEXT };
  // Another person signs in on this browser: whoever was signed in is so no more. The library would show a page of its own in between.
  // @see node_modules/oidc-provider/lib/actions/authorization/resume.js
  const before = interaction.session;
  if (before !== undefined && before.accountId !== login.accountId) {
    Object.assign(interaction, { session: undefined });
    await interaction.save(interaction.exp - Math.floor(deps.clock().getTime() / 1000));
    await deps.ending.endSession(before.accountId, before.uid);
  }
  // The browser's own session too: it may be of another tab that signed in meanwhile.
  const present = await deps.provider().Session.get(ctx);
  if (present.accountId !== undefined && present.accountId !== login.accountId)
    await deps.ending.endSession(present.accountId, present.uid);
  const { loginTs, ...rest } = loginOf(login);
  // Not remembered: the session's cookie goes with the browser, whoever sits at it next.
  return { login: { ...rest, ts: loginTs, remember: false } };
}

async function consentGrant(deps: Deps, interaction: Interaction, consent: FinishedConsent): Promise<string> {
  const isTheirs =
    interaction.session?.accountId === consent.accountId && interaction.params['client_id'] === consent.clientId;
  if (!isTheirs) throw new Refusal('forbidden');
  return grantConsent(
    deps,
    deps.provider(),
    { accountId: consent.accountId, clientId: consent.clientId },
    {
      scopes: [...consent.scopes, ...(consent.grantedResourceScopes ?? [])],
      claims: consent.claims,
      refusedScopes: consent.refusedScopes,
      refusedClaims: consent.refusedClaims,
    },
  );
}
