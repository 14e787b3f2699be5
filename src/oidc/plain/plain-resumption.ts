import type { IncomingMessage } from 'node:http';
import type { AdapterPayload, Provider } from 'oidc-provider';
import { epochSeconds } from '../../platform/clock.ts';
import { newSecret } from '../../platform/ids.ts';
import { mayHaveBeenDone } from '../../platform/store-outage.ts';
import type { RequestCookies } from '../../web/request-cookies.ts';
import { ROUTES, resumeCookieName, sessionCookieName } from '../provider-configuration.ts';
import type { PlainCodes } from './plain-codes.ts';
import type { PlainParts } from './plain-parts.ts';
import type { Way } from './plain-request.ts';
import { type Wish, wishOf } from './plain-wish.ts';
import { UsedUp } from './used-up.ts';

/** An id as the library and we make them: nothing in it that could be an encoding. */
const RESUMED = new RegExp(`^${ROUTES.authorization}/([\\w-]{43})$`);

/** Someone who was nobody in this browser has just signed in, and has agreed to the service before: she gets a session, and goes back with a code.
 *  @returns where to; undefined when the library has to look at it. @see node_modules/oidc-provider/lib/actions/authorization/resume.js */
export function plainResumption({ live, config, clock }: PlainParts, codes: PlainCodes, cookies: RequestCookies) {
  const names = { session: sessionCookieName(config.isSecure), resume: resumeCookieName(config.isSecure) };

  /** A session of its own for this sign-in: no id of it was ever told to anybody. */
  const newSession = (login: Login): AdapterPayload | undefined => {
    const now = epochSeconds(clock);
    const exp = login.ts + config.sessionSeconds;
    if (exp <= now) return undefined;
    const { accountId, acr, amr, ts: loginTs } = login;
    const ids = { jti: newSecret(), uid: newSecret() };
    return { ...ids, kind: 'Session', iat: now, exp, accountId, acr, amr, loginTs, transient: true };
  };

  const find = async (uid: string): Promise<{ wish: Wish; session: AdapterPayload } | undefined> => {
    const interaction = await live.interaction(uid);
    const login = interaction && loginOf(interaction);
    const session = login && newSession(login);
    const wish = session && wishOf((interaction?.params ?? {}) as Record<string, string>);
    return wish && { wish, session };
  };

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
    const found = cookies.read(request, names.resume) === uid ? await find(uid) : undefined;
    if (found === undefined) return undefined;
    const { wish, session } = found;
    const client = await provider.Client.find(wish.client_id);
    const agreed = await codes.agree({ session, held: undefined }, client, wish);
    if (agreed === undefined) return undefined;
    return {
      to: await goOn(uid, codes.issue(agreed, provider.issuer)),
      cookies: [
        ...cookies.linesOfEnd(names.resume, path),
        ...cookies.lines(names.session, session.jti ?? '', { path: '/' }),
      ],
    };
  };
}

type Login = { accountId: string; acr?: string; amr?: string[]; ts: number };

/** The answer of an interaction that began with nobody and by itself, and is a sign-in and nothing else. */
function loginOf(interaction: AdapterPayload): Login | undefined {
  const { result, session, deviceCode, parJti, trusted, lastSubmission, grantId } = interaction;
  const hasMore = [session, deviceCode, parJti, trusted, lastSubmission, grantId].some((one) => one !== undefined);
  if (hasMore || result === undefined || Object.keys(result).join() !== 'login') return undefined;
  const { remember, accountId, ts, ...rest } = (result.login ?? {}) as Partial<Login> & { remember?: boolean };
  if (remember !== false || typeof accountId !== 'string' || accountId === '' || typeof ts !== 'number')
    return undefined;
  return { ...rest, accountId, ts };
}
