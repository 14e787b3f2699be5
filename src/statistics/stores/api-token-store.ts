import { createHash } from 'node:crypto';
import type { Db } from '../../platform/database.ts';
import { newId, newSecret } from '../../platform/ids.ts';

/** What a token opens: every figure of the statistics, or the registration of clients. */
export type ApiTokenRole = 'statistics_full' | 'registration';

export type ApiToken = {
  readonly id: string;
  readonly role: ApiTokenRole;
  /** A token of one unit opens the figures of that unit alone. */
  readonly unitCode?: string;
  readonly label: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  readonly disabledAt?: Date;
};

type ApiTokenRow = {
  id: string;
  token_hash: string;
  role: ApiTokenRole;
  unit_code: string | null;
  label: string;
  created_at: number;
  expires_at: number | null;
  disabled_at: number | null;
};

/** Marks a token of ours where it should not be: in a log, in a repository. */
const PREFIX = 'ddt_';

/** Makes a token. Only its hash is kept: `token` is shown once, here. */
export async function issueApiToken(
  db: Db,
  input: { role: ApiTokenRole; unitCode?: string; label: string; now: Date; expiresAt?: Date },
): Promise<{ id: string; token: string }> {
  const id = newId();
  const token = `${PREFIX}${newSecret(32)}`;
  await db('api_tokens').insert({
    id,
    token_hash: hashOf(token),
    role: input.role,
    unit_code: input.unitCode ?? null,
    label: input.label,
    created_at: input.now.getTime(),
    expires_at: input.expiresAt?.getTime() ?? null,
    disabled_at: null,
  });
  return { id, token };
}

/** The usable token behind a secret. Looked up by hash: nothing about a guess can be learned from the time it takes.
 *  @returns undefined when unknown, disabled or expired; which of them is nobody's business. */
export async function findApiToken(db: Db, token: string, now: Date): Promise<ApiToken | undefined> {
  return findUsable(db, { token_hash: hashOf(token) }, now);
}

/** The same for a token that proved itself before. */
export async function findApiTokenById(db: Db, id: string, now: Date): Promise<ApiToken | undefined> {
  return findUsable(db, { id }, now);
}

/** @returns false when there is no such token or it was disabled before. */
export async function disableApiToken(db: Db, id: string, now: Date): Promise<boolean> {
  return (await db('api_tokens').where({ id }).whereNull('disabled_at').update({ disabled_at: now.getTime() })) === 1;
}

async function findUsable(
  db: Db,
  key: { token_hash: string } | { id: string },
  now: Date,
): Promise<ApiToken | undefined> {
  const row = (await db('api_tokens').where(key).first()) as ApiTokenRow | undefined;
  if (row === undefined || row.disabled_at !== null) return undefined;
  if (row.expires_at !== null && row.expires_at <= now.getTime()) return undefined;
  return tokenOf(row);
}

/** SHA-256 is enough: 256 random bits are not guessed, so there is nothing for a slow hash to slow down. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function tokenOf(row: ApiTokenRow): ApiToken {
  return {
    id: row.id,
    role: row.role,
    label: row.label,
    createdAt: new Date(row.created_at),
    ...(row.unit_code === null ? {} : { unitCode: row.unit_code }),
    ...(row.expires_at === null ? {} : { expiresAt: new Date(row.expires_at) }),
    ...(row.disabled_at === null ? {} : { disabledAt: new Date(row.disabled_at) }),
  };
}
