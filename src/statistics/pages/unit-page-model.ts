import type { ChartModel } from '../../../views/statistics/charts/chart.ts';
import type { UnitPageModel } from '../../../views/statistics/unit-page.ts';
import { findUnit, TWO_TIER_FROM, type Unit } from '../../domain/place.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import { type ActivationRates, type Figures, PUBLISHED_RATES, type UnitFigures } from '../figures/activation-rates.ts';
import type { TrendPoint } from '../figures/activation-trend.ts';
import type { ChannelShares } from '../figures/channel-shares.ts';
import type { LateBacklog } from '../figures/late-backlog.ts';
import type { RebuiltSeries } from '../figures/rebuilt-units.ts';
import type { TimeToActivate } from '../figures/time-to-activate.ts';
import { rankUnits } from '../figures/unit-ranks.ts';
import { type DashboardFilter, filterQuery } from '../read-query.ts';
import { backlogModel } from './backlog-model.ts';
import { channelsModel } from './channels-model.ts';
import { chartFigureModel } from './chart-links.ts';
import { figureModel, percentOf } from './figure-model.ts';
import { accessModel, asOfText, cacheKey, definitionModel, filterModel, type Page } from './page-parts.ts';
import { figureText, lastSeenText, unitName } from './rate-texts.ts';
import { rebuiltModel } from './rebuilt-model.ts';
import { trendRows } from './trend-model.ts';
import { unitHref } from './unit-href.ts';
import { unitsCaption } from './units-model.ts';
import { waitsModel } from './waits-model.ts';

export type UnitStatistics = {
  readonly unit: Unit;
  readonly rates: ActivationRates;
  /** Where everybody's rank is taken from: what the reader sees, or where that is one unit alone, what is published. */
  readonly ranking: ActivationRates;
  /** Of the unit and of the whole, day by day for who sees the unit's own, else month by month. */
  readonly trend: { readonly own: readonly TrendPoint[]; readonly whole: readonly TrendPoint[] };
  readonly isMonthly: boolean;
  /** Undefined for the public: a unit's channels are small. */
  readonly channels: ChannelShares | undefined;
  /** Undefined for the public, as the channels. */
  readonly backlog: LateBacklog | undefined;
  readonly waits: TimeToActivate | undefined;
  /** Across 1 July 2025, for who sees everything of the unit. */
  readonly rebuilt: RebuiltSeries | undefined;
};

type UnitPage = Page & { readonly filter: DashboardFilter; readonly statistics: UnitStatistics };

export function unitPageModel(page: UnitPage): UnitPageModel {
  const { locale, filter, rates, statistics } = page;
  const t = translator(locale);
  const { unit, channels, isMonthly, trend } = statistics;
  const name = unitName(t, { code: unit.code, unit });
  const row = rates.units.rows.find(({ code }) => code === unit.code);
  const href = (more: Readonly<Record<string, string>>): string =>
    `${unitHref(unit.code)}/trend.svg${filterQuery(filter, { ...cacheKey(page), locale, ...more })}`;
  return {
    name,
    about: aboutUnit(t, locale, unit),
    asOf: isMonthly ? unitsCaption(page, row?.day) : asOfText(page),
    filter: { ...filterModel(unitHref(unit.code), { ...filter, dueOnDay: undefined }), range: filter.range },
    rank: rankOf(t, statistics),
    against: t('dashboard.unit_against', {
      percent: lastSeenText(
        locale,
        figureText(t, locale, rates.units.whole.activation_of_granted),
        row === undefined || row.day === rates.units.moment.day ? undefined : rates.units.moment.day,
      ),
    }),
    rates: row === undefined ? [] : PUBLISHED_RATES.map((id) => unitCard(page, row.figures, id)),
    note: isMonthly && rates.viewer.kind !== page.access.viewer.kind ? t('dashboard.unit_monthly') : undefined,
    trend: {
      chart: chartFigureModel(unitTrendChart(locale, statistics), 'full', href, t('dashboard.unit_key')),
      rows: trendRows(locale, trend.own),
    },
    channels: channels && channelsModel(t, locale, channels),
    backlog: statistics.backlog && backlogModel(locale, statistics.backlog),
    waits: statistics.waits && waitsModel(locale, statistics.waits),
    rebuilt: statistics.rebuilt && rebuiltModel(locale, statistics.rebuilt),
    access: accessModel(page),
    compareHref: `/statistics/compare?unit=${encodeURIComponent(unit.code)}`,
    backHref: `/statistics${filterQuery(filter)}#units`,
  };
}

function unitCard({ locale, rates }: Page, figures: Figures, id: (typeof PUBLISHED_RATES)[number]) {
  const t = translator(locale);
  return {
    figure: figureModel(t, locale, figures[id]),
    definition: { ...definitionModel(locale, rates, { id }), source: undefined },
  };
}

function aboutUnit(t: Translate, locale: Locale, { validFrom, validTo }: Unit): string | undefined {
  if (validTo !== undefined) return t('dashboard.unit_former', { day: calendarDateText(locale, TWO_TIER_FROM) });
  return t('dashboard.unit_since', { day: calendarDateText(locale, validFrom) });
}

function rankOf(t: Translate, { unit, ranking }: UnitStatistics): UnitPageModel['rank'] {
  const { ranked } = rankUnits(ranking);
  const count = ranked.filter(({ rank }) => rank !== undefined).length;
  const rank = ranked.find((one: UnitFigures) => one.code === unit.code)?.rank;
  return rank === undefined
    ? { isKnown: false, text: t('dashboard.unit_no_rank') }
    : { isKnown: true, text: t('dashboard.unit_rank', { rank, count }) };
}

/** The unit's own line, and the city's behind it. */
export function unitTrendChart(locale: Locale, { unit, trend }: UnitStatistics): ChartModel {
  const t = translator(locale);
  const drawn = trend.own.filter(({ figure }) => percentOf(figure) !== undefined);
  const [first, last] = [drawn.at(0), drawn.at(-1)];
  const values = (points: readonly TrendPoint[]) => points.map(({ figure }) => percentOf(figure) ?? null);
  const lastOfCity = trend.whole.findLast(({ figure }) => percentOf(figure) !== undefined);
  return {
    kind: 'line',
    locale,
    measure: 'percent',
    title:
      first === undefined || last === undefined
        ? t('statistics.trend_alt_empty')
        : t('dashboard.unit_trend_alt', {
            name: unitName(t, { code: unit.code, unit }),
            first: figureText(t, locale, first.figure),
            from: calendarDateText(locale, first.day),
            last: figureText(t, locale, last.figure),
            to: calendarDateText(locale, last.day),
          }),
    points: trend.own.map(({ day }) => day.split('-').toReversed().slice(0, 2).join('/')),
    lines: [
      { look: 'main', label: last === undefined ? '' : figureText(t, locale, last.figure), values: values(trend.own) },
      {
        look: 'second',
        label: lastOfCity === undefined ? '' : t('dashboard.unit_city_line'),
        values: values(trend.whole),
      },
    ],
    bands: [],
    marks: [],
    isFromZero: false,
  };
}

/** The unit of this code, if it is one. */
export function unitOfCode(code: string): Unit | undefined {
  const unit = findUnit(code);
  return unit?.parent === undefined ? undefined : unit;
}
