import type { AdapterPayload, Provider } from 'oidc-provider';
import { epochSeconds } from '../../platform/clock.ts';
import { newSecret } from '../../platform/ids.ts';
import { sessionCookieName } from '../provider-configuration.ts';
import type { Agreed, PlainCodes } from './plain-codes.ts';
import type { PlainParts } from './plain-parts.ts';
import type { Way } from './plain-request.ts';
import { wishOf } from './plain-wish.ts';

/** What an interaction's answer says of a sign-in; `ts` in epoch seconds. */
export type Login = { accountId: string; acr?: string; amr?: string[]; ts: number };

/** A second press of the button, on a slow line, still finds the request that the first one answered. */
const SECOND_PRESS_SECONDS = 60;

export type PlainSignIn = {
  /** Whether who has just signed in, and was nobody in this browser, may go back to the service at once: she has agreed to it before.
   *  @returns undefined when the library has to look at it. */
  agree(interaction: AdapterPayload, login: Login, provider: Provider): Promise<Agreed | undefined>;
  /** The header lines by which the browser is told its new session. */
  sessionCookie(session: AdapterPayload): string[];
  /** Sends her back with a code from the form itself: the address at which the library would go on (`/authorize/<uid>`) makes the same of the same, one request later.
   *  `seen`: the interaction as it was found before her password was judged; `still`: as it is now. `record` saves what else her sign-in leaves behind, and is called when it is certain. @returns undefined, with nothing done, when the library has to go on there. */
  goBack(
    interaction: { seen: AdapterPayload; still: Promise<AdapterPayload | undefined> },
    login: Login,
    provider: Provider,
    record: () => Promise<void>,
  ): Promise<Required<Pick<Way, 'to' | 'cookies'>> | undefined>;
};

/** @see node_modules/oidc-provider/lib/actions/authorization/resume.js */
export function plainSignIn({ config, clock, cookies }: PlainParts, codes: PlainCodes): PlainSignIn {
  const cookieName = sessionCookieName(config.isSecure);

  /** A session of its own for this sign-in: no id of it was ever told to anybody. */
  const newSession = (login: Login): AdapterPayload | undefined => {
    const now = epochSeconds(clock);
    const exp = login.ts + config.sessionSeconds;
    if (exp <= now) return undefined;
    const { accountId, acr, amr, ts: loginTs } = login;
    const ids = { jti: newSecret(), uid: newSecret() };
    return { ...ids, kind: 'Session', iat: now, exp, accountId, acr, amr, loginTs, transient: true };
  };

  const agree: PlainSignIn['agree'] = async (interaction, login, provider) => {
    const session = beganPlainly(interaction) ? newSession(login) : undefined;
    const wish = session && wishOf((interaction.params ?? {}) as Record<string, string>);
    return wish && codes.agree({ session, held: undefined }, await provider.Client.find(wish.client_id), wish);
  };
  const sessionCookie = ({ jti = '' }: AdapterPayload): string[] => cookies.lines(cookieName, jti, { path: '/' });

  return {
    agree,
    sessionCookie,
    async goBack({ seen, still }, login, provider, record) {
      const [agreed, interaction] = await Promise.all([agree(seen, login, provider), still]);
      if (agreed === undefined || interaction === undefined) return undefined;
      if (interaction.result !== undefined || !beganPlainly(interaction)) return undefined;
      const until = Math.min(interaction.exp ?? 0, epochSeconds(clock) + SECOND_PRESS_SECONDS);
      const answered = { model: 'Interaction', payload: { ...interaction, exp: until } } as const;
      // In one turn, so that they share their commits.
      const [to] = await Promise.all([codes.issue(agreed, provider.issuer, [answered]), record()]);
      return { to, cookies: sessionCookie(agreed.session) };
    },
  };
}

/** With nobody, by itself, and with nothing else to it. */
function beganPlainly({ session, deviceCode, parJti, trusted, lastSubmission, grantId }: AdapterPayload): boolean {
  return [session, deviceCode, parJti, trusted, lastSubmission, grantId].every((one) => one === undefined);
}
