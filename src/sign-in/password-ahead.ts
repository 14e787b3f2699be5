import type { IncomingMessage } from 'node:http';
import { instantText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import type { InteractionView, OidcGateway } from '../oidc/gateway.ts';
import { requestAddress } from '../web/client-address.ts';
import { cookieNames } from '../web/cookies.ts';
import { csrfKeys } from '../web/csrf.ts';
import { namedFields, readFormAhead } from '../web/forms.ts';
import { firstSupported } from '../web/locale.ts';
import { NOBODY_THERE, type ProgramAnswer, type ProgramEndpoint } from '../web/program-requests.ts';
import { requestCookies } from '../web/request-cookies.ts';
import { deviceLabel } from './device-label.ts';
import { deviceCookieOf, deviceTokensIn } from './known-device.ts';
import { type PasswordOutcome, provePassword, type TypedSignIn } from './prove-password.ts';
import { recordSignIn } from './record-sign-in.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export type PasswordAheadDeps = SignInDeps & {
  config: { issuer: string; trustProxy: boolean; secrets: { cookieKeys: string[] } };
  gateway: Pick<OidcGateway, 'findInteractionAhead' | 'finishLoginAhead'>;
};

export type PasswordAhead = {
  endpoint: ProgramEndpoint;
  /** What came of the password that this request brought, where the pages have to go on from it. */
  outcomeOf(request: IncomingMessage): PasswordOutcome | undefined;
};

const FACTORS = ['pwd'] as const;

/** The sign-in that nearly everybody does: the right password and nothing else, in a browser that she has used before. It is answered ahead of the pages, by the
 *  redirect alone. It is for speed: whatever is unusual is the pages', which look at it from the start; whatever is wrong too, but that the password is not judged
 *  again, so that one try is counted once.
 *  @param onServed one more was answered, for the measure of what this process can do. */
export function passwordAhead(deps: PasswordAheadDeps, onServed: () => void): PasswordAhead {
  const { config, gateway } = deps;
  const names = cookieNames(config.isSecure);
  const cookies = requestCookies(config);
  const keys = csrfKeys(config.secrets.cookieKeys);
  const issuerOrigin = new URL(config.issuer).origin;
  const outcomes = new WeakMap<IncomingMessage, PasswordOutcome>();

  /** @returns undefined when she has to be shown a page. */
  const signIn = async (
    request: IncomingMessage,
    view: InteractionView,
    typed: TypedSignIn,
  ): Promise<ProgramAnswer | undefined> => {
    const outcome = await provePassword(deps, typed);
    outcomes.set(request, outcome);
    if (outcome.kind !== 'right' || outcome.deviceId === undefined) return undefined;
    const { accountId, deviceId, provedAt: signedInAt, settled } = outcome;
    const { id: clientId } = view.client;
    const now = deps.clock();
    const { deviceTokens: tokens, deviceLabel: label } = typed;
    const locale = firstSupported(view.uiLocales) ?? 'vi';
    // Only if she forgets this device in another window meanwhile.
    const newDeviceSms = (): string =>
      translator(locale)('sms.new_device', { device: label, time: instantText(locale, now) });
    const device = { knownId: deviceId, tokens, label, newDeviceSms };
    let newToken: string | undefined;
    const way = await gateway.finishLoginAhead(request, { accountId, factors: FACTORS, signedInAt }, async () => {
      newToken = await recordSignIn(deps, { accountId, clientId, factors: FACTORS, settled, device });
    });
    if (way === undefined) return undefined;
    const { value, maxAgeSeconds } = deviceCookieOf(newToken === undefined ? tokens : [newToken, ...tokens]);
    const until = new Date(now.getTime() + maxAgeSeconds * 1000);
    const lines = [...cookies.lines(names.device, value, { path: '/', until }), ...way.cookies];
    const told = lines.flatMap((line) => ['Set-Cookie', line]);
    return {
      status: 303,
      fields: ['Cache-Control', 'no-store', ...told, 'Location', way.to, 'Content-Length', '0'],
      body: '',
      event: { name: 'sign_in.succeeded', fields: { accountId, clientId, authLevel: 1 } },
    };
  };

  const prepare = async (request: IncomingMessage): Promise<ProgramAnswer | undefined> => {
    if (request.method !== 'POST' || !cookies.maySet(request)) return undefined;
    const tokens = deviceTokensIn(cookies.read(request, names.device));
    const visitor = cookies.read(request, names.visitor);
    if (tokens.length === 0 || visitor === undefined) return undefined;
    const view = await gateway.findInteractionAhead(request);
    if (view?.prompt !== 'login' || view.requiredAuthLevel !== 1) return undefined;
    const form = await readFormAhead(request, { issuerOrigin, visitor, csrfKeys: keys });
    if (form === undefined) return undefined;
    const { citizen_id: citizenId, password } = namedFields(form, ['citizen_id', 'password']);
    const typed: TypedSignIn = {
      citizenId,
      password,
      address: requestAddress(request, config.trustProxy),
      deviceTokens: tokens,
      deviceLabel: deviceLabel(request.headers['user-agent'] ?? ''),
      clientId: view.client.id,
    };
    let answer: ProgramAnswer | undefined;
    const isServed = await deps.hasher.serve(typed.address, async () => {
      answer = await signIn(request, view, typed);
    });
    if (isServed) onServed();
    return answer;
  };

  return {
    endpoint: {
      route: '/interaction/:uid/password',
      isBegun: true,
      prepare: (request) =>
        prepare(request).catch((error: unknown) => {
          if (request.destroyed && !request.complete) return NOBODY_THERE;
          // The pages go on from where it stands, or meet it again and say so.
          deps.log.warn({ err: error }, 'sign_in.not_answered_ahead');
          return undefined;
        }),
    },
    outcomeOf: (request) => outcomes.get(request),
  };
}
