import type { OidcGateway } from '../oidc/gateway.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { CountOutcome } from '../platform/outcomes.ts';
import type { SecretHasher } from '../platform/secret-hashing.ts';
import type { Vault } from '../platform/vault.ts';

/** What this feature takes of the assembled app. */
export type RecoveryDeps = {
  db: Db;
  vault: Vault;
  hasher: SecretHasher;
  outbox: Pick<Outbox, 'enqueue' | 'nudge'>;
  clock: Clock;
  log: Log;
  /** Counts how a step of a person's way ended: a metric. */
  countOutcome?: CountOutcome;
  /** HMAC key of codes, of the typed pair and of addresses in limits. */
  fingerprintKey: Buffer;
  config: {
    isSecure: boolean;
    isSandbox: boolean;
    codeLifetimeSeconds: number;
    codeTries: number;
    codesPerPhonePerDay: number;
    attemptLifetimeSeconds: number;
    attemptsPerAccountPerHour: number;
    attemptsPerAddressPerHour: number;
    signInTries: number;
    signInWindowSeconds: number;
  };
  gateway: Pick<OidcGateway, 'endAccess'>;
};
