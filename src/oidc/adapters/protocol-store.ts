import type { Adapter, AdapterPayload } from 'oidc-provider';
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

/** What dies with a grant, of what is asked for in nearly every request. */
export type GrantedModel = 'AccessToken' | 'AuthorizationCode' | 'RefreshToken';

/** What the register knows of an account, as a scalar subquery for a statement of the same database: it comes with the token or the session that was asked for.
 *  `name`: what prepared statements with it are told apart by. `sql`: of an expression of the account's id. */
export type AboutAccount = { name: string; sql(accountId: string): string };

/** `about`: null where there is no such account; undefined where this store cannot tell, and who asks has to look. */
export type FoundGrant = { grant: AdapterPayload | undefined; about?: unknown };
export type FoundToken = FoundGrant & { token: AdapterPayload | undefined; session: AdapterPayload | undefined };
export type FoundSession = FoundGrant & { session: AdapterPayload | undefined };

export type MadeArtifact = { model: string; id: string; payload: AdapterPayload; expiresIn: number };
export type MadeToken = MadeArtifact & { model: GrantedModel };

/** What the register knows of the grant of an account to a client: its id, as a scalar subquery for a statement of the same database. `accountId` and `clientId`: expressions. */
export type GrantIdSql = (accountId: string, clientId: string) => string;

/** `cause`: why what was made could not be saved. */
export class SpentForNothing extends Error {
  override readonly name = 'SpentForNothing';

  constructor(cause: unknown) {
    super('used up, and nothing was made of it', { cause });
  }
}

/** What one request asks of several models, in as few round trips as the store is able to. Each artifact is the one that its adapter finds. */
export type TogetherStore = {
  /** A token, its grant, and, if it ends with one, its session. */
  findToken(model: GrantedModel, id: string, about?: AboutAccount): Promise<FoundToken>;
  /** What a token may keep as `sessionHandle`, of the session with this id, so that it is found sooner than by its uid. Undefined where it would not be. */
  sessionHandle?: (id: string) => string;
  /** A session by its id, and the grant that it knows for a client. */
  findSession(id: string, clientId: string, about?: AboutAccount): Promise<FoundSession>;
  findGrant(id: string, accountId: string, about?: AboutAccount): Promise<FoundGrant>;
  /** The grant that an account has given a client. Undefined where this store cannot ask the register: who asks has to look for its id. */
  findClientGrant(
    of: { accountId: string; clientId: string },
    idSql: GrantIdSql,
    about: AboutAccount,
  ): Promise<FoundGrant | undefined>;
  /** Saves all of them, or where it cannot be done as one, each. */
  saveAll(made: readonly MadeArtifact[]): Promise<void>;
  /** Uses up a code or a refresh token, and saves what is made of it, whose ids are new. Where it cannot be done as one, what was made may be there although this throws: nobody is
   *  to be told of it then. @throws InvalidGrant when it was used before, SpentForNothing when it is used up now and not all was saved. */
  redeem(model: GrantedModel, id: string, made: readonly MadeToken[]): Promise<void>;
};

/** Where the provider keeps sessions, codes, grants and tokens. */
export type ProtocolStore = TogetherStore & {
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
  /** Statements that PostgreSQL has not answered yet; undefined where none of it lies there. */
  statementsUnderWay?: (() => number) | undefined;
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
