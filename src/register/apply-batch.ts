import { addCounts, type BatchCounts, noCounts } from '../accounts/activation-event-store.ts';
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
const ROWS_AT_ONCE = 100;

/** Lines of a file, or what else rows are made of. A row is made when its piece is taken: a whole batch of them would be most of what an import needs of memory. */
type Batch<Line extends { readonly line: number }> = {
  readonly lines: readonly Line[];
  readonly rowOf: (line: Line) => IndexedRow | Extract<RowOutcome, { kind: 'refused' }>;
};

/** Applies rows to the register in one transaction: all of them that are not refused, or none. @returns an outcome for each line, in their order. */
export async function applyBatch<Line extends { readonly line: number }>(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  { lines, rowOf }: Batch<Line>,
  context: BatchContext,
): Promise<RowOutcome[]> {
  if (lines.length === 0) return [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(db, async (tx) => {
        const outcomes: RowOutcome[] = [];
        const changedAccountIds = new Set<string>();
        const counts = noCounts();
        for (let at = 0; at < lines.length; at += ROWS_AT_ONCE) {
          const piece = await applyPiece(tx, { vault, counts }, lines.slice(at, at + ROWS_AT_ONCE).map(rowOf), context);
          outcomes.push(...piece.outcomes);
          for (const id of piece.changedAccountIds) changedAccountIds.add(id);
        }
        await addCounts(tx, counts);
        if (context.isDryRun !== true && outcomes.some(isNews))
          await appendAudits(tx, auditEntries({ lines, outcomes, changedAccountIds, context }));
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
  batch: { readonly vault: Vault; readonly counts: BatchCounts },
  rows: readonly (IndexedRow | RowOutcome)[],
  context: BatchContext,
): Promise<{ outcomes: RowOutcome[]; changedAccountIds: readonly string[] }> {
  const known = await readKnownRegister(
    tx,
    rows.filter((row) => 'record' in row),
  );
  const outcomes = rows.map((row) => ('record' in row ? applyRow(known, row, context.now) : row));
  if (context.isDryRun === true || !outcomes.some(isNews)) return { outcomes, changedAccountIds: [] };
  return { outcomes, changedAccountIds: await saveBatch(tx, batch, holdersOf(known), context.now) };
}

function isNews({ kind }: RowOutcome): boolean {
  return kind === 'added' || kind === 'updated';
}

/** One entry for the batch, which stands for all accounts it made, and one for each account that was there before and changed. */
function auditEntries(batch: {
  lines: readonly { readonly line: number }[];
  outcomes: readonly RowOutcome[];
  changedAccountIds: ReadonlySet<string>;
  context: BatchContext;
}): AuditEntry[] {
  const { lines, outcomes, changedAccountIds, context } = batch;
  const count = (kind: RowOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  const base = {
    at: context.now,
    actor: context.actor ?? ({ kind: 'system' } as const),
    action: 'person.imported',
  } as const;
  const detail = {
    added: count('added'),
    updated: count('updated'),
    first_line: lines[0]?.line ?? null,
    last_line: lines.at(-1)?.line ?? null,
  };
  return [{ ...base, detail }, ...[...changedAccountIds].map((accountId) => ({ ...base, accountId }))];
}
