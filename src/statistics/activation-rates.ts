import type { ActivationMeasure, CounterMeasure } from '../accounts/activation-event-store.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { LoadedBasis } from '../domain/denominator.ts';
import { existsOn, type Geography, geographyOn, HANOI_CODE, type Unit } from '../domain/place.ts';
import { RATE_DEFINITIONS, type RateId, type RatePlacement, type Ratio } from '../domain/rate.ts';
import type { BandAge } from '../domain/resident-ledger.ts';
import { type CountLayers, protectTable, publicationDay, ratioCounts } from '../domain/suppression.ts';
import { addDays, type CalendarDate, endOfVietNamDay, vietNamDay } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { listTotalsByUnit, type Totals } from './counter-store.ts';
import { type Denominator, findBasesInForce } from './denominator-store.ts';
import {
  ageCuts,
  type PersonCounts,
  personsFrom,
  RESIDENTS_AGE_MIN,
  type ResidentCell,
  type ResidentsCounted,
  residentsByUnit,
  residentsCounted,
} from './resident-counts.ts';
import { unitsByPlace } from './unit-rows.ts';

/** The rates of this edition, in the order in which they are shown. */
export const PUBLISHED_RATES = [
  'activation_of_granted',
  'on_time',
  'activation_of_target',
  'activation_of_population',
  'activated_and_used',
  'level2_share',
  'intake',
] as const satisfies readonly RateId[];
export type PublishedRateId = (typeof PUBLISHED_RATES)[number];

/** Which rates can be asked for by account level. The others count persons, whatever their level. */
export const IS_SPLIT_BY_LEVEL: Readonly<Record<PublishedRateId, boolean>> = {
  activation_of_granted: true,
  on_time: true,
  activation_of_target: false,
  activation_of_population: false,
  activated_and_used: false,
  level2_share: false,
  intake: false,
};

/** Where a rate is counted: grants in the unit that granted the level, as it was then; persons where they live as of the day, while they are alive. */
export function unitRuleOf(id: RateId): RatePlacement {
  return RATE_DEFINITIONS[id].placement;
}

const MEASURES: readonly ActivationMeasure[] = ['applied', 'notified', 'activated', 'due', 'on_time'];

/** One rate of one row. `no_basis`: what it is divided by has not been loaded. */
export type Figure =
  | { readonly kind: 'shown'; readonly numerator: number; readonly denominator: number }
  | { readonly kind: 'no_basis'; readonly numerator: number }
  | { readonly kind: 'suppressed' };
export type Figures = Readonly<Record<PublishedRateId, Figure>>;

export type UnitFigures = {
  /** As the events name it; '' for events without a unit. */
  readonly code: string;
  /** Undefined for a code that no list of units has. */
  readonly unit: Unit | undefined;
  readonly figures: Figures;
};

/** Who asks. The public gets large counts only, and units once a month; `unit` sees the public figures of the whole and everything of its own unit. */
export type Viewer = { readonly kind: 'public' | 'full' } | { readonly kind: 'unit'; readonly unitCode: string };

/** Until when facts are counted. */
export type Moment = {
  readonly day: CalendarDate;
  /** The last day whose due times have passed. */
  readonly dueDay: CalendarDate;
  /** The end of a day that is over, else the minute of reading. */
  readonly asOf: Date;
  readonly isDayOver: boolean;
  /** The day at whose end the facts were known; undefined for all that is known at the time of reading. */
  readonly knownOn: CalendarDate | undefined;
  readonly knownAt: Date;
};

export type ActivationRates = {
  readonly viewer: Viewer;
  readonly accountLevel: AccountLevel | undefined;
  readonly moment: Moment;
  readonly whole: Figures;
  /** What the whole is divided by where that is counted elsewhere; undefined while it is not loaded. */
  readonly bases: Readonly<Record<LoadedBasis, Denominator | undefined>>;
  readonly persons: PersonsCounted;
  readonly units: {
    readonly moment: Moment;
    readonly geography: Geography;
    /** The whole at the same moment: the rows add up to it. */
    readonly whole: Figures;
    readonly rows: readonly UnitFigures[];
  };
};

/** How persons are counted in the rates that count them. */
export type PersonsCounted = ResidentsCounted & {
  /** Least age of those who are counted, and of those who are divided by the target: its own, or 0 where no age band begins at it. */
  readonly ageMin: BandAge;
  readonly targetAgeMin: BandAge;
};

