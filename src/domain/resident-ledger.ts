import { ageAt } from './birth-date.ts';
import { type CalendarDate, startOfVietNamDay } from './viet-nam-time.ts';

/** What is counted of persons who are alive, where they live. `activated`, `level2` and `used` (has signed in) are for ever; `usable` is whoever activated
 *  and is not locked. */
export const RESIDENT_MEASURES = ['activated', 'level2', 'used', 'usable'] as const;
export type ResidentMeasure = (typeof RESIDENT_MEASURES)[number];

/** The least age of each age band, in completed years (`AGE_BANDS`, in that order): a person's cell changes on these birthdays. */
export const BAND_AGES = [0, 6, 14, 15, 18, 60] as const;
export type BandAge = (typeof BAND_AGES)[number];

/** Something that changes where a person is counted: on which day it happened and on which it was learned. -1 takes back what was said before. */
export type ResidentFact = {
  readonly kind: 'activated' | 'level2' | 'used' | 'locked' | 'unlocked' | 'died' | 'moved';
  readonly quantity: 1 | -1;
  readonly day: CalendarDate;
  readonly recordedOn: CalendarDate;
  /** Of a move: where to; '' when it is not known. */
  readonly unitCode?: string;
};

export type LedgerPerson = {
  readonly birthOn: CalendarDate;
  readonly gender: 'male' | 'female';
  /** Where she lived before the first move that is known; '' when that is not known. */
  readonly unitCode: string;
};

export type ResidentCell = {
  readonly day: CalendarDate;
  readonly unitCode: string;
  readonly gender: LedgerPerson['gender'];
  readonly ageFrom: BandAge;
  /** The day on which it was learned, when that is later than `day`; else ''. */
  readonly recordedOn: string;
};

/** What a day adds to a cell. */
export type ResidentEntry = ResidentCell & Readonly<Record<ResidentMeasure, number>>;

/** Everything a person adds to the counters and takes from them, from her facts alone. Entries up to a day, learned by a day, add up to where she counted at
 *  the end of the one as it was known at the end of the other. Birthdays are followed to the end of `countedOn`; what happens later is counted at the age
 *  of that day, until the birthdays of later days are counted too.
 *  @param facts in the order in which they were recorded. */
export function ledgerOf(
  person: LedgerPerson,
  facts: readonly ResidentFact[],
  countedOn: CalendarDate,
): ResidentEntry[] {
  if (!facts.some(({ kind }) => kind === 'activated')) return [];
  const learnedOn = [...new Set(facts.map(({ recordedOn }) => recordedOn))].toSorted();
  const entries: ResidentEntry[] = [];
  let before: readonly Change[] = [];
  for (const day of learnedOn) {
    const known = learnedOn.length === 1 ? facts : facts.filter(({ recordedOn }) => recordedOn <= day);
    const now = changesOf(person, known, countedOn);
    // Most have one change, learned on its day: nothing is added up for them.
    const changes = before.length === 0 && now.length === 1 ? now : difference(before, now);
    for (const change of changes)
      entries.push({ ...change, gender: person.gender, recordedOn: day > change.day ? day : '' });
    before = now;
  }
  return entries;
}

/** What the entries `now` add to the entries `before`. */
export function ledgerDifference(
  before: readonly ResidentEntry[],
  now: readonly ResidentEntry[],
): readonly ResidentEntry[] {
  return before.length === 0 ? now : difference(before, now);
}

/** The dates of birth of those who come into another band on `day`. */
export function birthDatesOfNewBands(day: CalendarDate): CalendarDate[] {
  return BAND_AGES.slice(1).flatMap((age) => {
    const year = String(Number(day.slice(0, 4)) - age).padStart(4, '0');
    const dates = [`${year}${day.slice(4)}`];
    if (day.endsWith('-03-01')) dates.push(`${year}-02-29`);
    return dates.filter((birthOn) => isDate(birthOn) && dayOfAge(birthOn, age) === day);
  });
}

type Change = Pick<ResidentCell, 'day' | 'unitCode' | 'ageFrom'> & Readonly<Record<ResidentMeasure, number>>;
type Standing = Omit<Change, 'day'>;

