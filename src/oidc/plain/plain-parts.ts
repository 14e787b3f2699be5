import type { CountUse } from '../count-uses.ts';
import type { OidcDeps } from '../oidc-deps.ts';
import type { Subjects } from '../subjects.ts';
import type { LiveArtifacts } from './live-artifacts.ts';

export type PlainParts = Pick<OidcDeps, 'config' | 'db' | 'clock' | 'vault'> & {
  subjects: Subjects;
  live: LiveArtifacts;
  countUse: CountUse;
  refreshTokenSeconds: number;
};
