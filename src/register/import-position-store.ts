import type { Db } from '../platform/database.ts';

export type ImportPosition = {
  /** What is being read, with all that decides its lines. */
  readonly source: string;
  /** So many lines are in, and nothing of a later one. */
  readonly lines: number;
};

export async function listImportPositions(db: Db): Promise<ImportPosition[]> {
  return (await db('import_positions').select('source', 'lines')) as ImportPosition[];
}

/** In the transaction that brings the lines in. */
export async function putImportPosition(tx: Db, { source, lines }: ImportPosition, now: Date): Promise<void> {
  const row = { source, lines, recorded_at: now.getTime() };
  await tx('import_positions').insert(row).onConflict('source').merge(['lines', 'recorded_at']);
}
