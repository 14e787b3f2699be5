import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { isStoreOutage } from '../../platform/store-outage.ts';
import type { OidcDeps } from '../oidc-deps.ts';
import { ROUTES } from '../provider-configuration.ts';
import type { Subjects } from '../subjects.ts';
import { liveArtifacts } from './live-artifacts.ts';
import { plainIntrospection } from './plain-introspection.ts';
import { hasUnusualHeaders, readPlainForm, sendJson } from './plain-request.ts';
import { plainTokens } from './plain-tokens.ts';
import { plainUserinfo } from './plain-userinfo.ts';

/** Answers what nearly every relying party asks and what goes well: a token for a code, a refresh, userinfo, introspection. It is for speed alone: whatever is
 *  unusual or wrong is the library's, which looks at it from the start, so no check that fails here is ever an answer, and each answer here is the library's own.
 *  @returns false when the library has to answer. */
export type PlainEndpoints = (
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean>;

export function plainEndpoints(deps: OidcDeps, subjects: Subjects): PlainEndpoints {
  const parts = {
    ...deps,
    subjects,
    live: liveArtifacts(deps),
    refreshTokenSeconds: deps.config.refreshTokenDays * 86_400,
  };
  const userinfo = plainUserinfo(parts);
  const ofForms = new Map([
    [ROUTES.token, plainTokens(parts)],
    [ROUTES.introspection, plainIntrospection(parts)],
  ] as const);

  const answerTo = async (request: IncomingMessage, provider: Provider): Promise<object | undefined> => {
    const { method, url } = request;
    if (method === 'GET') return url === ROUTES.userinfo ? userinfo(request, provider) : undefined;
    const ofForm = method === 'POST' ? ofForms.get(url as '/token') : undefined;
    const form = ofForm && (await readPlainForm(request));
    return ofForm && form && ofForm(request, form, provider);
  };

  return async (provider, request, response) => {
    if (hasUnusualHeaders(request)) return false;
    try {
      const answer = await answerTo(request, provider);
      if (answer === undefined) return false;
      sendJson(response, answer);
      return true;
    } catch (error) {
      // Nobody is there any more to be answered.
      if (request.destroyed && !request.complete) return true;
      // The library meets it again, and says so.
      if (!(error instanceof errors.OIDCProviderError) && !isStoreOutage(error))
        deps.log.error({ err: error }, 'oidc.plain_answer_failed');
      return false;
    }
  };
}
