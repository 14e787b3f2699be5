import { type Campaign, campaignPeriods, daysIn, type Period } from '../domain/campaign.ts';
import { existsOn, findUnit } from '../domain/place.ts';
import { LEAST_PUBLIC_COUNT, publicationDay } from '../domain/suppression.ts';
import { addDays, type CalendarDate } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { type Moment, momentOf, type RatesQuery, type Viewer } from './activation-rates.ts';
import { type CampaignVersion, listCampaigns } from './campaign-store.ts';
import { listDayTotals } from './counter-store.ts';

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
 *  unit of the event. A unit sees its own part; the public what was held in all of the city and ended with a month that is over. */
export async function campaignReport(
  db: Db,
  query: Pick<RatesQuery, 'now' | 'asOfDay' | 'knownOnDay' | 'viewer'>,
): Promise<CampaignReport> {
  const moment = momentOf(query);
  const viewer = query.viewer ?? { kind: 'full' };
  const all = await listCampaigns(db, moment.knownAt);
  const campaigns = await Promise.all(
    all
      .filter(({ kind }) => kind === 'campaign')
      .map(async (campaign) => ({ campaign, figures: await figuresOf(db, campaign, { moment, viewer }) })),
  );
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

type DayCounts = { readonly day: CalendarDate; readonly persons: number; readonly grants: number };
type Days = Period & Pick<Moment, 'knownOn' | 'knownAt'> & { readonly unitCodes: readonly string[] | undefined };

async function countDays(db: Db, { fromOn, toOn, ...where }: Days): Promise<DayCounts[]> {
  const totals = await listDayTotals(db, {
    from: fromOn,
    to: toOn,
    measures: ['person_activated', 'activated'],
    ...where,
  });
  const byDay = Map.groupBy(totals, ({ day }) => day);
  return Array.from({ length: daysIn(fromOn, toOn) }, (_, index) => {
    const day = addDays(fromOn, index);
    const count = (measure: 'person_activated' | 'activated'): number =>
      (byDay.get(day) ?? []).filter((one) => one.measure === measure).reduce((sum, { total }) => sum + total, 0);
    return { day, persons: count('person_activated'), grants: count('activated') };
  });
}

function added(days: readonly DayCounts[]): CampaignCounts {
  const sum = (of: 'persons' | 'grants'): number => days.reduce((total, day) => total + day[of], 0);
  return { persons: sum('persons'), grants: sum('grants') };
}
