import type { DenominatorFact, LoadedBasis } from '../../domain/denominator.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { newId } from '../../platform/ids.ts';

/** A base as it is kept. Never changed: a correction is the next version. */
export type Denominator = Omit<DenominatorFact, 'reason'> & {
  /** 1, 2, … of the same basis, unit, day and age. */
  readonly version: number;
  /** Why this version replaces the one before it. */
  readonly reason?: string;
  /** When the system learned of it. */
  readonly recordedAt: Date;
};

type DenominatorRow = {
  basis: LoadedBasis;
  unit_code: string;
  as_of_on: string;
  age_min: number;
  quantity: number;
  source: string;
  version: number;
  reason: string | null;
  recorded_at: number;
};

/** @throws a unique violation when this version exists. */
export async function insertDenominators(tx: Db, denominators: readonly Denominator[]): Promise<void> {
  const rows = denominators.map((one) => ({
    id: newId(),
    basis: one.basis,
    unit_code: one.unitCode,
    as_of_on: one.asOfOn,
    age_min: one.ageMin,
    quantity: one.quantity,
    source: one.source,
    version: one.version,
    reason: one.reason ?? null,
    recorded_at: one.recordedAt.getTime(),
  }));
  for (let from = 0; from < rows.length; from += 50) await tx('denominators').insert(rows.slice(from, from + 50));
}

/** Every version of every base, oldest day first. */
export async function listDenominatorVersions(db: Db): Promise<Denominator[]> {
  const rows = (await db('denominators').orderBy([
    'basis',
    'as_of_on',
    'age_min',
    'unit_code',
    'version',
  ])) as DenominatorRow[];
  return rows.map(denominatorOf);
}

export type BasesInForce = {
  /** One cut for all units, or they could not be added up. */
  readonly ageMin: number;
  readonly byUnit: ReadonlyMap<string, Denominator>;
};

/** The base in force for each unit: of the latest day up to `day`, its latest version known at `knownAt`. Both fixed, the answer never changes. The age
 *  cut is the one asked for, else that of the latest day on which any was loaded, the lowest one of that day. Undefined when none is loaded. */
export async function findBasesInForce(
  db: Db,
  query: { basis: LoadedBasis; ageMin?: number | undefined; day: CalendarDate; knownAt: Date },
): Promise<BasesInForce | undefined> {
  const rows = (await db('denominators')
    .where({ basis: query.basis, ...(query.ageMin === undefined ? {} : { age_min: query.ageMin }) })
    .andWhere('as_of_on', '<=', query.day)
    .andWhere('recorded_at', '<=', query.knownAt.getTime())
    .orderBy([
      { column: 'as_of_on' },
      { column: 'age_min', order: 'desc' },
      { column: 'version' },
    ])) as DenominatorRow[];
  return inForce(rows.map(denominatorOf));
}

/** The same of versions that have been read (`listDenominatorVersions`), for many days. */
export function basesInForceOf(
  versions: readonly Denominator[],
  query: { basis: LoadedBasis; ageMin?: number | undefined; day: CalendarDate; knownAt: Date },
): BasesInForce | undefined {
  const known = versions.filter(
    ({ basis, ageMin, asOfOn, recordedAt }) =>
      basis === query.basis &&
      (query.ageMin === undefined || ageMin === query.ageMin) &&
      asOfOn <= query.day &&
      recordedAt <= query.knownAt,
  );
  return inForce(
    known.toSorted((a, b) =>
      a.asOfOn === b.asOfOn ? b.ageMin - a.ageMin || a.version - b.version : a.asOfOn < b.asOfOn ? -1 : 1,
    ),
  );
}

/** @param known by day, from the highest cut of a day to the lowest, by version. */
function inForce(known: readonly Denominator[]): BasesInForce | undefined {
  const ageMin = known.at(-1)?.ageMin;
  if (ageMin === undefined) return undefined;
  const ofThatCut = known.filter((one) => one.ageMin === ageMin);
  return { ageMin, byUnit: new Map(ofThatCut.map((one) => [one.unitCode, one])) };
}

function denominatorOf(row: DenominatorRow): Denominator {
  return {
    basis: row.basis,
    unitCode: row.unit_code,
    asOfOn: row.as_of_on,
    ageMin: row.age_min,
    quantity: row.quantity,
    source: row.source,
    version: row.version,
    ...(row.reason === null ? {} : { reason: row.reason }),
    recordedAt: new Date(row.recorded_at),
  };
}
