import type { Unit } from '../../domain/place.ts';
import type { Db } from '../../platform/database.ts';
import type { UnitStatistics } from '../pages/unit-page-model.ts';
import { activationRates, type Viewer } from './activation-rates.ts';
import { activationTrend, type TrendPoint } from './activation-trend.ts';
import { channelShares } from './channel-shares.ts';
import { lateBacklog } from './late-backlog.ts';
import { rebuiltSeries } from './rebuilt-units.ts';
import type { DashboardQuery } from './statistics-reader.ts';
import { timeToActivate } from './time-to-activate.ts';
import { unitMonths } from './unit-months.ts';

/** What one reader may know of one unit: everything of her own, and of all with the full view; else what is published of it, as anybody may. */
export async function unitStatistics(db: Db, unit: Unit, query: DashboardQuery): Promise<UnitStatistics> {
  const asked = query.viewer ?? { kind: 'full' };
  const maySeeAll = asked.kind === 'full' || (asked.kind === 'unit' && asked.unitCode === unit.code);
  const viewer: Viewer = maySeeAll ? asked : { kind: 'public' };
  const rates = await activationRates(db, { ...query, viewer });
  if (!maySeeAll) {
    const months = await unitMonths(db, rates);
    const points = (figures: (typeof months)['whole']): TrendPoint[] =>
      months.days.flatMap((day, index) => {
        const figure = figures[index];
        return figure === undefined ? [] : [{ day, figure }];
      });
    const trend = { own: points(months.byUnit.get(unit.code) ?? []), whole: points(months.whole) };
    const notShown = { channels: undefined, backlog: undefined, waits: undefined, rebuilt: undefined };
    return { unit, rates, ranking: rates, trend, isMonthly: true, ...notShown };
  }
  const own = { ...query, viewer: { kind: 'unit', unitCode: unit.code } } as const;
  return {
    unit,
    rates,
    ranking: asked.kind === 'full' ? rates : await activationRates(db, { ...query, viewer: { kind: 'public' } }),
    trend: {
      own: await activationTrend(db, { ...query, viewer: { kind: 'full' }, unitCode: unit.code }),
      whole: await activationTrend(db, { ...query, viewer }),
    },
    isMonthly: false,
    rebuilt: await rebuiltSeries(db, unit.code, query),
    channels: await channelShares(db, own),
    backlog: await lateBacklog(db, own),
    waits: await timeToActivate(db, own),
  };
}
