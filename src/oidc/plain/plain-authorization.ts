import type { IncomingMessage } from 'node:http';
import type { AdapterPayload, Provider } from 'oidc-provider';
import type { RequestCookies } from '../../web/request-cookies.ts';
import { sessionCookieName } from '../provider-configuration.ts';
import type { PlainCodes } from './plain-codes.ts';
import type { PlainParts } from './plain-parts.ts';
import type { Way } from './plain-request.ts';
import { wishIn } from './plain-wish.ts';

/** Someone who is signed in comes from a service that she has agreed to before: she goes back with a code, and sees no page.
 *  @returns where to; undefined when the library has to look at it. @see node_modules/oidc-provider/lib/actions/authorization/index.js */
export function plainAuthorization({ live, config }: PlainParts, codes: PlainCodes, cookies: RequestCookies) {
  const cookieName = sessionCookieName(config.isSecure);

  const sessionOf = async (request: IncomingMessage): Promise<AdapterPayload | undefined> => {
    const id = cookies.read(request, cookieName);
    const session = id === undefined ? undefined : await live.session(id);
    // From a time when sessions were longer: the library shortens it. The second may have gone by while it was made.
    const until = (session?.loginTs ?? 0) + config.sessionSeconds + 1;
    return (session?.exp ?? 0) > until ? undefined : session;
  };

  return async (request: IncomingMessage, provider: Provider): Promise<Way | undefined> => {
    const wish = wishIn(request.url ?? '');
    if (wish === undefined) return undefined;
    const [session, client] = await Promise.all([sessionOf(request), provider.Client.find(wish.client_id)]);
    const agreed = session && (await codes.agree(session, client, wish));
    return agreed && { to: await codes.issue(agreed, provider.issuer) };
  };
}
