import type { DenominatorBasis } from '../domain/rate.ts';
import type { CalendarDate } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';

/** A number that rates are divided by and that is counted elsewhere: a population, a target. Never changed: a correction is the next version. */
export type Denominator = {
  readonly basis: Extract<DenominatorBasis, 'eligible_residents' | 'assigned_target'>;
  /** The city itself by its own code. */
  readonly unitCode: string;
  /** The day about which it speaks; it stands until a later one. */
  readonly asOfOn: CalendarDate;
  /** Least age in completed years; 0 when not cut by age. */
  readonly ageMin: number;
  readonly quantity: number;
  readonly source: string;
  /** 1, 2, … of the same basis, unit, day and age. */
  readonly version: number;
  /** Why this version replaces the one before it. */
  readonly reason?: string;
  /** When the system learned of it. */
  readonly recordedAt: Date;
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

/** The number in force for each unit: of the latest day up to `day`, its latest version known at `knownAt`. Both fixed, the answer never changes. */
export async function listDenominators(
  db: Db,
  query: { basis: Denominator['basis']; ageMin: number; day: CalendarDate; knownAt: Date },
): Promise<ReadonlyMap<string, number>> {
  const rows = (await db('denominators')
    .select('unit_code', 'quantity')
    .where({ basis: query.basis, age_min: query.ageMin })
    .andWhere('as_of_on', '<=', query.day)
    .andWhere('recorded_at', '<=', query.knownAt.getTime())
    .orderBy(['as_of_on', 'version'])) as { unit_code: string; quantity: number }[];
  return new Map(rows.map((row) => [row.unit_code, row.quantity]));
}
