import type { Adapter } from 'oidc-provider';
import type { Pool } from 'pg';
import type { Clock } from '../../platform/clock.ts';
import type { Vault } from '../../platform/vault.ts';
import type { RedisCommands } from './redis-commands.ts';

/** A sign-in session as its holder may see it. `clients` are the services signed in to through it, with the `sid` each was told. */
export type SessionSummary = {
  uid: string;
  accountId: string;
  loginAt: Date | undefined;
  expiresAt: Date | undefined;
  acr: string | undefined;
  amr: readonly string[];
  clients: readonly { clientId: string; sid: string | undefined; grantId: string | undefined }[];
};

/** `groupKey`: hash of the grant's id, in hex; the id itself is not kept at rest. */
export type RevokedGrant = { groupKey: string; clientId: string };

/** `isDone`: nothing expired was left when the sweep stopped; ask again otherwise. */
export type SweepResult = { deleted: number; isDone: boolean };

/** Where the provider keeps sessions, codes, grants and tokens. */
export type ProtocolStore = {
  /** For oidc-provider's `adapter` setting. */
  adapterFor: (model: string) => Adapter;
  listSessions(accountId: string): Promise<readonly SessionSummary[]>;
  /** Ends one session, even if a request that is under way saves it again. @returns what was ended, or undefined if there was none. */
  destroySession(uid: string): Promise<SessionSummary | undefined>;
  destroySessions(accountId: string): Promise<readonly SessionSummary[]>;
  /** Ends the grants of an account (to one client, or to all) and every token issued from them, now or by a request under way. */
  revokeGrants(accountId: string, clientId?: string): Promise<readonly RevokedGrant[]>;
  /** Deletes expired rows, looking at no more than `limit` rows. */
  sweep(now: Date, limit: number): Promise<SweepResult>;
  /** @throws when the store cannot answer. */
  ping(): Promise<void>;
  /** Waits for writes under way and lets go of what the store itself opened. */
  close(): Promise<void>;
};

export type ProtocolStoreSettings = {
  clock: Clock;
  /** Seals models that carry a service's request parameters: a `login_hint` may hold a citizen id. */
  vault: Pick<Vault, 'seal' | 'open'>;
  /** Keeps the model 'Client', which is not protocol state. Asking for it without this is an error. */
  clientAdapter?: Adapter;
  /** No token or session may live longer: the memory of a revocation is kept this long. Default 31 days. */
  longestLifeSeconds?: number;
  /** How long after its expiry an artifact may still be read; oidc-provider's own `clockTolerance` judges it. Default 15. */
  clockToleranceSeconds?: number;
};

/** `NORMAL` survives the death of the process, `FULL` also the loss of power. */
export type SqliteTarget = { kind: 'sqlite'; file: string; synchronous?: 'NORMAL' | 'FULL' };
/** The pool stays its owner's: `close` does not end it. Its clients need `pipeline: true`. */
export type PostgresTarget = { kind: 'postgres'; pool: Pool };
/** Redis keeps what lives shortly; grants, refresh tokens and registration tokens go to `durable`, which `close` closes too. */
export type RedisTarget = { kind: 'redis'; redis: RedisCommands; durable: ProtocolStore; prefix?: string };

export type ProtocolStoreOptions = ProtocolStoreSettings & (SqliteTarget | PostgresTarget | RedisTarget);
