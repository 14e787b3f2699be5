import { appendAudit } from '../audit/audit-store.ts';
import type { AuditEntry } from '../domain/audit-event.ts';
import type { Clock } from '../platform/clock.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import { INDEXES_ALONE, SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts';
import { countByKey, type KeyUse, listStaleRows, replaceSealed, type StaleRow } from './sealed-value-store.ts';

export type ResealDeps = { readonly db: Db; readonly vault: Vault; readonly clock: Clock };

export type ResealProgress = {
  readonly column: string;
  readonly resealed: number;
  /** Values that did not open: their key is not in the ring, or they were altered. They stay as they are. */
  readonly unreadable: number;
};

export type Resealed = { readonly columns: readonly ResealProgress[]; readonly isComplete: boolean };

/** Seals every value of the register that lies under an older key again under the newest one, and makes its blind index anew. In batches of one transaction each, beside
 *  a running provider; ended or killed at any moment it is run again, and finds only what is left. */
export async function resealValues(
  deps: ResealDeps,
  options: {
    actor: AuditEntry['actor'];
    batchRows?: number;
    signal?: AbortSignal;
    onProgress?: (progress: ResealProgress) => void;
  },
): Promise<Resealed> {
  const columns: ResealProgress[] = [];
  let isComplete = true;
  for (const column of SEALED_COLUMNS) {
    const done = await resealColumn(deps, column, options);
    columns.push(done.progress);
    isComplete &&= done.isComplete;
  }
  const resealed = columns.reduce((sum, one) => sum + one.resealed, 0);
  if (resealed > 0)
    await appendAudit(deps.db, {
      at: deps.clock(),
      actor: options.actor,
      action: 'keys.values_resealed',
      detail: { values: resealed, data_key: deps.vault.newestKeys.data, index_key: deps.vault.newestKeys.index },
    });
  return { columns, isComplete };
}

const BATCH_ROWS = 500;

async function resealColumn(
  { db, vault }: ResealDeps,
  column: SealedColumn,
  {
    batchRows = BATCH_ROWS,
    signal,
    onProgress,
  }: { batchRows?: number; signal?: AbortSignal; onProgress?: (progress: ResealProgress) => void },
): Promise<{ progress: ResealProgress; isComplete: boolean }> {
  let progress: ResealProgress = { column: `${column.table}.${column.column}`, resealed: 0, unreadable: 0 };
  for (let after = ''; ; ) {
    if (signal?.aborted === true) return { progress, isComplete: false };
    const rows = await listStaleRows(db, column, vault.newestKeys, { after, limit: batchRows });
    const last = rows.at(-1);
    if (last === undefined) return { progress, isComplete: true };
    after = last.id;
    const opened = rows.map((row) => ({ row, anew: sealedAnew(vault, column, row) }));
    const resealed = await inTransaction(db, async (tx) => {
      let count = 0;
      for (const { row, anew } of opened)
        if (anew !== undefined && (await replaceSealed(tx, column, row, anew))) count += 1;
      return count;
    });
    const unreadable = opened.filter(({ anew }) => anew === undefined).length;
    progress = {
      ...progress,
      resealed: progress.resealed + resealed,
      unreadable: progress.unreadable + unreadable,
    };
    onProgress?.(progress);
  }
}

/** @returns undefined when the value does not open. */
function sealedAnew(
  vault: Vault,
  { table, place, index }: SealedColumn,
  row: StaleRow,
): { sealed: string; index: string | null } | undefined {
  const at = { table, column: place, id: row.id };
  try {
    const value = vault.open(row.sealed, at);
    return {
      sealed: vault.seal(value, at),
      index: index === undefined ? null : vault.blindIndex(index.purpose, value),
    };
  } catch {
    return undefined;
  }
}

export type ColumnKeyUse = {
  readonly column: string;
  readonly ring: 'DATA_KEYS' | 'INDEX_KEYS';
  readonly keys: readonly KeyUse[];
};

/** How many values lie under each key: an old key may leave its ring when nothing lies under it any more. */
export async function keyUse(db: Db): Promise<ColumnKeyUse[]> {
  const uses: ColumnKeyUse[] = [];
  for (const { index, ...sealed } of SEALED_COLUMNS) {
    uses.push({ column: `${sealed.table}.${sealed.column}`, ring: 'DATA_KEYS', keys: await countByKey(db, sealed) });
    if (index === undefined) continue;
    const indexed = { table: sealed.table, column: index.column };
    uses.push({ column: `${sealed.table}.${index.column}`, ring: 'INDEX_KEYS', keys: await countByKey(db, indexed) });
  }
  for (const alone of INDEXES_ALONE)
    uses.push({ column: `${alone.table}.${alone.column}`, ring: 'INDEX_KEYS', keys: await countByKey(db, alone) });
  return uses;
}
