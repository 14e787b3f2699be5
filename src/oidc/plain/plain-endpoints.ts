import type { IncomingMessage } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { isStoreOutage } from '../../platform/store-outage.ts';
import { NOBODY_THERE, type ProgramAnswer } from '../../web/program-requests.ts';
import type { OidcDeps } from '../oidc-deps.ts';
import { ROUTES, sessionCookieName } from '../provider-configuration.ts';
import { plainAuthorization } from './plain-authorization.ts';
import type { PlainCodes } from './plain-codes.ts';
import { plainInteraction } from './plain-interaction.ts';
import { plainIntrospection } from './plain-introspection.ts';
import type { PlainParts } from './plain-parts.ts';
import { hasUnusualHeaders, jsonAnswer, readPlainForm, wayTo } from './plain-request.ts';
import { plainResumption } from './plain-resumption.ts';
import type { PlainSignIn } from './plain-sign-in.ts';
import { plainTokens } from './plain-tokens.ts';
import { plainUserinfo } from './plain-userinfo.ts';
import { rememberUsedUp, UsedUp } from './used-up.ts';

/** Answers what nearly every relying party asks and what goes well: the way to the sign-in and back, the way back of who is signed in, a token for a code, a refresh, userinfo,
 *  introspection. It is for speed alone: whatever is unusual or wrong is the library's, which looks at it from the start, so no check that fails here is ever an answer, and each answer
 *  here is the library's own. @returns undefined when the library has to answer. */
export type PlainEndpoints = (provider: Provider, request: IncomingMessage) => Promise<ProgramAnswer | undefined>;

export function plainEndpoints(
  deps: Pick<OidcDeps, 'config' | 'log'>,
  parts: PlainParts,
  { codes, signIn }: { codes: PlainCodes; signIn: PlainSignIn },
): PlainEndpoints {
  const { cookies } = parts;
  const authorization = plainAuthorization(parts, codes);
  const resumption = plainResumption(parts, codes, signIn);
  const interaction = plainInteraction(parts);
  const sessionCookie = sessionCookieName(deps.config.isSecure);
  const userinfo = plainUserinfo(parts);
  const ofForms = new Map([
    [ROUTES.token, plainTokens(parts)],
    [ROUTES.introspection, plainIntrospection(parts)],
  ] as const);

  const answerForm = async (request: IncomingMessage, provider: Provider): Promise<object | undefined> => {
    const ofForm = ofForms.get(request.url as '/token');
    const form = ofForm && (await readPlainForm(request));
    return ofForm && form && ofForm(request, form, provider);
  };
  const wayOf = (request: IncomingMessage, url: string): typeof authorization => {
    if (!url.startsWith(`${ROUTES.authorization}?`)) return resumption;
    return cookies.has(request, sessionCookie) ? authorization : interaction;
  };
  const prepare: PlainEndpoints = async (provider, request) => {
    const { method, url = '' } = request;
    if (method === 'GET' && url.startsWith(ROUTES.authorization)) {
      const way = await wayOf(request, url)(request, provider);
      return way && wayTo(way);
    }
    const answer =
      method === 'POST'
        ? await answerForm(request, provider)
        : method === 'GET' && url === ROUTES.userinfo
          ? await userinfo(request, provider)
          : undefined;
    return answer === undefined ? undefined : jsonAnswer(answer);
  };

  return async (provider, request) => {
    if (hasUnusualHeaders(request)) return undefined;
    try {
      return await prepare(provider, request);
    } catch (error) {
      // Nobody is there any more to be answered.
      if (request.destroyed && !request.complete) return NOBODY_THERE;
      const isUsedUp = error instanceof UsedUp;
      if (isUsedUp) rememberUsedUp(request, error);
      const reason = isUsedUp ? error.cause : error;
      // The library meets it again, and says so; of a code it says only that it is used.
      const isOfCode = isUsedUp && error.what === 'code';
      const isMetAgain = reason instanceof errors.OIDCProviderError || (isStoreOutage(reason) && !isOfCode);
      if (!isMetAgain) deps.log.error({ err: reason }, 'oidc.plain_answer_failed');
      return undefined;
    }
  };
}
