import { type RequestCookies, requestCookies } from '../../web/request-cookies.ts';
import type { CountUse } from '../count-uses.ts';
import type { OidcDeps } from '../oidc-deps.ts';
import type { Subjects } from '../subjects.ts';
import { type LiveArtifacts, liveArtifacts } from './live-artifacts.ts';

export type PlainParts = Pick<OidcDeps, 'config' | 'db' | 'clock' | 'vault'> & {
  subjects: Subjects;
  live: LiveArtifacts;
  cookies: RequestCookies;
  countUse: CountUse;
  refreshTokenSeconds: number;
};

export function plainParts(deps: OidcDeps, own: Pick<PlainParts, 'subjects' | 'countUse'>): PlainParts {
  return {
    ...deps,
    ...own,
    live: liveArtifacts(deps),
    cookies: requestCookies(deps.config),
    refreshTokenSeconds: deps.config.refreshTokenDays * 86_400,
  };
}
