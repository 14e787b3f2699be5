import type { AccountLevel, AuthLevel } from '../domain/assurance.ts';
import type { Db } from '../platform/database.ts';

/** A relying party as it is registered. `metadata` is OpenID Connect client metadata without `client_id` and without the secret. */
export type ClientRecord = {
  id: string;
  metadata: Readonly<Record<string, unknown>>;
  /** `<keyId>.<HMAC-SHA-256>` of the secret, which is shown once and not kept. */
  secretHmac?: string;
  origin: 'operator' | 'sandbox' | 'dynamic' | 'own';
  name: { vi: string; en: string };
  purpose?: { vi: string; en: string };
  leastAccountLevel: AccountLevel;
  leastAuthLevel: AuthLevel;
  essentialScopes: string[];
  /** The law by which it may read the citizen id; without it `citizen_id` is never told. */
  legalBasis?: string;
  claimNames: 'standard' | 'legacy';
  mayIntrospectAll: boolean;
  /** The relying party whose totals this machine may report, beside its own. */
  reportsFor?: string;
  disabledAt?: Date;
  createdAt: Date;
};

export type NewClient = Omit<ClientRecord, 'createdAt' | 'disabledAt'>;

type ClientRow = {
  id: string;
  metadata: string;
  secret_hmac: string | null;
  origin: ClientRecord['origin'];
  name_vi: string;
  name_en: string;
  purpose_vi: string | null;
  purpose_en: string | null;
  least_account_level: AccountLevel;
  least_auth_level: AuthLevel;
  essential_scopes: string;
  legal_basis: string | null;
  claim_names: ClientRecord['claimNames'];
  may_introspect_all: number;
  reports_for: string | null;
  disabled_at: number | null;
  created_at: number;
  updated_at: number;
};

/** A disabled client is found too; `disabledAt` tells. */
export async function findClient(db: Db, id: string): Promise<ClientRecord | undefined> {
  const row = (await db('clients').where({ id }).first()) as ClientRow | undefined;
  return row && clientOf(row);
}

export async function listClients(db: Db): Promise<ClientRecord[]> {
  return ((await db('clients').orderBy('id')) as ClientRow[]).map(clientOf);
}

/** @throws a unique violation when the id is taken. */
export async function insertClient(tx: Db, client: NewClient, now: Date): Promise<void> {
  await tx('clients').insert(rowOf(client, now));
}

/** Inserts a client or brings it up to date; a disabled one stays disabled. */
export async function putClient(tx: Db, client: NewClient, now: Date): Promise<void> {
  const { created_at: _created, disabled_at: _disabled, ...changing } = rowOf(client, now);
  await tx('clients').insert(rowOf(client, now)).onConflict('id').merge(Object.keys(changing));
}

/** @returns false when there is no such client, or it was disabled before. */
export async function changeToDisabled(tx: Db, id: string, now: Date): Promise<boolean> {
  const changed = await tx('clients')
    .where({ id })
    .whereNull('disabled_at')
    .update({ disabled_at: now.getTime(), updated_at: now.getTime() });
  return changed === 1;
}

/** What is kept of the same secret, under another key. Does nothing when the secret has changed meanwhile. */
export async function replaceSecretHmac(db: Db, from: string, to: string): Promise<void> {
  await db('clients').where({ secret_hmac: from }).update({ secret_hmac: to });
}

function rowOf(client: NewClient, now: Date): ClientRow {
  return {
    id: client.id,
    metadata: JSON.stringify(client.metadata),
    secret_hmac: client.secretHmac ?? null,
    origin: client.origin,
    name_vi: client.name.vi,
    name_en: client.name.en,
    purpose_vi: client.purpose?.vi ?? null,
    purpose_en: client.purpose?.en ?? null,
    least_account_level: client.leastAccountLevel,
    least_auth_level: client.leastAuthLevel,
    essential_scopes: client.essentialScopes.join(' '),
    legal_basis: client.legalBasis ?? null,
    claim_names: client.claimNames,
    may_introspect_all: client.mayIntrospectAll ? 1 : 0,
    reports_for: client.reportsFor ?? null,
    disabled_at: null,
    created_at: now.getTime(),
    updated_at: now.getTime(),
  };
}

function clientOf(row: ClientRow): ClientRecord {
  return {
    id: row.id,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    origin: row.origin,
    name: { vi: row.name_vi, en: row.name_en },
    leastAccountLevel: row.least_account_level,
    leastAuthLevel: row.least_auth_level,
    essentialScopes: row.essential_scopes.split(' ').filter((scope) => scope !== ''),
    claimNames: row.claim_names,
    mayIntrospectAll: row.may_introspect_all === 1,
    createdAt: new Date(row.created_at),
    ...(row.reports_for === null ? {} : { reportsFor: row.reports_for }),
    ...(row.secret_hmac === null ? {} : { secretHmac: row.secret_hmac }),
    ...(row.purpose_vi === null ? {} : { purpose: { vi: row.purpose_vi, en: row.purpose_en ?? row.purpose_vi } }),
    ...(row.legal_basis === null ? {} : { legalBasis: row.legal_basis }),
    ...(row.disabled_at === null ? {} : { disabledAt: new Date(row.disabled_at) }),
  };
}
