import { type Campaign, campaignPeriods, daysIn, type Period, tellable } from '../../domain/campaign.ts';
import { existsOn, findUnit } from '../../domain/place.ts';
import { LEAST_PUBLIC_COUNT, publicationDay } from '../../domain/suppression.ts';
import { addDays, type CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { type CampaignVersion, listCampaigns } from '../stores/campaign-store.ts';
import { listDayTotals, listTotalsByUnit } from '../stores/counter-store.ts';
import { findBasesInForce } from '../stores/denominator-store.ts';
import { type Moment, momentOf, type RatesQuery, type Viewer } from './activation-rates.ts';
import { personsFrom, publicAgeMin, residentsByUnit } from './resident-counts.ts';

/** Persons who activated for the first time; and activations of grants (lượt), of which a person has one a level. The public sees persons alone: who activated two
 *  levels would be found by subtraction. */
export type CampaignCounts = { readonly persons: number; readonly grants: number | undefined };

export type CampaignFigures =
  | { readonly kind: 'not_begun' | 'not_published' }
  | {
      readonly kind: 'counted';
      /** The days that are counted: up to the day of the report while the campaign lasts. */
      readonly during: Period;
      readonly before: Period;
      readonly days: number;
      readonly isOver: boolean;
      readonly counts: CampaignCounts;
      /** In as many days right before; undefined where the units did not exist then. */
      readonly countsBefore: CampaignCounts | undefined;
      /** Persons it was to bring; undefined where none was set, or what is counted here is a part of it. */
      readonly target: number | undefined;
      /** Undefined for the public: a day has small numbers. */
      readonly byDay: readonly DayCounts[] | undefined;
    };

export type CampaignReport = {
  readonly moment: Moment;
  readonly campaigns: readonly { readonly campaign: CampaignVersion; readonly figures: CampaignFigures }[];
  /** What else a reader of a trend must know. */
  readonly notes: readonly CampaignVersion[];
};

/** What each campaign brought in its units and days, beside as many days before it. It says what happened in those days, not what the campaign caused. Counted in the
 *  unit of the event. A unit sees its own part; the public what was held in all of the city and ended with a month that is over, where it tells on nobody (`tellable`). */
export async function campaignReport(
  db: Db,
  query: Pick<RatesQuery, 'now' | 'asOfDay' | 'knownOnDay' | 'viewer'>,
): Promise<CampaignReport> {
  const moment = momentOf(query);
  const viewer = query.viewer ?? { kind: 'full' };
  const all = await listCampaigns(db, moment.knownAt);
  const counted = await Promise.all(
    all
      .filter(({ kind }) => kind === 'campaign')
      .map(async (campaign) => ({ campaign, figures: await figuresOf(db, campaign, { moment, viewer }) })),
  );
  const campaigns = viewer.kind === 'public' ? await withoutTelling(db, counted, moment) : counted;
  return { moment, campaigns, notes: all.filter(({ kind }) => kind === 'note') };
}

/** What is to be marked on a trend of these days: campaigns as periods, notes as days, as known at `knownAt`. Not secret. */
export async function listPeriodsToMark(
  db: Db,
  { fromOn, toOn, knownAt }: Period & { knownAt: Date },
): Promise<readonly CampaignVersion[]> {
  const all = await listCampaigns(db, knownAt);
  return all.filter((one) => one.fromOn <= toOn && fromOn <= one.toOn);
}

type At = { readonly moment: Moment; readonly viewer: Viewer };

async function figuresOf(db: Db, campaign: Campaign, { moment, viewer }: At): Promise<CampaignFigures> {
  const periods = campaignPeriods(campaign, moment.day);
  if (periods === undefined) return { kind: 'not_begun' };
  const scope = scopeOf(campaign, viewer);
  if (scope === undefined) return { kind: 'not_published' };
  const { during, before, days, isOver } = periods;
  const { knownOn, knownAt } = moment;
  const { unitCodes } = scope;
  const byDay = await countDays(db, { ...during, knownOn, knownAt, unitCodes });
  const counts = added(byDay);
  const isSame = (unitCodes ?? []).every((code) => existedOn(code, before.fromOn));
  const countsBefore = isSame ? added(await countDays(db, { ...before, knownOn, knownAt, unitCodes })) : undefined;
  const counted = { kind: 'counted', during, before, days, isOver, counts, countsBefore } as const;
  const target = scope.isWhole ? campaign.target : undefined;
  if (viewer.kind !== 'public') return { ...counted, target, byDay };
  if (!isOver || campaign.toOn > publishedDay(moment)) return { kind: 'not_published' };
  const shown = [counts, ...(countsBefore === undefined ? [] : [countsBefore])];
  if (shown.some(({ persons }) => persons < LEAST_PUBLIC_COUNT)) return { kind: 'not_published' };
  const [publicCounts, publicBefore] = [withoutGrants(counts), countsBefore && withoutGrants(countsBefore)];
  return { ...counted, target, counts: publicCounts, countsBefore: publicBefore, byDay: undefined };
}

type Reported = CampaignReport['campaigns'][number];

/** Persons of every age are a campaign's; those from one age on, and grants, are told of every day. What lies between, children and who activated a second level, is found by
 *  subtraction, of the days by which two campaigns differ too. */
async function withoutTelling(db: Db, reported: readonly Reported[], moment: Moment): Promise<readonly Reported[]> {
  const sums = reported.flatMap(({ campaign, figures }) => {
    if (figures.kind !== 'counted') return [];
    const { during, before, countsBefore } = figures;
    const first = addDays(during.fromOn, -1);
    const earlier = countsBefore === undefined ? [] : [addDays(before.fromOn, -1)];
    return [{ campaign, days: [...earlier, first, during.toOn] }];
  });
  const between = new Map<CalendarDate, readonly number[]>();
  for (const day of new Set(sums.flatMap(({ days }) => days))) between.set(day, await differencesAt(db, day, moment));
  const inOrder = sums.toSorted(
    (a, b) => compareTexts(a.campaign.toOn, b.campaign.toOn) || compareTexts(a.campaign.key, b.campaign.key),
  );
  const told = new Set([...tellable(inOrder, (day) => between.get(day) ?? [])].map(({ campaign }) => campaign));
  return reported.map((one) =>
    one.figures.kind !== 'counted' || told.has(one.campaign) ? one : { ...one, figures: { kind: 'not_published' } },
  );
}

/** At the end of a day: persons who ever activated, less those whom every day's figures tell; and grants, less the persons. */
async function differencesAt(db: Db, day: CalendarDate, { knownAt }: Moment): Promise<readonly number[]> {
  const totals = await listTotalsByUnit(db, { day, dueDay: day, knownOn: undefined, measures: MEASURES });
  const [persons = 0, grants = 0] = MEASURES.map((measure) =>
    [...totals.values()].reduce((sum, unit) => sum + (unit.get(measure)?.[1] ?? 0) + (unit.get(measure)?.[2] ?? 0), 0),
  );
  const targets = await findBasesInForce(db, { basis: 'assigned_target', day, knownAt });
  const cells = [...(await residentsByUnit(db, { day })).values()].flat();
  const ageMin = publicAgeMin(targets?.ageMin);
  const others = persons - personsFrom(cells, ageMin).activated;
  // Beside persons of every age the grants of each day tell who activated a second level, campaign or not.
  return ageMin === 0 ? [others] : [others, grants - persons];
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function withoutGrants({ persons }: CampaignCounts): CampaignCounts {
  return { persons, grants: undefined };
}

/** Whose activations are counted: those of `unitCodes`, of all units where undefined. */
function scopeOf(
  { unitCodes }: Campaign,
  viewer: Viewer,
): { unitCodes: readonly string[] | undefined; isWhole: boolean } | undefined {
  const isCity = unitCodes.length === 0;
  switch (viewer.kind) {
    case 'full':
      return { unitCodes: isCity ? undefined : unitCodes, isWhole: true };
    case 'public':
      return isCity ? { unitCodes: undefined, isWhole: true } : undefined;
    case 'unit': {
      const { unitCode } = viewer;
      if (!isCity && !unitCodes.includes(unitCode)) return undefined;
      return { unitCodes: [unitCode], isWhole: unitCodes.length === 1 };
    }
  }
}

function publishedDay({ day, isDayOver }: Moment): CalendarDate {
  return publicationDay(isDayOver ? day : addDays(day, -1));
}

function existedOn(code: string, day: CalendarDate): boolean {
  const unit = findUnit(code);
  return unit !== undefined && existsOn(unit, day);
}

const MEASURES = ['person_activated', 'activated'] as const;
type DayCounts = { readonly day: CalendarDate; readonly persons: number; readonly grants: number };
type Days = Period & Pick<Moment, 'knownOn' | 'knownAt'> & { readonly unitCodes: readonly string[] | undefined };

async function countDays(db: Db, { fromOn, toOn, ...where }: Days): Promise<DayCounts[]> {
  const totals = await listDayTotals(db, {
    from: fromOn,
    to: toOn,
    measures: MEASURES,
    ...where,
  });
  const byDay = Map.groupBy(totals, ({ day }) => day);
  return Array.from({ length: daysIn(fromOn, toOn) }, (_, index) => {
    const day = addDays(fromOn, index);
    const count = (measure: (typeof MEASURES)[number]): number =>
      (byDay.get(day) ?? []).filter((one) => one.measure === measure).reduce((sum, { total }) => sum + total, 0);
    return { day, persons: count('person_activated'), grants: count('activated') };
  });
}

function added(days: readonly DayCounts[]): CampaignCounts {
  const sum = (of: 'persons' | 'grants'): number => days.reduce((total, day) => total + day[of], 0);
  return { persons: sum('persons'), grants: sum('grants') };
}
