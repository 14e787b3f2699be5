import { listResidentMonths, type ResidentMonth } from '../../accounts/resident-counter-store.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import { BAND_AGES, type BandAge, RESIDENT_MEASURES } from '../../domain/resident-ledger.ts';
import { type CalendarDate, lastDayOf } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { whileUnchanged } from '../figures/kept-readings.ts';
import {
  type Counts,
  type KnownRow,
  oneCut,
  protect,
  RATE_MEASURES,
  type Row,
  type RowTotals,
  type Shown,
  type Table,
  tableOf,
  totalsOf,
} from '../figures/rate-counts.ts';
import { addedPersons, type PersonCounts } from '../figures/resident-counts.ts';
import { FIRST_MONTH, listMonthTotals, type MonthTotal } from '../stores/counter-store.ts';
import { basesInForceOf, listDenominatorVersions } from '../stores/denominator-store.ts';
import { monthsOf } from './edition-months.ts';

/** The units as the public sees them at the end of a month. */
export type UnitEdition = {
  readonly day: CalendarDate;
  readonly whole: { readonly counts: Counts; readonly shown: Shown };
  readonly rows: readonly (Pick<Row, 'code' | 'unit'> & {
    /** As it was last published, with that month's end; undefined while it never was. */
    readonly last: { readonly day: CalendarDate; readonly counts: Counts; readonly shown: Shown } | undefined;
  })[];
};

export type EditionsQuery = {
  /** The last day of a month that is over. */
  readonly day: CalendarDate;
  readonly knownAt: Date;
};

/** The edition of that month. */
export async function unitEditions(db: Db, query: EditionsQuery): Promise<UnitEdition> {
  const last = (await listEditions(db, query)).at(-1);
  if (last === undefined) throw new Error('The month asked for always has an edition.');
  return last;
}

/** `makeEditions`, kept while nothing of what they are made of has changed: they are the same for everybody, and made again from hundreds of thousands of counters. */
export function listEditions(db: Db, query: EditionsQuery): Promise<readonly UnitEdition[]> {
  const { day, knownAt } = query;
  return whileUnchanged(db, { of: 'editions', day, knownAt }, () => makeEditions(db, query));
}

/** Every edition from the first month in which there is anything to the one asked for, which depend on each other: a unit is published anew only when each of its
 *  counts has grown by nothing or by enough since the public last saw it (`protectEdition`). So they are all made again from the counters: what they say of a
 *  month depends on nothing else. Months in which nothing happened are left out, but for the last. */
async function makeEditions(db: Db, { day, knownAt }: EditionsQuery): Promise<UnitEdition[]> {
  const editions: UnitEdition[] = [];
  const to = day.slice(0, 7);
  const added = Map.groupBy(
    await listMonthTotals(db, { from: FIRST_MONTH, to, measures: RATE_MEASURES }),
    ({ month }) => month,
  );
  const moved = Map.groupBy(await listResidentMonths(db, { to, by: 'unit_code' }), ({ month }) => month);
  const versions = await listDenominatorVersions(db);
  const totals = new Map<string, Map<MonthTotal['measure'], Record<AccountLevel, number>>>();
  const persons = new Map<string, Map<BandAge, PersonCounts>>();
  const known = new Map<string, Known>();
  for (const month of monthsOf([...added.keys(), ...moved.keys()], to)) {
    for (const one of added.get(month) ?? []) addGrants(totals, one);
    for (const one of moved.get(month) ?? []) addPersons(persons, one);
    const lastDay = lastDayOf(month);
    const at = { day: lastDay, knownAt };
    const targets = basesInForceOf(versions, { ...at, basis: 'assigned_target' });
    const cuts = oneCut(targets);
    const table = tableOf(lastDay, {
      totals: existing(totals),
      persons: new Map([...persons].map(([code, bands]) => [code, agedPersons(bands)])),
      residents: basesInForceOf(versions, { ...at, basis: 'eligible_residents', ageMin: cuts.ageMin }),
      targets,
      cuts,
    });
    editions.push(publish(table, lastDay, known));
  }
  return editions;
}

