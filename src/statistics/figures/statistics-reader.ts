import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { CampaignVersion } from '../stores/campaign-store.ts';
import { listPublishedFigures, type PublishedFigureVersion } from '../stores/published-figure-store.ts';
import { activationFunnel, type FunnelReport } from './activation-funnel.ts';
import { type ActivationRates, activationRates, type RatesQuery } from './activation-rates.ts';
import { activationTrend, type TrendPoint, type TrendRange } from './activation-trend.ts';
import { type CampaignReport, campaignReport, listPeriodsToMark } from './campaign-figures.ts';
import { type ChannelShares, channelShares } from './channel-shares.ts';
import { type LateBacklog, lateBacklog } from './late-backlog.ts';
import { type ResidentsByAgeAndSex, residentsByAgeAndSex } from './residents-by-age-and-sex.ts';
import { type Adoption, type AdoptionDeps, rpAdoption } from './rp-adoption.ts';
import { progressOf, type TargetProgress } from './target-progress.ts';
import { type TimeToActivate, timeToActivate } from './time-to-activate.ts';
import { type UnitMonths, unitMonths } from './unit-months.ts';

export type DashboardQuery = RatesQuery & { readonly range: TrendRange; readonly dueOn: CalendarDate };

/** What the dashboard and its charts are made from. Each part is read when first asked for, and once: a chart reads its own, the page all of them. */
export type StatisticsReader = {
  readonly query: DashboardQuery;
  readonly rates: () => Promise<ActivationRates>;
  readonly trend: () => Promise<readonly TrendPoint[]>;
  /** What was going on in the days of the trend. */
  readonly marks: () => Promise<readonly CampaignVersion[]>;
  readonly months: () => Promise<UnitMonths>;
  readonly progress: () => Promise<TargetProgress>;
  readonly channels: () => Promise<ChannelShares>;
  readonly campaigns: () => Promise<CampaignReport>;
  readonly funnel: () => Promise<FunnelReport>;
  readonly backlog: () => Promise<LateBacklog>;
  readonly waits: () => Promise<TimeToActivate>;
  readonly residents: () => Promise<ResidentsByAgeAndSex>;
  readonly adoption: () => Promise<Adoption>;
  readonly published: () => Promise<readonly PublishedFigureVersion[]>;
};

export function statisticsReader({ db, listClients }: AdoptionDeps, query: DashboardQuery): StatisticsReader {
  const rates = once(() => activationRates(db, query));
  const trend = once(() => activationTrend(db, query));
  return {
    query,
    rates,
    trend,
    marks: once(async () => {
      const days = (await trend()).map(({ day }) => day);
      const { knownAt, day } = (await rates()).moment;
      return listPeriodsToMark(db, { fromOn: days.at(0) ?? day, toOn: day, knownAt });
    }),
    months: once(async () => unitMonths(db, await rates())),
    progress: once(async () => progressOf(db, await rates(), query.dueOn)),
    channels: once(() => channelShares(db, query)),
    campaigns: once(() => campaignReport(db, query)),
    funnel: once(() => activationFunnel(db, { now: query.now, viewer: query.viewer ?? { kind: 'full' } })),
    backlog: once(() => lateBacklog(db, query)),
    waits: once(() => timeToActivate(db, query)),
    residents: once(() => residentsByAgeAndSex(db, query)),
    adoption: once(() => rpAdoption({ db, listClients }, { ...query, viewer: query.viewer ?? { kind: 'full' } })),
    published: once(() => listPublishedFigures(db, query.now)),
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