export type RatesQuery = {
  readonly now: Date;
  /** Not after today in Viet Nam; today unless told. */
  readonly asOfDay?: CalendarDate | undefined;
  /** Only what was known at the end of this day, which is over and not before `asOfDay`. Both fixed, the answer never changes. */
  readonly knownOnDay?: CalendarDate | undefined;
  readonly accountLevel?: AccountLevel | undefined;
  /** Age cut of the residents, at which an age band begins; unless told `RESIDENTS_AGE_MIN`, or the target's where no residents of that age are loaded. */
  readonly residentsAgeMin?: number | undefined;
  /** Everything unless told: the command line is the operator's. */
  readonly viewer?: Viewer | undefined;
};

/** The rates of the whole and of each unit, from counters alone: what they cost does not depend on the number of accounts.
 *  Rows are the units of the day's geography and, in rows of their own, whatever other code the events name, so that rows add up to the whole. */
export async function activationRates(db: Db, query: RatesQuery): Promise<ActivationRates> {
  const { accountLevel, viewer = { kind: 'full' } } = query;
  if (query.knownOnDay !== undefined && viewer.kind !== 'full')
    throw new TypeError(
      'Corrections, found by subtraction, are small counts: what was known then is for the full view.',
    );
  const moment = momentOf(query);
  const unitsMoment = viewer.kind === 'public' ? publishedMoment(moment) : moment;
  const { residentsAgeMin } = query;
  const current = await readTable(db, moment, residentsAgeMin);
  const table = unitsMoment === moment ? current : await readTable(db, unitsMoment, residentsAgeMin);
  const isProtected = viewer.kind !== 'full';
  const whole = figuresOf(current.whole, accountLevel, isProtected ? protect(current).whole : EVERYTHING);
  const layers = isProtected ? protect(table) : undefined;
  const isOwn = (code: string): boolean => viewer.kind === 'unit' && viewer.unitCode === code;
  const rows = table.rows.flatMap((row, index) => {
    if (viewer.kind === 'unit' && !isOwn(row.code)) return [];
    const shown = layers === undefined || isOwn(row.code) ? EVERYTHING : (layers.rows[index] ?? NOTHING);
    return [{ code: row.code, unit: row.unit, figures: figuresOf(row, accountLevel, shown) }];
  });
  return {
    viewer,
    accountLevel,
    moment,
    whole,
    bases: current.bases,
    persons: { ...current.cuts, ...(await residentsCounted(db, moment.day)) },
    units: {
      moment: unitsMoment,
      geography: geographyOn(unitsMoment.day),
      whole: figuresOf(table.whole, accountLevel, layers?.whole ?? EVERYTHING),
      rows,
    },
  };
}

/** What was done in the last moment of a day is written a little later: so long after midnight nobody can say yet what was known. */
const KNOWLEDGE_SETTLES_MS = 5 * 60_000;

/** @throws RangeError for a day that has not begun, and for knowledge before the day or of a day that is not well over. */
export function momentOf({ now, asOfDay, knownOnDay }: Pick<RatesQuery, 'now' | 'asOfDay' | 'knownOnDay'>): Moment {
  const today = vietNamDay(now);
  const day = asOfDay ?? knownOnDay ?? today;
  if (day > today) throw new RangeError('There are no figures of a day that has not begun.');
  if (knownOnDay !== undefined) {
    if (knownOnDay < day) throw new RangeError('What was known before the day was over is no figure of that day.');
    const settledAt = endOfVietNamDay(knownOnDay).getTime() + KNOWLEDGE_SETTLES_MS;
    if (settledAt > now.getTime()) throw new RangeError('The day of knowledge is not well over.');
    return { ...overMoment(day, now), knownOn: knownOnDay, knownAt: endOfVietNamDay(knownOnDay) };
  }
  if (day < today) return overMoment(day, now);
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  return { day, dueDay: addDays(day, -1), asOf: minute, isDayOver: false, knownOn: undefined, knownAt: now };
}

/** As of when the public sees what is split up: the last day of a month that is over. */
export function publishedMoment({ day, isDayOver, knownAt }: Moment): Moment {
  return overMoment(publicationDay(isDayOver ? day : addDays(day, -1)), knownAt);
}

/** The moment itself when its day is over, else the end of the day before. */
export function closedMoment(moment: Moment): Moment {
  return moment.isDayOver ? moment : overMoment(addDays(moment.day, -1), moment.knownAt);
}

function overMoment(day: CalendarDate, knownAt: Date): Moment {
  return { day, dueDay: day, asOf: endOfVietNamDay(day), isDayOver: true, knownOn: undefined, knownAt };
}

type CutPersons = PersonCounts & { readonly ageMin: BandAge };
/** Where persons are not asked for. */
const NOBODY: CutPersons = { ...personsFrom([], RESIDENTS_AGE_MIN), ageMin: RESIDENTS_AGE_MIN };