type Published = NonNullable<UnitEdition['rows'][number]['last']>;
type Known = KnownRow & { readonly last: Published | undefined };

/** What is shown of this month, and from now on known. */
function publish(table: Table, day: CalendarDate, known: Map<string, Known>): UnitEdition {
  const { whole, rows } = protect(table, ({ code }) => known.get(code));
  return {
    day,
    whole: { counts: table.whole, shown: whole },
    rows: table.rows.map((row, index) => {
      const next = nextKnown(known.get(row.code), [totalsOf(row), totalsOf(table.whole)], {
        day,
        counts: row,
        shown: rows[index] ?? UNKNOWN,
      });
      known.set(row.code, next);
      return { code: row.code, unit: row.unit, last: next.last };
    }),
  };
}

const UNKNOWN: Shown = { granted: 0, due: 0, used: 0, targeted: 0, taken: 0 };

/** A layer that was shown once and is not this time stays known as it was. One that never was is known in a sum with others. */
function nextKnown(
  before: Known | undefined,
  [own, whole]: readonly [own: RowTotals, whole: RowTotals],
  now: Published,
): Known {
  const layersKnown = { ...(before?.layersKnown ?? UNKNOWN) };
  const seen = { ...own };
  const wholeSeen = { ...whole };
  for (const name of Object.keys(UNKNOWN) as (keyof Shown)[]) {
    const [shown, known] = [now.shown[name], layersKnown[name]];
    const isKept = (at: number): boolean => shown <= at && at < known;
    seen[name] = own[name].map((layer, at) => (isKept(at) ? (before?.seen[name][at] ?? layer) : layer));
    wholeSeen[name] = whole[name].map((layer, at) => (isKept(at) ? (before?.wholeSeen[name][at] ?? layer) : layer));
    layersKnown[name] = Math.max(known, shown);
  }
  return {
    layersKnown,
    seen,
    wholeSeen,
    before: own,
    wholeBefore: whole,
    shownBefore: now.shown,
    last: now.shown.granted > 0 ? now : before?.last,
  };
}

function addGrants(
  totals: Map<string, Map<MonthTotal['measure'], Record<AccountLevel, number>>>,
  { unitCode, measure, accountLevel, total }: MonthTotal,
): void {
  const unit = totals.get(unitCode) ?? new Map<MonthTotal['measure'], Record<AccountLevel, number>>();
  const before = unit.get(measure) ?? { 1: 0, 2: 0 };
  // A table made before keeps what it was made of.
  totals.set(unitCode, new Map(unit).set(measure, { ...before, [accountLevel]: before[accountLevel] + total }));
}

function addPersons(persons: Map<string, Map<BandAge, PersonCounts>>, { place, ageFrom, ...one }: ResidentMonth): void {
  const bands = persons.get(place) ?? new Map<BandAge, PersonCounts>();
  const before = bands.get(ageFrom);
  persons.set(place, new Map(bands).set(ageFrom, addedPersons(before === undefined ? [one] : [before, one])));
}

function agedPersons(bands: ReadonlyMap<BandAge, PersonCounts>): (PersonCounts & { ageFrom: BandAge })[] {
  return BAND_AGES.flatMap((ageFrom) => {
    const counts = bands.get(ageFrom);
    return counts === undefined || RESIDENT_MEASURES.every((one) => counts[one] === 0) ? [] : [{ ...counts, ageFrom }];
  });
}

/** Units in which there is anything: what was taken back leaves nothing behind. */
function existing(
  totals: ReadonlyMap<string, ReadonlyMap<MonthTotal['measure'], Record<AccountLevel, number>>>,
): Map<string, ReadonlyMap<MonthTotal['measure'], Record<AccountLevel, number>>> {
  return new Map(
    [...totals].filter(([, unit]) => [...unit.values()].some((levels) => levels[1] !== 0 || levels[2] !== 0)),
  );
}
