import type { AccountLevel } from '../../domain/assurance.ts';
import type { LoadedBasis } from '../../domain/denominator.ts';
import { type Geography, geographyOn, type Unit } from '../../domain/place.ts';
import { RATE_DEFINITIONS, type RateId, type RatePlacement } from '../../domain/rate.ts';
import { publicationDay } from '../../domain/suppression.ts';
import { addDays, type CalendarDate, endOfVietNamDay, vietNamDay } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { unitEditions } from '../editions/unit-editions.ts';
import type { Totals } from '../stores/counter-store.ts';
import type { Denominator } from '../stores/denominator-store.ts';
import {
  type AgeCuts,
  type Counts,
  EVERYTHING,
  NOBODY,
  protect,
  RATIOS,
  readTable,
  type Shown,
  type Table,
} from './rate-counts.ts';
import { type ResidentsCounted, residentsCounted } from './resident-counts.ts';

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
  /** To the end of which day: the table's, or an earlier one where the public sees a unit as it was last published. */
  readonly day: CalendarDate;
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
export type PersonsCounted = ResidentsCounted & AgeCuts;

export type RatesQuery = {
  readonly now: Date;
  /** Not after today in Viet Nam; today unless told. */
  readonly asOfDay?: CalendarDate | undefined;
  /** Only what was known at the end of this day, which is over and not before `asOfDay`. Both fixed, the answer never changes. */
  readonly knownOnDay?: CalendarDate | undefined;
  readonly accountLevel?: AccountLevel | undefined;
  /** Age cut of the residents, at which an age band begins; unless told `RESIDENTS_AGE_MIN`, or the target's where no residents of that age are loaded. The public
   *  cannot ask for one (`publicAgeMin`). */
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
  const current = await readTable(db, moment, viewer.kind === 'public' ? 'one' : residentsAgeMin);
  const whole = wholeFor(viewer, current, accountLevel);
  const units =
    viewer.kind === 'public'
      ? await publicUnits(db, { ...query, day: unitsMoment.day, knownAt: unitsMoment.knownAt })
      : unitsFor(viewer, current, { accountLevel, day: unitsMoment.day });
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
      ...units,
    },
  };
}

type UnitsShown = Pick<ActivationRates['units'], 'whole' | 'rows'>;

/** For who sees more than the public: every row, or the one of her own. */
function unitsFor(
  viewer: Viewer,
  table: Table,
  { accountLevel, day }: { accountLevel: AccountLevel | undefined; day: CalendarDate },
): UnitsShown {
  return {
    whole: wholeFor(viewer, table, accountLevel),
    rows: table.rows
      .filter(({ code }) => viewer.kind !== 'unit' || viewer.unitCode === code)
      .map((row) => ({ code: row.code, unit: row.unit, figures: figuresOf(row, accountLevel, EVERYTHING), day })),
  };
}

/** Each unit as it was last published. */
async function publicUnits(
  db: Db,
  { day, knownAt, accountLevel }: RatesQuery & { day: CalendarDate; knownAt: Date },
): Promise<UnitsShown> {
  const { whole, rows } = await unitEditions(db, { day, knownAt });
  return {
    whole: figuresOf(whole.counts, accountLevel, whole.shown),
    rows: rows.map(({ code, unit, last }) => ({
      code,
      unit,
      figures: last === undefined ? NOTHING_SHOWN : figuresOf(last.counts, accountLevel, last.shown),
      day: last?.day ?? day,
    })),
  };
}

/** Of a row of which nothing is shown. */
export const NOTHING_SHOWN = Object.fromEntries(PUBLISHED_RATES.map((id) => [id, { kind: 'suppressed' }])) as Figures;

/** Who sees one unit sees of the others what is published, and so no two age cuts of the whole. */
function wholeFor(viewer: Viewer, { whole, cuts }: Table, accountLevel: AccountLevel | undefined): Figures {
  if (viewer.kind === 'full') return figuresOf(whole, accountLevel, EVERYTHING);
  const figures = figuresOf(whole, accountLevel, protect({ whole, rows: [] }).whole);
  if (cuts.ageMin === cuts.targetAgeMin) return figures;
  return { ...figures, activation_of_population: SUPPRESSED, level2_share: SUPPRESSED };
}

const SUPPRESSED: Figure = { kind: 'suppressed' };

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
