import type { ActivationMeasure, CounterMeasure } from '../accounts/activation-event-store.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { LoadedBasis } from '../domain/denominator.ts';
import { existsOn, type Geography, geographyOn, HANOI_CODE, type Unit } from '../domain/place.ts';
import type { RateId, RatePlacement, Ratio } from '../domain/rate.ts';
import { type CountLayers, protectTable, publicationDay, ratioCounts } from '../domain/suppression.ts';
import { addDays, type CalendarDate, endOfVietNamDay, vietNamDay } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { listTotalsByUnit, type Totals } from './counter-store.ts';
import { type Denominator, findBasesInForce } from './denominator-store.ts';
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

/** Where these figures are counted: in the unit that granted the level, as it was then. Persons too, until their moves are counted. */
export const UNIT_RULE: RatePlacement = 'at_event';

/** Least age of the residents that rates are divided by unless another is asked for: those who have a right to an account (Law 26/2023/QH15). */
export const RESIDENTS_AGE_MIN = 14;

const MEASURES: readonly ActivationMeasure[] = [
  'applied',
  'notified',
  'activated',
  'due',
  'on_time',
  'person_activated',
  'person_first_login',
];

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
  readonly units: {
    readonly moment: Moment;
    readonly geography: Geography;
    /** The whole at the same moment: the rows add up to it. */
    readonly whole: Figures;
    readonly rows: readonly UnitFigures[];
  };
};

export type RatesQuery = {
  readonly now: Date;
  /** Not after today in Viet Nam; today unless told. */
  readonly asOfDay?: CalendarDate | undefined;
  /** Only what was known at the end of this day, which is over and not before `asOfDay`. Both fixed, the answer never changes. */
  readonly knownOnDay?: CalendarDate | undefined;
  readonly accountLevel?: AccountLevel | undefined;
  /** Age cut of the residents, in completed years; `RESIDENTS_AGE_MIN` unless told. */
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
  const residentsAgeMin = query.residentsAgeMin ?? RESIDENTS_AGE_MIN;
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

type Counts = {
  readonly totals: Totals;
  readonly residents: number | undefined;
  readonly target: number | undefined;
};
type Table = {
  readonly whole: Counts;
  readonly bases: ActivationRates['bases'];
  readonly rows: readonly (Counts & { code: string; unit: Unit | undefined })[];
};

async function readTable(db: Db, moment: Moment, residentsAgeMin: number): Promise<Table> {
  const { day, knownAt } = moment;
  const byUnit = await listTotalsByUnit(db, { ...moment, measures: MEASURES });
  const residents = await findBasesInForce(db, { basis: 'eligible_residents', ageMin: residentsAgeMin, day, knownAt });
  const targets = await findBasesInForce(db, { basis: 'assigned_target', day, knownAt });
  const bases = {
    eligible_residents: residents?.byUnit.get(HANOI_CODE),
    assigned_target: targets?.byUnit.get(HANOI_CODE),
  };
  const rows = unitsByPlace(geographyOn(day), [...byUnit.keys()]).map(({ code, unit }) => {
    // What was said about a district ended with it.
    const loaded = unit !== undefined && existsOn(unit, day);
    return {
      code,
      unit,
      totals: byUnit.get(code) ?? new Map(),
      residents: loaded ? residents?.byUnit.get(code)?.quantity : undefined,
      target: loaded ? targets?.byUnit.get(code)?.quantity : undefined,
    };
  });
  const whole = {
    totals: added([...byUnit.values()]),
    residents: bases.eligible_residents?.quantity,
    target: bases.assigned_target?.quantity,
  };
  return { whole, bases, rows };
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
  activation_of_target: ({ totals, target }) => ({
    numerator: countOf(totals, 'person_activated'),
    denominator: target,
  }),
  activation_of_population: ({ totals, residents }) => ({
    numerator: countOf(totals, 'person_activated'),
    denominator: residents,
  }),
  activated_and_used: ({ totals, residents }) => ({
    numerator: countOf(totals, 'person_first_login'),
    denominator: residents,
  }),
  // A person has one grant of level 2 at most, so its first activations are persons.
  level2_share: ({ totals }) => ({
    numerator: countOf(totals, 'activated', 2),
    denominator: countOf(totals, 'person_activated'),
  }),
  intake: ({ totals, target }) => ({ numerator: countOf(totals, 'applied'), denominator: target }),
};

/** Layers that may be shown of a row's three tables (`protectTable`). */
type Shown = { readonly granted: number; readonly due: number; readonly used: number; readonly taken: number };
const EVERYTHING: Shown = { granted: 3, due: 2, used: 1, taken: 1 };
const NOTHING: Shown = { granted: 0, due: 0, used: 0, taken: 0 };

/** Activations are in one table with the share of level 2, whose numerator is a part of them: all levels; then the share, which tells level 1 from level 2,
 *  and the other rates of the same persons; then the grants of each level. */
const LAYERS: Readonly<Record<keyof Shown, (counts: Counts) => CountLayers>> = {
  granted: (counts) => {
    const [level1, level2] = [1, 2].map((level) => RATIOS.activation_of_granted(counts, level as AccountLevel));
    return [
      countsOf(RATIOS.activation_of_granted(counts, undefined)),
      [
        ...countsOf(RATIOS.level2_share(counts, undefined)),
        level1?.numerator ?? 0,
        ...countsOf(RATIOS.activation_of_target(counts, undefined)),
        ...countsOf(RATIOS.activation_of_population(counts, undefined)),
      ],
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
    return [[...countsOf(used), Math.abs(countOf(counts.totals, 'person_activated') - used.numerator)]];
  },
  taken: (counts) => [countsOf(RATIOS.intake(counts, undefined))],
};

function countsOf({ numerator, denominator }: Ratio): readonly number[] {
  return ratioCounts(numerator, denominator);
}

function protect({ whole, rows }: Pick<Table, 'whole' | 'rows'>): { whole: Shown; rows: readonly Shown[] } {
  const table = (name: keyof Shown) => protectTable(LAYERS[name](whole), rows.map(LAYERS[name]));
  const tables = { granted: table('granted'), due: table('due'), used: table('used'), taken: table('taken') };
  const shownAt = (index: number | undefined): Shown => {
    const of = (name: keyof Shown): number =>
      index === undefined ? tables[name].total : (tables[name].rows[index] ?? 0);
    return { granted: of('granted'), due: of('due'), used: of('used'), taken: of('taken') };
  };
  return { whole: shownAt(undefined), rows: rows.map((_, index) => shownAt(index)) };
}

/** The whole's figures from these counts alone, for a trend. */
export function wholeFigures(totals: Totals, accountLevel: AccountLevel | undefined, viewer: Viewer): Figures {
  const whole = { totals, residents: undefined, target: undefined };
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
    case 'activation_of_target':
    case 'activation_of_population':
      return shown.granted >= 2;
    case 'on_time':
      return shown.due >= (accountLevel === undefined ? 1 : 2);
    case 'activated_and_used':
      return shown.used >= 1;
    case 'intake':
      return shown.taken >= 1;
  }
}
