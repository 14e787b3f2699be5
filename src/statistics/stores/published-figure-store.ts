import type { PublishedBasis, PublishedFigure } from '../../domain/published-figure.ts';
import type { Db } from '../../platform/database.ts';
import { newId } from '../../platform/ids.ts';

export type PublishedFigureVersion = PublishedFigure & { readonly version: number; readonly recordedAt: Date };

type PublishedFigureRow = {
  id: string;
  topic: string;
  unit_code: string;
  as_of_on: string;
  numerator: number;
  denominator: number | null;
  is_rounded: number;
  percent: string | null;
  basis: PublishedBasis;
  source: string;
  version: number;
  reason: string | null;
  recorded_at: number;
};

/** @throws a unique violation when this version exists. */
export async function insertPublishedFigures(tx: Db, figures: readonly PublishedFigureVersion[]): Promise<void> {
  const rows = figures.map(
    (one): PublishedFigureRow => ({
      id: newId(),
      topic: one.topic,
      unit_code: one.unitCode,
      as_of_on: one.asOfOn ?? '',
      numerator: one.numerator,
      denominator: one.denominator ?? null,
      is_rounded: one.isRounded ? 1 : 0,
      percent: one.percent ?? null,
      basis: one.basis,
      source: one.source,
      version: one.version,
      reason: one.reason ?? null,
      recorded_at: one.recordedAt.getTime(),
    }),
  );
  for (let from = 0; from < rows.length; from += 50) await tx('published_figures').insert(rows.slice(from, from + 50));
}

/** Every version, in the order of topics and days. */
export async function listPublishedFigureVersions(db: Db): Promise<PublishedFigureVersion[]> {
  const rows = (await db('published_figures').orderBy([
    'topic',
    'as_of_on',
    'unit_code',
    'version',
  ])) as PublishedFigureRow[];
  return rows.map((row) => ({
    topic: row.topic,
    unitCode: row.unit_code,
    asOfOn: row.as_of_on === '' ? undefined : row.as_of_on,
    numerator: row.numerator,
    denominator: row.denominator ?? undefined,
    isRounded: row.is_rounded === 1,
    percent: row.percent ?? undefined,
    basis: row.basis,
    source: row.source,
    version: row.version,
    reason: row.reason ?? undefined,
    recordedAt: new Date(row.recorded_at),
  }));
}

/** The latest version of each figure that was known at `knownAt`. */
export async function listPublishedFigures(db: Db, knownAt: Date): Promise<PublishedFigureVersion[]> {
  const versions = (await listPublishedFigureVersions(db)).filter((one) => one.recordedAt <= knownAt);
  return [...new Map(versions.map((one) => [`${one.topic}|${one.unitCode}|${one.asOfOn ?? ''}`, one])).values()];
}
