import type { OidcGateway } from '../oidc/gateway.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { CountOutcome } from '../platform/outcomes.ts';
import type { SecretHasher } from '../platform/secret-hashing.ts';
import type { Vault } from '../platform/vault.ts';
import type { LearnedLocales } from '../web/learned-locales.ts';
import type { FirstPages } from './first-page.ts';

/** What this feature takes of the assembled app. */
export type SignInDeps = {
  db: Db;
  vault: Vault;
  hasher: SecretHasher;
  outbox: Pick<Outbox, 'enqueue' | 'nudge'>;
  clock: Clock;
  log: Log;
  /** Counts how a step of a person's way ended: a metric. */
  countOutcome?: CountOutcome;
  /** HMAC key of codes, of typed ids and of addresses in throttles. */
  fingerprintKey: Buffer;
  config: {
    isSecure: boolean;
    isSandbox: boolean;
    signInTries: number;
    signInWindowSeconds: number;
    signInTriesPerAddress: number;
    codeLifetimeSeconds: number;
    codeTries: number;
    codesPerPhonePerDay: number;
    attemptLifetimeSeconds: number;
  };
  gateway: Pick<OidcGateway, 'findInteraction' | 'finishLogin' | 'finishConsent' | 'finishError'>;
};

/** Of the pages, which share with what is answered ahead of them the page that nearly everybody sees, and what they learn of browsers' languages. */
export type SignInPagesDeps = SignInDeps & { first: { page: FirstPages; locales: LearnedLocales } };
