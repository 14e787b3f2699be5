import { failurePage } from '../../views/demo/failure.ts';
import { messagePage } from '../../views/demo/message.ts';
import { cookieNames, type DemoContext, readFields, render, sessionOf, setCookie } from './demo-page.ts';
import { type DemoSessions, newSecret } from './demo-sessions.ts';
import type { LogoutVerdict } from './logout-token.ts';
import type { ProviderClient } from './provider-client.ts';
import { explainFailure, failureOfOurs, type ProviderFailure } from './provider-failure.ts';
import type { Received } from './received.ts';
import type { DemoService, RequestName } from './service-definitions.ts';

export type SignInDeps = {
  readonly service: DemoService;
  readonly baseUrl: string;
  readonly provider: ProviderClient;
  readonly sessions: DemoSessions;
  readonly judgeLogoutToken: (token: string) => Promise<LogoutVerdict>;
  /** What a service reads right after signing in, before the session opens. */
  readonly complete: (received: Received) => Promise<Received>;
};

/** Sign-in and sign-out, the same for every service. */
export function signInRoutes(deps: SignInDeps) {
  const { service, baseUrl, provider, sessions } = deps;
  const names = cookieNames(service);

  return {
    start: async (ctx: DemoContext): Promise<void> => {
      const requestName = requestNameOf(service, ctx.query['for']);
      const { locale } = ctx.state;
      try {
        const { url, pending } = await provider.start(requestName, { locale, loginHint: personaHint(ctx) });
        const browser = ctx.cookies.get(names.browser) ?? newSecret();
        setCookie(ctx, names.browser, browser, 1800);
        sessions.remember(pending, browser);
        ctx.set('Cache-Control', 'no-store');
        ctx.redirect(url.href);
        ctx.status = 303;
      } catch (error) {
        await showFailure(ctx, explainFailure(error), requestName);
      }
    },

    finish: async (ctx: DemoContext): Promise<void> => {
      const pending = sessions.take(String(ctx.query['state'] ?? ''), ctx.cookies.get(names.browser));
      if (pending === undefined) {
        // A reload or the back button after it worked: the answer was used, and nothing is lost.
        if (ctx.state.session === undefined)
          return showFailure(ctx, failureOfOurs('state_unknown'), service.firstRequest);
        return goTo(ctx, '/');
      }
      const { requestName } = pending;
      const outcome = await provider.finish(new URL(ctx.url, baseUrl), pending);
      if (outcome.kind === 'failed') return showFailure(ctx, outcome.failure, requestName);
      const before = ctx.state.session;
      if (before !== undefined) sessions.end(before.id);
      const session = sessions.open(await deps.complete(outcome.received));
      setCookie(ctx, names.session, session.id);
      goTo(ctx, service.requests[requestName]?.returnTo ?? '/');
    },

    /** Here first, so that whatever happens at the provider this session is over. */
    signOut: async (ctx: DemoContext): Promise<void> => {
      const session = sessionOf(ctx);
      sessions.end(session.id);
      setCookie(ctx, names.session, null);
      ctx.state.session = undefined;
      try {
        goTo(ctx, (await provider.endSessionUrl(session.received, ctx.state.locale)).href);
      } catch (error) {
        await showFailure(ctx, explainFailure(error), service.firstRequest);
      }
    },

    showSignedOut: async (ctx: DemoContext): Promise<void> => {
      if (ctx.state.session !== undefined) return goTo(ctx, '/');
      const { chrome } = ctx.state;
      const [title, text] = [chrome.t('demo.signed_out_title'), chrome.t('demo.signed_out_text')];
      await render(ctx, messagePage(chrome, title, text, { text: chrome.t('demo.again'), href: '/sign-in' }));
    },

    /** The provider calls, not a browser. @see https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse */
    endByProvider: async (ctx: DemoContext): Promise<void> => {
      const token = (await readFields(ctx)).get('logout_token') ?? '';
      const verdict = await deps.judgeLogoutToken(token);
      ctx.set('Cache-Control', 'no-store');
      if (verdict.kind === 'refused') {
        ctx.status = 400;
        ctx.body = { error: 'invalid_request', error_description: verdict.reason };
        return;
      }
      sessions.endByLogoutToken(verdict);
      ctx.status = 200;
      ctx.body = '';
    },
  };

  async function showFailure(ctx: DemoContext, failure: ProviderFailure, requestName: RequestName): Promise<void> {
    const { chrome } = ctx.state;
    const status = failure.code === 'access_denied' ? 403 : failure.code === 'provider_unreachable' ? 503 : 400;
    const byHand = { text: chrome.t('demo.step_up_manual'), href: '/form?by=hand' };
    const page = failurePage(chrome, {
      ...failure,
      retryHref: `/sign-in?for=${requestName}`,
      otherWay: requestName === 'residence' && ctx.state.session !== undefined ? byHand : undefined,
    });
    await render(ctx, page, status);
  }
}

export function goTo(ctx: DemoContext, href: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(href);
  ctx.status = 303;
}

function requestNameOf(service: DemoService, asked: unknown): RequestName {
  const known = Object.keys(service.requests) as RequestName[];
  return known.find((name) => name === asked) ?? service.firstRequest;
}

/** The sandbox's silent sign-in: by a persona's key, the only hint that we pass on. */
function personaHint(ctx: DemoContext): string | undefined {
  const key = ctx.query['persona'];
  return typeof key === 'string' && /^[a-z0-9-]{1,40}$/.test(key) ? `persona:${key}` : undefined;
}
