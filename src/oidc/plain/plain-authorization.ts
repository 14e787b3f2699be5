import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { STANDING } from '../find-account.ts';
import { sessionCookieName } from '../provider-configuration.ts';
import type { HeldSession } from './live-artifacts.ts';
import type { PlainCodes } from './plain-codes.ts';
import type { PlainParts } from './plain-parts.ts';
import type { Way } from './plain-request.ts';
import { wishIn } from './plain-wish.ts';

/** Someone who is signed in comes from a service that she has agreed to before: she goes back with a code, and sees no page.
 *  @returns where to; undefined when the library has to look at it. @see node_modules/oidc-provider/lib/actions/authorization/index.js */
export function plainAuthorization({ live, config, cookies }: PlainParts, codes: PlainCodes) {
  const cookieName = sessionCookieName(config.isSecure);

  const signedIn = async (request: IncomingMessage, clientId: string): Promise<HeldSession | undefined> => {
    const id = cookies.read(request, cookieName);
    const found = id === undefined ? undefined : await live.session(id, clientId, STANDING);
    // From a time when sessions were longer: the library shortens it. The second may have gone by while it was made.
    const until = (found?.session.loginTs ?? 0) + config.sessionSeconds + 1;
    return (found?.session.exp ?? 0) > until ? undefined : found;
  };

  return async (request: IncomingMessage, provider: Provider): Promise<Way | undefined> => {
    const wish = wishIn(request.url ?? '');
    if (wish === undefined) return undefined;
    const [found, client] = await Promise.all([
      signedIn(request, wish.client_id),
      provider.Client.find(wish.client_id),
    ]);
    const agreed = found && (await codes.agree(found, client, wish));
    return agreed && { to: await codes.issue(agreed, provider.issuer) };
  };
}