/** Where the day before and the day differ. */
function changesOf(person: LedgerPerson, facts: readonly ResidentFact[], countedOn: CalendarDate): Change[] {
  const firstDay = facts.reduce(
    (first, { kind, quantity, day }) => (kind === 'activated' && quantity === 1 && day < first ? day : first),
    '9999-12-31',
  );
  const birthdays = BAND_AGES.slice(1).map((age) => dayOfAge(person.birthOn, age));
  const days = [...facts.map(({ day }) => day), ...birthdays.filter((day) => day <= countedOn)];
  const changes: Change[] = [];
  let before: Standing | undefined;
  for (const day of [...new Set(days)].filter((one) => one >= firstDay).toSorted()) {
    const now = standingAt(person, facts, { day, ageOn: day < countedOn ? day : countedOn });
    if (isSame(before, now)) continue;
    if (before !== undefined) changes.push({ day, ...taken(before) });
    if (now !== undefined) changes.push({ day, ...now });
    before = now;
  }
  return changes;
}

/** At the end of `day`; undefined for who does not count. */
function standingAt(
  person: LedgerPerson,
  facts: readonly ResidentFact[],
  { day, ageOn }: { day: CalendarDate; ageOn: CalendarDate },
): Standing | undefined {
  const sums = { activated: 0, level2: 0, used: 0, locked: 0, unlocked: 0, died: 0, moved: 0 };
  let { unitCode } = person;
  let movedOn = '';
  for (const fact of facts) {
    if (fact.day > day) continue;
    sums[fact.kind] += fact.quantity;
    // Of two moves of one day the one learned later.
    if (fact.kind === 'moved' && fact.day >= movedOn) {
      unitCode = fact.unitCode ?? '';
      movedOn = fact.day;
    }
  }
  if (sums.activated <= 0 || sums.died > 0) return undefined;
  return {
    unitCode,
    ageFrom: bandAge(ageAt(person.birthOn, startOfVietNamDay(ageOn))),
    activated: 1,
    level2: sums.level2 > 0 ? 1 : 0,
    used: sums.used > 0 ? 1 : 0,
    usable: sums.locked > sums.unlocked ? 0 : 1,
  };
}

function bandAge(age: number): BandAge {
  return BAND_AGES.findLast((from) => from <= age) ?? 0;
}

/** The day on which a person is `age` years old (`ageAt`): 1 March for a 29 February that the year does not have. */
function dayOfAge(birthOn: CalendarDate, age: number): CalendarDate {
  const year = String(Number(birthOn.slice(0, 4)) + age).padStart(4, '0');
  const day = `${year}${birthOn.slice(4)}`;
  return isDate(day) ? day : `${year}-03-01`;
}

function isDate(day: CalendarDate): boolean {
  const year = Number(day.slice(0, 4));
  return !day.endsWith('-02-29') || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

function taken({ unitCode, ageFrom, activated, level2, used, usable }: Standing): Standing {
  return { unitCode, ageFrom, activated: -activated, level2: -level2, used: -used, usable: -usable };
}

function isSame(a: Standing | undefined, b: Standing | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.unitCode === b.unitCode &&
    a.ageFrom === b.ageFrom &&
    RESIDENT_MEASURES.every((measure) => a[measure] === b[measure])
  );
}

type Addable = Pick<ResidentCell, 'day' | 'unitCode' | 'ageFrom'> & { recordedOn?: string } & Readonly<
    Record<ResidentMeasure, number>
  >;

function difference<T extends Addable>(before: readonly T[], now: readonly T[]): T[] {
  const sums = new Map<string, T>();
  const add = (one: T, sign: 1 | -1): void => {
    const key = `${one.day}|${one.unitCode}|${one.ageFrom}|${one.recordedOn ?? ''}`;
    const known = sums.get(key);
    const sum = (measure: ResidentMeasure): number => (known?.[measure] ?? 0) + sign * one[measure];
    sums.set(key, {
      ...one,
      activated: sum('activated'),
      level2: sum('level2'),
      used: sum('used'),
      usable: sum('usable'),
    });
  };
  for (const one of before) add(one, -1);
  for (const one of now) add(one, 1);
  return [...sums.values()].filter((one) => RESIDENT_MEASURES.some((measure) => one[measure] !== 0));
}
