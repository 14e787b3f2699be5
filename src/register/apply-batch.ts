import { appendAudits } from '../audit/audit-store.ts';
import type { AuditEntry } from '../domain/audit-event.ts';
import { type Db, inTransaction, isUniqueViolation } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import { applyRow, type RowOutcome } from './apply-row.ts';
import { holdersOf, type IndexedRow, readKnownRegister } from './known-register.ts';
import { saveBatch } from './save-batch.ts';

export type BatchContext = {
  readonly now: Date;
  readonly isDryRun?: boolean;
  readonly actor?: AuditEntry['actor'];
  /** Written in the same transaction as the rows. */
  readonly alongside?: (tx: Db) => Promise<void>;
};

const MAX_TRIES = 3;
/** Rows that are read, merged and written together. A transaction takes several such pieces: what it needs of memory depends on the piece, and what the
 *  database writes on the transaction, for the pages of the counters are touched by every piece and written once. */
const ROWS_AT_ONCE = 1_000;

/** Applies rows to the register in one transaction: all of them that are not refused, or none. @returns an outcome for each row, in their order. */
export async function applyBatch(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  rows: readonly IndexedRow[],
  context: BatchContext,
): Promise<RowOutcome[]> {
  if (rows.length === 0) return [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(db, async (tx) => {
        const outcomes: RowOutcome[] = [];
        const changedAccountIds = new Set<string>();
        for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
          const piece = await applyPiece(tx, vault, rows.slice(at, at + ROWS_AT_ONCE), context);
          outcomes.push(...piece.outcomes);
          for (const id of piece.changedAccountIds) changedAccountIds.add(id);
        }
        if (context.isDryRun !== true && outcomes.some(isNews))
          await appendAudits(tx, auditEntries({ rows, outcomes, changedAccountIds, context }));
        await context.alongside?.(tx);
        return outcomes;
      });
    } catch (error) {
      // Another process brought the same person after we had looked: look again, and meet her as one who is known.
      if (!isUniqueViolation(error) || attempt >= MAX_TRIES) throw error;
    }
  }
}

async function applyPiece(
  tx: Db,
  vault: Vault,
  rows: readonly IndexedRow[],
  context: BatchContext,
): Promise<{ outcomes: RowOutcome[]; changedAccountIds: readonly string[] }> {
  const known = await readKnownRegister(tx, rows);
  const outcomes = rows.map((row) => applyRow(known, row, context.now));
  if (context.isDryRun === true || !outcomes.some(isNews)) return { outcomes, changedAccountIds: [] };
  return { outcomes, changedAccountIds: await saveBatch(tx, vault, holdersOf(known), context.now) };
}

function isNews({ kind }: RowOutcome): boolean {
  return kind === 'added' || kind === 'updated';
}

/** One entry for the batch, which stands for all accounts it made, and one for each account that was there before and changed. */
function auditEntries(batch: {
  rows: readonly IndexedRow[];
  outcomes: readonly RowOutcome[];
  changedAccountIds: ReadonlySet<string>;
  context: BatchContext;
}): AuditEntry[] {
  const { rows, outcomes, changedAccountIds, context } = batch;
  const count = (kind: RowOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  const base = {
    at: context.now,
    actor: context.actor ?? ({ kind: 'system' } as const),
    action: 'person.imported',
  } as const;
  const detail = {
    added: count('added'),
    updated: count('updated'),
    first_line: rows[0]?.line ?? null,
    last_line: rows.at(-1)?.line ?? null,
  };
  return [{ ...base, detail }, ...[...changedAccountIds].map((accountId) => ({ ...base, accountId }))];
}
