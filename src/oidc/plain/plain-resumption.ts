import type { IncomingMessage } from 'node:http';
import type { AdapterPayload, Provider } from 'oidc-provider';
import { mayHaveBeenDone } from '../../platform/store-outage.ts';
import { ROUTES, resumeCookieName, sessionCookieName } from '../provider-configuration.ts';
import type { PlainCodes } from './plain-codes.ts';
import type { PlainParts } from './plain-parts.ts';
import type { Way } from './plain-request.ts';
import type { Login, PlainSignIn } from './plain-sign-in.ts';
import { UsedUp } from './used-up.ts';

/** An id as the library and we make them: nothing in it that could be an encoding. */
const RESUMED = new RegExp(`^${ROUTES.authorization}/([\\w-]{43})$`);

/** Someone who was nobody in this browser has just signed in, and has agreed to the service before: she gets a session, and goes back with a code.
 *  @returns where to; undefined when the library has to look at it. @see node_modules/oidc-provider/lib/actions/authorization/resume.js */
export function plainResumption({ live, config, cookies }: PlainParts, codes: PlainCodes, signIn: PlainSignIn) {
  const names = { session: sessionCookieName(config.isSecure), resume: resumeCookieName(config.isSecure) };

  /** What comes of the interaction is saved in the turn in which it ends: durable together. */
  const goOn = async (uid: string, issuing: Promise<string>): Promise<string> => {
    const ending = live.endInteraction(uid);
    const [to] = await Promise.all([issuing, ending]).catch(async (cause: unknown) => {
      const isOver = await ending.then(() => true, mayHaveBeenDone);
      throw isOver ? new UsedUp('interaction', cause) : cause;
    });
    return to;
  };

  return async (request: IncomingMessage, provider: Provider): Promise<Way | undefined> => {
    const { url: path = '' } = request;
    const uid = RESUMED.exec(path)?.[1];
    // With a session there is somebody to be told apart from who signs in, and its id to be changed.
    if (uid === undefined || cookies.has(request, names.session) || !cookies.maySet(request)) return undefined;
    const interaction = cookies.read(request, names.resume) === uid ? await live.interaction(uid) : undefined;
    const login = interaction && loginIn(interaction);
    const agreed = login && (await signIn.agree(interaction, login, provider));
    if (agreed === undefined) return undefined;
    return {
      to: await goOn(uid, codes.issue(agreed, provider.issuer)),
      cookies: [...cookies.linesOfEnd(names.resume, path), ...signIn.sessionCookie(agreed.session)],
    };
  };
}

/** The answer of an interaction, where it is a sign-in and nothing else. */
function loginIn({ result }: AdapterPayload): Login | undefined {
  if (result === undefined || Object.keys(result).join() !== 'login') return undefined;
  const { remember, accountId, ts, ...rest } = (result.login ?? {}) as Partial<Login> & { remember?: boolean };
  if (remember !== false || typeof accountId !== 'string' || accountId === '' || typeof ts !== 'number')
    return undefined;
  return { ...rest, accountId, ts };
}
