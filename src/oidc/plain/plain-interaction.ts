import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { epochSeconds } from '../../platform/clock.ts';
import { newSecret } from '../../platform/ids.ts';
import { mustRegistrationOf } from '../provider-clients.ts';
import {
  INTERACTION_SECONDS,
  interactionCookieName,
  interactionPath,
  ROUTES,
  resumeCookieName,
} from '../provider-configuration.ts';
import { mandatoryAuthLevel } from '../requested-acr.ts';
import type { PlainParts } from './plain-parts.ts';
import type { Way } from './plain-request.ts';
import { mayWish, wishIn } from './plain-wish.ts';

/** Somebody comes from a service and is nobody in this browser: her request waits, and she is sent to the page where she signs in.
 *  @param request one without a session's cookie. @returns where to; undefined when the library has to look at it.
 *  @see node_modules/oidc-provider/lib/actions/authorization/interactions.js */
export function plainInteraction({ live, config, clock, cookies }: PlainParts) {
  const names = { interaction: interactionCookieName(config.isSecure), resume: resumeCookieName(config.isSecure) };

  return async (request: IncomingMessage, provider: Provider): Promise<Way | undefined> => {
    const wish = cookies.maySet(request) ? wishIn(request.url ?? '') : undefined;
    const client = wish && (await provider.Client.find(wish.client_id));
    if (wish === undefined || client === undefined || !mayWish(client, wish)) return undefined;
    // No sign-in would do for this service: another reason than that there is none.
    const { kind } = mandatoryAuthLevel({ essential: [], all: [] }, mustRegistrationOf(client).leastAuthLevel);
    const scopes = new Set(wish.scope.split(' '));
    if (kind !== 'level' || !scopes.has('openid')) return undefined;

    const [uid, now] = [newSecret(), epochSeconds(clock)];
    const [page, back] = [interactionPath(uid), `${ROUTES.authorization}/${uid}`];
    await live.saveInteraction({
      jti: uid,
      kind: 'Interaction',
      iat: now,
      exp: now + INTERACTION_SECONDS,
      returnTo: new URL(back, provider.issuer).href,
      prompt: { name: 'login', reasons: ['no_session'], details: {} },
      params: { ...wish, scope: [...scopes].join(' ') },
      cid: newSecret(),
    });
    const until = new Date(clock().getTime() + INTERACTION_SECONDS * 1000);
    return {
      to: page,
      cookies: [
        ...cookies.lines(names.interaction, uid, { path: page, until }),
        ...cookies.lines(names.resume, uid, { path: back, until }),
      ],
      isNewVisit: true,
    };
  };
}
