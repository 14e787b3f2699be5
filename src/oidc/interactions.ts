import type { IncomingMessage } from 'node:http';
import type { AdapterPayload, Interaction, InteractionResults, Provider } from 'oidc-provider';
import { ACCESS_DENIED_TEXT, Refusal } from '../domain/refusal.ts';
import { readCookie } from '../web/cookies.ts';
import type { PageContext } from '../web/page-context.ts';
import type { EndingAccess } from './ending-access.ts';
import { findStanding } from './find-account.ts';
import type { FinishedConsent, FinishedLogin, OidcGateway } from './gateway.ts';
import { grantConsent } from './grants.ts';
import { citizenSession, interactionView, type OpenedInteraction } from './interaction-view.ts';
import type { OidcDeps } from './oidc-deps.ts';
import type { PlainParts } from './plain/plain-parts.ts';
import type { PlainSignIn } from './plain/plain-sign-in.ts';
import { interactionCookieName, sessionCookieName } from './provider-configuration.ts';
import { loginOf } from './session-strength.ts';

type Deps = Pick<OidcDeps, 'config' | 'db' | 'clock'> & {
  provider: () => Provider;
  ending: EndingAccess;
  /** For what is done ahead of the pages. */
  ahead: Pick<PlainParts, 'live' | 'cookies'> & Pick<PlainSignIn, 'goBack'>;
};

type Interactions = Pick<
  OidcGateway,
  | 'currentSession'
  | 'findInteraction'
  | 'findInteractionAhead'
  | 'finishLogin'
  | 'finishLoginAhead'
  | 'finishConsent'
  | 'finishError'
>;

/** What our pages do in the middle of an authorization request. */
export function createInteractions(deps: Deps): Interactions {
  const cookieName = interactionCookieName(deps.config.isSecure);
  // Its cookie is checked once a request.
  const uids = new WeakMap<IncomingMessage, string>();
  const seen = new WeakMap<IncomingMessage, AdapterPayload>();
  const uidOf = (ctx: PageContext): string | undefined => {
    const uid = uids.get(ctx.req) ?? readCookie(ctx, cookieName);
    // The cookie is bound to the path; a path typed over another one's cookie is nobody's.
    if (uid === undefined || !ctx.path.split('/').includes(uid)) return undefined;
    uids.set(ctx.req, uid);
    return uid;
  };
  /** As the library does it, without making a request of its own. @see node_modules/oidc-provider/lib/provider.js `#getInteraction` */
  const load = async (uid: string | undefined): Promise<OpenedInteraction | undefined> => {
    const interaction = uid === undefined ? undefined : await deps.provider().Interaction.find(uid);
    if (interaction?.session?.uid === undefined) return interaction && { interaction };
    const session = await deps.provider().Session.findByUid(interaction.session.uid);
    return session?.accountId === interaction.session.accountId ? { interaction, session } : undefined;
  };
  const mustLoad = async (ctx: PageContext): Promise<Interaction> => {
    const opened = await load(uidOf(ctx));
    if (opened === undefined) throw new Refusal('attempt_over');
    return opened.interaction;
  };
  /** @see node_modules/oidc-provider/lib/provider.js `interactionResult` */
  const resume = async (ctx: PageContext, interaction: Interaction, result: InteractionResults): Promise<void> => {
    interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
    await interaction.persist();
    ctx.redirect(interaction.returnTo);
    ctx.status = 303;
  };
  const { live, cookies, goBack } = deps.ahead;

  return {
    async currentSession(ctx) {
      return citizenSession(deps, await deps.provider().Session.get(ctx));
    },
    async findInteraction(ctx) {
      const opened = await load(uidOf(ctx));
      return opened && interactionView(deps, deps.provider(), opened);
    },
    async findInteractionAhead(request) {
      const uid = cookies.read(request, cookieName);
      const [path] = request.url?.split('?', 1) ?? [];
      const isItsPath = uid !== undefined && path?.split('/').includes(uid) === true;
      if (!isItsPath || cookies.has(request, sessionCookieName(deps.config.isSecure))) return undefined;
      const waiting = await live.interaction(uid);
      const { params, prompt, session } = waiting ?? {};
      if (waiting === undefined || params === undefined || prompt === undefined || session !== undefined)
        return undefined;
      uids.set(request, uid);
      seen.set(request, waiting);
      return interactionView(deps, deps.provider(), { interaction: { uid, params, prompt } });
    },
    async finishLogin(ctx, login) {
      const interaction = await mustLoad(ctx);
      const result = await loginResult(deps, login);
      if (!('error' in result)) await endOtherSessions(deps, ctx, interaction, login);
      await resume(ctx, interaction, result);
    },
    async finishLoginAhead(request, login, record) {
      const found = seen.get(request);
      if (found === undefined) return undefined;
      const { loginTs: ts, ...rest } = loginOf(login);
      // Looked at once more: she may have gone away in another window, while her password was judged.
      return goBack(
        { seen: found, still: live.interaction(found.jti ?? '') },
        { ...rest, ts },
        deps.provider(),
        record,
      );
    },
    async finishConsent(ctx, consent) {
      const interaction = await mustLoad(ctx);
      const grantId = await consentGrant(deps, interaction, consent);
      await resume(ctx, interaction, { consent: { grantId } });
      return { grantId };
    },
    async finishError(ctx, { error, description }) {
      const interaction = await mustLoad(ctx);
      // One text for all of them, whatever the page said to the citizen.
      const text = error === 'access_denied' ? ACCESS_DENIED_TEXT : description;
      await resume(ctx, interaction, { error, error_description: text });
    },
  };
}

/** A locked account gets no session, even if a page forgot to look. */
async function loginResult(deps: Pick<Deps, 'db'>, login: FinishedLogin): Promise<InteractionResults> {
  if ((await findStanding(deps.db, login.accountId)) === undefined)
    return { error: 'access_denied', error_description: ACCESS_DENIED_TEXT };
  const { loginTs, ...rest } = loginOf(login);
  // Not remembered: the session's cookie goes with the browser, whoever sits at it next.
  return { login: { ...rest, ts: loginTs, remember: false } };
}

/** Another person signs in on this browser: whoever was signed in is so no more. The library would show a page of its own in between.
 *  @see node_modules/oidc-provider/lib/actions/authorization/resume.js */
async function endOtherSessions(
  deps: Deps,
  ctx: PageContext,
  interaction: Interaction,
  { accountId }: FinishedLogin,
): Promise<void> {
  const before = interaction.session;
  if (before !== undefined && before.accountId !== accountId) {
    Object.assign(interaction, { session: undefined });
    await interaction.save(interaction.exp - Math.floor(deps.clock().getTime() / 1000));
    await deps.ending.endSession(before.accountId, before.uid);
  }
  // The browser's own session too: it may be of another tab that signed in meanwhile.
  const cookie = readCookie(ctx, sessionCookieName(deps.config.isSecure));
  const present = cookie === undefined ? undefined : await deps.provider().Session.find(cookie);
  if (present?.accountId !== undefined && present.accountId !== accountId)
    await deps.ending.endSession(present.accountId, present.uid);
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
