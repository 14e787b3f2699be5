import { type Db, isPostgres } from '../platform/database.ts';
import type { SealedColumn } from './sealed-columns.ts';

/** A row whose value or index lies under an older key. */
export type StaleRow = { readonly id: string; readonly sealed: string; readonly index: string | null };

/** What a message leaves behind when it was delivered: it lies under no key. */
const NOTHING = '';

type Newest = { readonly data: string; readonly index: string };

/** Rows after `after` that lie under an older key, by id, at most `limit`. It reads the tables of others: of a value it knows only that it is sealed. */
export async function listStaleRows(
  db: Db,
  { table, column, index, only }: SealedColumn,
  newest: Newest,
  { after, limit }: { after: string; limit: number },
): Promise<StaleRow[]> {
  const query = db(table)
    .select('id', { sealed: column }, ...(index === undefined ? [] : [{ index: index.column }]))
    .where('id', '>', after)
    .where(only ?? {})
    .whereNotNull(column)
    .whereNot(column, NOTHING)
    .whereRaw(index === undefined ? '(?? not like ?)' : '(?? not like ? or ?? not like ?)', [
      column,
      `${newest.data}.%`,
      ...(index === undefined ? [] : [index.column, `${newest.index}.%`]),
    ])
    .orderBy('id')
    .limit(limit);
  const rows = (await query) as { id: string; sealed: string; index?: string | null }[];
  return rows.map(({ id, sealed, index: found }) => ({ id, sealed, index: found ?? null }));
}

/** Writes the value anew unless somebody has changed it since it was read. @returns whether it did. */
export async function replaceSealed(
  tx: Db,
  { table, column, index }: SealedColumn,
  row: StaleRow,
  now: { sealed: string; index: string | null },
): Promise<boolean> {
  const change = { [column]: now.sealed, ...(index === undefined ? {} : { [index.column]: now.index }) };
  return (
    (await tx(table)
      .where({ id: row.id, [column]: row.sealed })
      .update(change)) === 1
  );
}

export type KeyUse = { readonly keyId: string; readonly values: number };

/** How many values of a column lie under each key. */
export async function countByKey(
  db: Db,
  { table, column, only }: Pick<SealedColumn, 'table' | 'column' | 'only'>,
): Promise<KeyUse[]> {
  const keyId = isPostgres(db) ? "split_part(??, '.', 1)" : "substr(??, 1, instr(??, '.') - 1)";
  const rows = (await db(table)
    .select({ keyId: db.raw(keyId, isPostgres(db) ? [column] : [column, column]) })
    .count({ values: '*' })
    .where(only ?? {})
    .whereNotNull(column)
    .whereNot(column, NOTHING)
    .groupBy('keyId')
    .orderBy('keyId')) as { keyId: string; values: number | string }[];
  return rows.map((row) => ({ keyId: row.keyId, values: Number(row.values) }));
}