type Counts = {
  readonly totals: Totals;
  /** Residents of the age that is divided by residents, and of the age that the target is about. */
  readonly persons: CutPersons;
  readonly targeted: CutPersons;
  readonly residents: number | undefined;
  readonly target: number | undefined;
};
type Table = {
  readonly whole: Counts;
  readonly bases: ActivationRates['bases'];
  readonly cuts: Pick<PersonsCounted, 'ageMin' | 'targetAgeMin'>;
  readonly rows: readonly (Counts & { code: string; unit: Unit | undefined })[];
};

async function readTable(db: Db, moment: Moment, askedAgeMin: number | undefined): Promise<Table> {
  const { day, knownAt } = moment;
  const byUnit = await listTotalsByUnit(db, { ...moment, measures: MEASURES });
  const persons = await residentsByUnit(db, moment);
  const ageOfResidents = askedAgeMin ?? RESIDENTS_AGE_MIN;
  const residents = await findBasesInForce(db, { basis: 'eligible_residents', ageMin: ageOfResidents, day, knownAt });
  const targets = await findBasesInForce(db, { basis: 'assigned_target', day, knownAt });
  const cuts = ageCuts(askedAgeMin, { ofTarget: targets?.ageMin, hasResidents: residents !== undefined });
  const bases = {
    eligible_residents: residents?.byUnit.get(HANOI_CODE),
    assigned_target: targets?.byUnit.get(HANOI_CODE),
  };
  const personsOf = (cells: readonly ResidentCell[]): Pick<Counts, 'persons' | 'targeted'> => ({
    persons: { ...personsFrom(cells, cuts.ageMin), ageMin: cuts.ageMin },
    targeted: { ...personsFrom(cells, cuts.targetAgeMin), ageMin: cuts.targetAgeMin },
  });
  const codes = new Set([...byUnit.keys(), ...persons.keys()]);
  const rows = unitsByPlace(geographyOn(day), [...codes]).map(({ code, unit }) => {
    // What was said about a district ended with it.
    const loaded = unit !== undefined && existsOn(unit, day);
    return {
      code,
      unit,
      totals: byUnit.get(code) ?? new Map(),
      ...personsOf(persons.get(code) ?? []),
      residents: loaded ? residents?.byUnit.get(code)?.quantity : undefined,
      target: loaded ? targets?.byUnit.get(code)?.quantity : undefined,
    };
  });
  const whole = {
    totals: added([...byUnit.values()]),
    ...personsOf([...persons.values()].flat()),
    residents: bases.eligible_residents?.quantity,
    target: bases.assigned_target?.quantity,
  };
  return { whole, bases, cuts, rows };
}

function added(all: readonly Totals[]): Totals {
  const sum = new Map<CounterMeasure, Record<AccountLevel, number>>();
  for (const totals of all) {
    for (const [measure, levels] of totals) {
      const known = sum.get(measure) ?? { 1: 0, 2: 0 };
      sum.set(measure, { 1: known[1] + levels[1], 2: known[2] + levels[2] });
    }
  }
  return sum;
}

function countOf(totals: Totals, measure: ActivationMeasure, level?: AccountLevel): number {
  const levels = totals.get(measure) ?? { 1: 0, 2: 0 };
  return level === undefined ? levels[1] + levels[2] : levels[level];
}

/** What a rate divides by what. */
const RATIOS: Readonly<Record<PublishedRateId, (counts: Counts, level: AccountLevel | undefined) => Ratio>> = {
  activation_of_granted: ({ totals }, level) => ({
    numerator: countOf(totals, 'activated', level),
    denominator: countOf(totals, 'notified', level),
  }),
  on_time: ({ totals }, level) => ({
    numerator: countOf(totals, 'on_time', level),
    denominator: countOf(totals, 'due', level),
  }),
  activation_of_target: ({ targeted, target }) => ({ numerator: targeted.activated, denominator: target }),
  activation_of_population: ({ persons, residents }) => ({ numerator: persons.activated, denominator: residents }),
  activated_and_used: ({ persons, residents }) => ({ numerator: persons.used, denominator: residents }),
  level2_share: ({ persons }) => ({ numerator: persons.level2, denominator: persons.activated }),
  intake: ({ totals, target }) => ({ numerator: countOf(totals, 'applied'), denominator: target }),
};

/** Layers that may be shown of a row's tables (`protectTable`). */
type Shown = Readonly<Record<'granted' | 'due' | 'used' | 'targeted' | 'taken', number>>;
const EVERYTHING: Shown = { granted: 3, due: 2, used: 1, targeted: 1, taken: 1 };
const NOTHING: Shown = { granted: 0, due: 0, used: 0, targeted: 0, taken: 0 };

