import { createHash } from 'node:crypto';
import type { AuditEntry } from '../domain/audit-event.ts';
import { insertRows } from '../platform/bulk-rows.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { runShort, type Statements, send, writeRows } from '../platform/prepared-queries.ts';

type AuditRow = {
  id: string;
  occurred_at: number;
  actor_kind: string;
  actor_id: string | null;
  actor_unit_code: string | null;
  action: string;
  account_id: string | null;
  reason: string | null;
  detail: string;
  sequence: number | null;
  chain_hash: string | null;
};

/** Appends an entry inside the caller's transaction, unsealed: chaining it here would put every activation in one line. */
export async function appendAudit(tx: Db, entry: AuditEntry): Promise<void> {
  await runShort(tx, () => auditAppended(entry));
}

const INSERT = `insert into audit_entries (id, occurred_at, actor_kind, actor_id, actor_unit_code, action, account_id, reason, detail)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The same within a short transaction. */
export function* auditAppended(entry: AuditEntry): Statements<void> {
  const row = rowOf(entry);
  yield* send(INSERT, [
    row.id,
    row.occurred_at,
    row.actor_kind,
    row.actor_id,
    row.actor_unit_code,
    row.action,
    row.account_id,
    row.reason,
    row.detail,
  ]);
}

export async function appendAudits(tx: Db, entries: readonly AuditEntry[]): Promise<void> {
  await insertRows(tx, 'audit_entries', entries.map(rowOf));
}

function rowOf(entry: AuditEntry): Omit<AuditRow, 'sequence' | 'chain_hash'> {
  return {
    id: newId(),
    occurred_at: entry.at.getTime(),
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id ?? null,
    actor_unit_code: entry.actor.unitCode ?? null,
    action: entry.action,
    account_id: entry.accountId ?? null,
    reason: entry.reason ?? null,
    detail: JSON.stringify(entry.detail ?? {}),
  };
}

export type AuditRecord = {
  occurredAt: Date;
  actorKind: string;
  actorId: string | null;
  action: string;
  reason: string | null;
  detail: Record<string, string | number | null>;
};

/** An account's entries, newest first. */
export async function listAuditOfAccount(db: Db, accountId: string, limit = 50): Promise<AuditRecord[]> {
  const rows = (await db('audit_entries')
    .where({ account_id: accountId })
    .orderBy([
      { column: 'occurred_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit)) as AuditRow[];
  return rows.map((row) => ({
    occurredAt: new Date(row.occurred_at),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    reason: row.reason,
    detail: JSON.parse(row.detail) as AuditRecord['detail'],
  }));
}

export const SEAL_BATCH = 500;
const GENESIS = '0'.repeat(64);

const SEAL = 'update audit_entries set sequence = ?, chain_hash = ? where id = ? and sequence is null';

/** Chains the entries that are not chained yet: each hash covers the entry and the hash before it, so that no entry can be
 *  altered or taken out unnoticed. One batch a call. @returns how many were sealed. */
export async function sealAudit(db: Db): Promise<number> {
  return inTransaction(db, async (tx) => {
    const open = (await tx('audit_entries').whereNull('sequence').orderBy('id').limit(SEAL_BATCH)) as AuditRow[];
    if (open.length === 0) return 0;
    const last = (await tx('audit_entries')
      .whereNotNull('sequence')
      .orderBy('sequence', 'desc')
      .first('sequence', 'chain_hash')) as Pick<AuditRow, 'sequence' | 'chain_hash'> | undefined;
    let sequence = last?.sequence ?? 0;
    let chain = last?.chain_hash ?? GENESIS;
    for (const row of open) {
      sequence += 1;
      chain = chainHash(chain, sequence, row);
      // The unique sequence makes two sealers at once impossible: the second one fails and seals later.
      await writeRows(tx, SEAL, [sequence, chain, row.id]);
    }
    return open.length;
  });
}

/** Recomputes the chain. @returns the first sequence number that does not fit, or undefined when all is as it was written. */
export async function verifyAudit(db: Db): Promise<{ checked: number; brokenAt?: number }> {
  let chain = GENESIS;
  let checked = 0;
  for (;;) {
    const rows = (await db('audit_entries')
      .where('sequence', '>', checked)
      .orderBy('sequence')
      .limit(SEAL_BATCH)) as AuditRow[];
    for (const row of rows) {
      chain = chainHash(chain, checked + 1, row);
      if (row.sequence !== checked + 1 || row.chain_hash !== chain) return { checked, brokenAt: checked + 1 };
      checked += 1;
    }
    if (rows.length < SEAL_BATCH) return { checked };
  }
}

function chainHash(before: string, sequence: number, row: AuditRow): string {
  const content = [
    row.id,
    row.occurred_at,
    row.actor_kind,
    row.actor_id,
    row.actor_unit_code,
    row.action,
    row.account_id,
    row.reason,
    row.detail,
  ];
  return createHash('sha256')
    .update(JSON.stringify([before, sequence, ...content]))
    .digest('hex');
}
