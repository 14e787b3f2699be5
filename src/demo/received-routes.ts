import { receivedPage } from '../../views/demo/received.ts';
import { type DemoContext, render, sessionOf } from './demo-page.ts';
import type { DemoSessions } from './demo-sessions.ts';
import { describeReceived } from './describe-received.ts';
import type { ProviderClient } from './provider-client.ts';
import type { DemoService } from './service-definitions.ts';
import { goTo } from './sign-in-routes.ts';

export type ReceivedDeps = {
  readonly service: DemoService;
  readonly provider: ProviderClient;
  readonly sessions: DemoSessions;
};

/** The page that shows every token, and its buttons, each a real call to the provider. */
export function receivedRoutes({ service, provider, sessions }: ReceivedDeps) {
  return {
    show: async (ctx: DemoContext): Promise<void> => {
      const { session, chrome, locale } = ctx.state;
      if (session === undefined) return goTo(ctx, '/');
      const model = describeReceived(service, session.received, { locale, t: chrome.t });
      return render(ctx, receivedPage(chrome, model));
    },

    askUserinfo: async (ctx: DemoContext): Promise<void> => {
      const { id, received } = sessionOf(ctx);
      sessions.change(id, { userinfo: await provider.readUserinfo(received) });
      goTo(ctx, '/received');
    },

    askIntrospection: async (ctx: DemoContext): Promise<void> => {
      const { id, received } = sessionOf(ctx);
      sessions.change(id, { introspection: await provider.introspect(received) });
      goTo(ctx, '/received');
    },

    refresh: async (ctx: DemoContext): Promise<void> => {
      const { id, received } = sessionOf(ctx);
      const { refreshToken } = received.tokens;
      if (refreshToken !== undefined) {
        const { answer, tokens } = await provider.refresh(received, refreshToken);
        sessions.change(id, { refreshed: answer, tokens });
      }
      goTo(ctx, '/received');
    },
  };
}