/** Activations are in one table with the share of level 2, whose numerator is a part of them: all levels; then the share, which tells level 1 from level 2,
 *  and the other rates of the same persons; then the grants of each level. */
const LAYERS: Readonly<Record<keyof Shown, (counts: Counts) => CountLayers>> = {
  granted: (counts) => {
    const [level1, level2] = [1, 2].map((level) => RATIOS.activation_of_granted(counts, level as AccountLevel));
    return [
      countsOf(RATIOS.activation_of_granted(counts, undefined)),
      [level1?.numerator ?? 0, ...personCounts(counts)],
      [level1, level2].flatMap((ratio) => (ratio === undefined ? [] : countsOf(ratio))),
    ];
  },
  due: (counts) => [
    countsOf(RATIOS.on_time(counts, undefined)),
    [...countsOf(RATIOS.on_time(counts, 1)), ...countsOf(RATIOS.on_time(counts, 2))],
  ],
  // Who activated and never signed in is found by subtraction.
  used: (counts) => {
    const used = RATIOS.activated_and_used(counts, undefined);
    return [[...countsOf(used), counts.persons.activated - used.numerator]];
  },
  // Those of the ages between two cuts are found by subtraction.
  targeted: (counts) => {
    const { persons, targeted } = counts;
    const between = persons.ageMin === targeted.ageMin ? [] : [Math.abs(persons.activated - targeted.activated)];
    return [[...countsOf(RATIOS.activation_of_target(counts, undefined)), ...between]];
  },
  taken: (counts) => [countsOf(RATIOS.intake(counts, undefined))],
};

/** What the rates of the same persons give away. */
function personCounts(counts: Counts): number[] {
  if (counts.persons === NOBODY) return [];
  const rates = ['level2_share', 'activation_of_population'] as const;
  return rates.flatMap((id) => countsOf(RATIOS[id](counts, undefined)));
}

function countsOf({ numerator, denominator }: Ratio): readonly number[] {
  return ratioCounts(numerator, denominator);
}

function protect({ whole, rows }: Pick<Table, 'whole' | 'rows'>): { whole: Shown; rows: readonly Shown[] } {
  const table = (name: keyof Shown) => protectTable(LAYERS[name](whole), rows.map(LAYERS[name]));
  const tables = {
    granted: table('granted'),
    due: table('due'),
    used: table('used'),
    targeted: table('targeted'),
    taken: table('taken'),
  };
  const shownAt = (index: number | undefined): Shown => {
    const of = (name: keyof Shown): number =>
      index === undefined ? tables[name].total : (tables[name].rows[index] ?? 0);
    return {
      granted: of('granted'),
      due: of('due'),
      used: of('used'),
      targeted: of('targeted'),
      taken: of('taken'),
    };
  };
  return { whole: shownAt(undefined), rows: rows.map((_, index) => shownAt(index)) };
}

/** The whole's figures from these counts alone, for a trend. */
export function wholeFigures(totals: Totals, accountLevel: AccountLevel | undefined, viewer: Viewer): Figures {
  const whole = { totals, persons: NOBODY, targeted: NOBODY, residents: undefined, target: undefined };
  const shown = viewer.kind === 'full' ? EVERYTHING : protect({ whole, rows: [] }).whole;
  return figuresOf(whole, accountLevel, shown);
}

function figuresOf(counts: Counts, accountLevel: AccountLevel | undefined, shown: Shown): Figures {
  const figure = (id: PublishedRateId): Figure => {
    if (!isShown(id, accountLevel, shown)) return { kind: 'suppressed' };
    const { numerator, denominator } = RATIOS[id](counts, accountLevel);
    return denominator === undefined ? { kind: 'no_basis', numerator } : { kind: 'shown', numerator, denominator };
  };
  return {
    activation_of_granted: figure('activation_of_granted'),
    on_time: figure('on_time'),
    activation_of_target: figure('activation_of_target'),
    activation_of_population: figure('activation_of_population'),
    activated_and_used: figure('activated_and_used'),
    level2_share: figure('level2_share'),
    intake: figure('intake'),
  };
}

function isShown(id: PublishedRateId, accountLevel: AccountLevel | undefined, shown: Shown): boolean {
  switch (id) {
    case 'activation_of_granted':
      return shown.granted >= (accountLevel === undefined ? 1 : 3);
    case 'level2_share':
    case 'activation_of_population':
      return shown.granted >= 2;
    case 'activation_of_target':
      return shown.granted >= 2 && shown.targeted >= 1;
    case 'on_time':
      return shown.due >= (accountLevel === undefined ? 1 : 2);
    case 'activated_and_used':
      return shown.used >= 1;
    case 'intake':
      return shown.taken >= 1;
  }
}
