import type { AccountLevel } from '../domain/assurance.ts';
import type { Locale, Translate } from '../i18n/translator.ts';
import type { CitizenSession, OidcGateway } from '../oidc/gateway.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { SecretHasher } from '../platform/secret-hashing.ts';
import type { Vault } from '../platform/vault.ts';

/** What this feature takes of the assembled app. */
export type MyAccountDeps = {
  db: Db;
  vault: Vault;
  hasher: SecretHasher;
  outbox: Pick<Outbox, 'enqueue' | 'nudge'>;
  clock: Clock;
  log: Log;
  /** HMAC key of the account in throttles. */
  fingerprintKey: Buffer;
  config: {
    issuer: string;
    isSecure: boolean;
    signInTries: number;
    signInWindowSeconds: number;
    codeTries: number;
    useHistoryYears: number;
  };
  gateway: Pick<OidcGateway, 'currentSession' | 'listSessions' | 'endSession' | 'endAccess' | 'endGrant'>;
  /** The client by which citizens sign in to these pages. */
  ownClientId: string;
  /** How a relying party calls itself; undefined when it is gone from the register. */
  findService: (clientId: string) => Promise<Service | undefined>;
  /** What was allowed, in the words in which it was asked for. */
  describeScopes: (context: WordingContext, scopes: readonly string[]) => Described[];
  describeClaims: (context: WordingContext, claims: readonly string[]) => Described[];
};

export type WordingContext = { t: Translate; clientName: string; accountLevel: AccountLevel | 0 };
export type Described = { title: string; content?: string | undefined };

export type Service = { name: Record<Locale, string> };

/** The citizen who acts, in her own session; `locale` is the language she is told in. */
export type Holder = { session: CitizenSession; locale: Locale };
