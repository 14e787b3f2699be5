import type { AccountLevel, AuthFactor, AuthLevel } from '../domain/assurance.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { Vault } from '../platform/vault.ts';
import type { ProtocolStore } from './adapters/protocol-store.ts';

/** A relying party as the register knows it; `metadata` is OpenID Connect client metadata without id and secret. */
export type RegisteredClient = {
  id: string;
  metadata: Readonly<Record<string, unknown>>;
  /** What is kept of its secret. */
  secretHmac?: string;
  origin: 'operator' | 'sandbox' | 'dynamic' | 'own';
  name: { vi: string; en: string };
  purpose?: { vi: string; en: string };
  leastAccountLevel: AccountLevel;
  leastAuthLevel: AuthLevel;
  essentialScopes: string[];
  legalBasis?: string;
  claimNames: 'standard' | 'legacy';
  mayIntrospectAll: boolean;
  disabledAt?: Date;
};

export type DynamicClient = { id: string; metadata: Record<string, unknown>; secret?: string; name: string };

export type SilentSignIn = { accountId: string; clientId: string; factors: AuthFactor[]; sessionUid: string; at: Date };
export type SilentConsent = {
  accountId: string;
  clientId: string;
  grantId: string;
  scopes: string[];
  claims: string[];
};

/** The sandbox's silent sign-in; absent where SANDBOX=false, and then the code that would use it is never configured. */
export type PersonaDeps = {
  /** @returns undefined for a key that is no persona's. */
  accountOf(personaKey: string): Promise<string | undefined>;
  /** What this account would prove second: an authenticator app's code where one is enrolled, else a message's. */
  secondFactorOf(accountId: string): Promise<'otp' | 'sms'>;
  recordSignIn(signIn: SilentSignIn): Promise<void>;
  recordConsent(consent: SilentConsent): Promise<void>;
};

export type OidcConfig = {
  issuer: string;
  isSecure: boolean;
  isSandbox: boolean;
  trustProxy: boolean;
  pkceRequired: 'always' | 'public-clients';
  allowPrivateFetch: boolean;
  sessionSeconds: number;
  refreshTokenDays: number;
  secrets: { cookieKeys: string[] };
};

export type OidcDeps = {
  config: OidcConfig;
  clock: Clock;
  log: Log;
  db: Db;
  vault: Vault;
  outbox: Pick<Outbox, 'enqueue' | 'handle' | 'nudge'>;
  protocolStore: ProtocolStore;
  clients: {
    find(id: string): Promise<RegisteredClient | undefined>;
    /** Whether `secret` is the one of which `kept` was made. */
    isSecret(kept: string, secret: string): boolean;
    insertDynamic(client: DynamicClient): Promise<void>;
    /** Whether a bearer token allows a dynamic registration; asked in production only. */
    isRegistrationToken(token: string): Promise<boolean>;
  };
  personas?: PersonaDeps;
  /** Called when a citizen goes to a relying party signed in. */
  recordUse(use: { clientId: string; accountId: string; usedAt: Date }): Promise<void>;
  /** Called once for each request that ended in an OAuth error: a metric. */
  countError?: (error: { endpoint: string; code: string }) => void;
};
