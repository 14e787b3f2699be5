import { listResidentTotals, readResidentProgress } from '../../accounts/resident-counter-store.ts';
import { BAND_AGES, type BandAge, RESIDENT_MEASURES, type ResidentMeasure } from '../../domain/resident-ledger.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { whileUnchanged } from './kept-readings.ts';

export type PersonCounts = Readonly<Record<ResidentMeasure, number>>;
export type ResidentCell = PersonCounts & { readonly ageFrom: BandAge; readonly gender: 'male' | 'female' };

/** Up to where residents are counted: whoever reads a later day, or reads before everybody is counted, is told so. */
export type ResidentsCounted = {
  /** Ages are those of this day, when it lies before the day asked for. */
  readonly agesOn: CalendarDate;
  /** False for the minutes after an upgrade in which people of an older database are counted. */
  readonly isComplete: boolean;
};

export async function residentsCounted(db: Db, day: CalendarDate): Promise<ResidentsCounted> {
  const { countedOn, filledTo } = await readResidentProgress(db);
  return { agesOn: countedOn < day ? countedOn : day, isComplete: filledTo === '~' };
}

/** Persons alive and resident in each unit at the end of `day`, by sex and age band. */
export async function residentsByUnit(
  db: Db,
  { day, knownOn }: { day: CalendarDate; knownOn?: CalendarDate | undefined },
): Promise<ReadonlyMap<string, readonly ResidentCell[]>> {
  const totals = await whileUnchanged(db, { of: 'residents', day, knownOn }, () =>
    listResidentTotals(db, { day, knownOn }),
  );
  return Map.groupBy(totals, ({ unitCode }) => unitCode);
}

const NOBODY: PersonCounts = { activated: 0, level2: 0, used: 0, usable: 0 };

export function addedPersons(cells: Iterable<PersonCounts>): PersonCounts {
  const sum = { ...NOBODY };
  for (const cell of cells) for (const measure of RESIDENT_MEASURES) sum[measure] += cell[measure];
  return sum;
}

/** Those of at least this age. */
export function personsFrom(
  cells: readonly (PersonCounts & Pick<ResidentCell, 'ageFrom'>)[],
  ageMin: BandAge,
): PersonCounts {
  return addedPersons(cells.filter(({ ageFrom }) => ageFrom >= ageMin));
}

/** Persons can be counted from an age at which a band begins. */
function isBandAge(age: number): age is BandAge {
  return BAND_AGES.some((from) => from === age);
}

/** Least age of the residents that rates are divided by unless another is asked for: those who have a right to an account (Law 26/2023/QH15). */
export const RESIDENTS_AGE_MIN = 14;

/** The one age from which the public sees persons counted each day, divided by residents and by the target alike: the target's, of which `RESIDENTS_AGE_MIN` stands in for
 *  one that is not loaded. Two, subtracted, tell day by day how many there are of the ages between them. */
export function publicAgeMin(ofTarget: number | undefined): BandAge {
  if (ofTarget === undefined) return RESIDENTS_AGE_MIN;
  return isBandAge(ofTarget) ? ofTarget : 0;
}

/** For who sees everything; everybody else goes by `publicAgeMin`. One cut where one will do.
 *  @throws RangeError for an age asked for at which no band begins. */
export function ageCuts(
  asked: number | undefined,
  { ofTarget, hasResidents }: { ofTarget: number | undefined; hasResidents: boolean },
): { ageMin: BandAge; targetAgeMin: BandAge } {
  if (asked !== undefined && !isBandAge(asked)) throw new RangeError('Persons are not counted from this age on.');
  const targetAgeMin = ofTarget !== undefined && isBandAge(ofTarget) ? ofTarget : 0;
  const followsTarget = !hasResidents && ofTarget !== undefined;
  return { ageMin: asked ?? (followsTarget ? targetAgeMin : RESIDENTS_AGE_MIN), targetAgeMin };
}
