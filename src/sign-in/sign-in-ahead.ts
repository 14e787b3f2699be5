import { learnedLocales } from '../web/learned-locales.ts';
import type { ProgramEndpoint } from '../web/program-requests.ts';
import { firstPages } from './first-page.ts';
import { type PageAheadDeps, pageAhead } from './page-ahead.ts';
import { type PasswordAhead, type PasswordAheadDeps, passwordAhead } from './password-ahead.ts';
import type { SignInPagesDeps } from './sign-in-deps.ts';

export type SignInAhead = Pick<PasswordAhead, 'outcomeOf'> &
  Pick<SignInPagesDeps, 'first'> & {
    endpointAt(path: string): ProgramEndpoint | undefined;
  };

const INTERACTION = /^\/interaction\/[\w-]+(\/password)?$/;

/** What of a sign-in is answered ahead of the pages: the page of the password, and its form. */
export function signInAhead(deps: Omit<PageAheadDeps, 'first'> & PasswordAheadDeps, onServed: () => void): SignInAhead {
  const locales = learnedLocales((headers) => headers['accept-language'] ?? '');
  const first = { page: firstPages(), locales };
  const page = pageAhead({ ...deps, first });
  const password = passwordAhead(deps, onServed);
  return {
    first,
    outcomeOf: (request) => password.outcomeOf(request),
    endpointAt(path) {
      const found = INTERACTION.exec(path);
      if (found === null) return undefined;
      return found[1] === undefined ? page : password.endpoint;
    },
  };
}
