import { AGE_BANDS, type AgeBand } from '../../domain/birth-date.ts';
import { HANOI_CODE } from '../../domain/place.ts';
import { BAND_AGES, type BandAge, type ResidentMeasure } from '../../domain/resident-ledger.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { momentFields } from '../as-data/data-fields.ts';
import type { ProtectedCells, PublishedCounts } from '../editions/protect-residents.ts';
import { residentsEdition } from '../editions/public-editions.ts';
import { findBasesInForce } from '../stores/denominator-store.ts';
import { type Moment, momentOf, publishedMoment, type RatesQuery } from './activation-rates.ts';
import {
  addedPersons,
  type PersonCounts,
  type ResidentCell,
  type ResidentsCounted,
  residentsByUnit,
  residentsCounted,
} from './resident-counts.ts';

export type ResidentsRow = {
  readonly band: AgeBand;
  /** Undefined for both. */
  readonly gender: 'female' | 'male' | undefined;
  readonly counts: PublishedCounts;
  /** The day as of which the counts are, where the public last saw them earlier than the moment. */
  readonly asOfDay?: CalendarDate;
  /** Residents of the band, where the residents from both its ends on are loaded of one day; of both sexes together alone. */
  readonly residents: number | undefined;
};

export type ResidentsByAgeAndSex = {
  readonly moment: Moment;
  readonly isMonthly: boolean;
  /** Undefined for the whole. */
  readonly unitCode: string | undefined;
  readonly counted: ResidentsCounted;
  /** Of every age; for the public from 14 on. */
  readonly whole: PublishedCounts;
  /** Each band: both, female, male. */
  readonly rows: readonly ResidentsRow[];
};

/** Persons alive and resident, by age band and sex: ever activated, at level 2, signed in, and usable now. A unit sees its own; the public the whole as of the
 *  end of a month, in cells that cannot be found by subtraction. The full view may ask for one unit. */
export async function residentsByAgeAndSex(
  db: Db,
  query: RatesQuery & { readonly unitCode?: string | undefined },
): Promise<ResidentsByAgeAndSex> {
  const { viewer = { kind: 'full' } } = query;
  const isPublic = viewer.kind === 'public';
  if (isPublic && query.knownOnDay !== undefined)
    throw new TypeError('What was known then is for the full view: corrections are small counts.');
  const now = momentOf(query);
  const moment = isPublic ? publishedMoment(now) : now;
  const asked = viewer.kind === 'full' ? query.unitCode : undefined;
  const unitCode = viewer.kind === 'unit' ? viewer.unitCode : asked;
  const byUnit = await residentsByUnit(db, moment);
  const cells = unitCode === undefined ? [...byUnit.values()].flat() : (byUnit.get(unitCode) ?? []);
  const residents = await residentsOfBands(db, moment, unitCode ?? HANOI_CODE);
  const rows = BAND_AGES.flatMap((ageFrom, index) =>
    ([undefined, 'female', 'male'] as const).map((gender) => ({
      band: AGE_BANDS[index] ?? '<6',
      gender,
      counts: addedPersons(cells.filter((cell) => isOf(cell, ageFrom, gender))),
      residents: gender === undefined ? residents.get(ageFrom) : undefined,
    })),
  );
  const shown = isPublic
    ? publishedRows(rows, await residentsEdition(db, moment), moment.day)
    : { whole: addedPersons(cells), rows };
  return {
    moment,
    isMonthly: isPublic,
    unitCode,
    counted: await residentsCounted(db, moment.day),
    ...shown,
  };
}

function isOf(cell: ResidentCell, ageFrom: BandAge, gender: ResidentsRow['gender']): boolean {
  return cell.ageFrom === ageFrom && (gender === undefined || cell.gender === gender);
}

/** How many residents a band has: those from its own age on, less those from the next band's. */
async function residentsOfBands(db: Db, { day, knownAt }: Moment, unitCode: string): Promise<Map<BandAge, number>> {
  const loaded = await Promise.all(
    BAND_AGES.map((ageMin) => findBasesInForce(db, { basis: 'eligible_residents', ageMin, day, knownAt })),
  );
  const bands = new Map<BandAge, number>();
  for (const [index, ageFrom] of BAND_AGES.entries()) {
    const from = loaded[index]?.byUnit.get(unitCode);
    const next = loaded[index + 1]?.byUnit.get(unitCode);
    if (from === undefined) continue;
    if (index === BAND_AGES.length - 1) bands.set(ageFrom, from.quantity);
    else if (next?.asOfOn === from.asOfOn && next.quantity <= from.quantity)
      bands.set(ageFrom, from.quantity - next.quantity);
  }
  return bands;
}

type CountedRow = ResidentsRow & { readonly counts: PersonCounts };

const NOT_PUBLISHED: PublishedCounts = { activated: null, level2: null, used: null, usable: null };

/** What the public sees: of the ages from 14 on, whose sum the other rates tell; younger ones are not published. Of a band what is shown of both sexes, as of one day. */
function publishedRows(
  rows: readonly CountedRow[],
  { whole, cells }: ProtectedCells,
  day: CalendarDate,
): { whole: PublishedCounts; rows: ResidentsRow[] } {
  const lastOf = ({ band, gender }: Pick<ResidentsRow, 'band' | 'gender'>) =>
    cells.get(`${BAND_AGES[AGE_BANDS.indexOf(band)]}|${gender}`);
  return {
    whole,
    rows: rows.map((row) => {
      const last =
        row.gender === undefined
          ? bothOf(lastOf({ ...row, gender: 'female' }), lastOf({ ...row, gender: 'male' }))
          : lastOf(row);
      if (last === undefined) return { ...row, counts: NOT_PUBLISHED };
      const { day: lastDay, ...counts } = last;
      return lastDay === day ? { ...row, counts } : { ...row, counts, asOfDay: lastDay, residents: undefined };
    }),
  };
}

type Last = PublishedCounts & { readonly day: CalendarDate };

function bothOf(one: Last | undefined, other: Last | undefined): Last | undefined {
  if (one === undefined || one.day !== other?.day) return undefined;
  const sum = (of: ResidentMeasure): number | null => {
    const [a, b] = [one[of], other[of]];
    return a === null || b === null ? null : a + b;
  };
  return { activated: sum('activated'), level2: sum('level2'), used: sum('used'), usable: sum('usable'), day: one.day };
}

/** `residents_by_age_and_sex` of `/statistics/activation.json`, and the answer of `stats residents --json`. What is not published is null, never zero. */
export function residentsAsJson({ moment, isMonthly, unitCode, counted, whole, rows }: ResidentsByAgeAndSex): object {
  return {
    ...momentFields(moment),
    is_monthly: isMonthly,
    unit_code: unitCode ?? null,
    unit_rule: 'resident',
    ages_on: counted.agesOn,
    is_complete: counted.isComplete,
    whole: countFields(whole),
    rows: rows.map(({ band, gender, counts, asOfDay, residents }) => ({
      age_band: band,
      sex: gender ?? null,
      as_of_day: asOfDay ?? moment.day,
      ...countFields(counts),
      residents: residents ?? null,
    })),
  };
}

function countFields({ activated, level2, used, usable }: PublishedCounts): object {
  return { ever_activated: activated, level_2: level2, signed_in: used, usable };
}
