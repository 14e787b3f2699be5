import type { ChartFigureModel } from '../../../views/statistics/chart-figure.ts';
import type { DashboardModel, TrendModel } from '../../../views/statistics/dashboard.ts';
import type { RatesPageModel } from '../../../views/statistics/rates-page.ts';
import { translator } from '../../i18n/translator.ts';
import { PUBLISHED_RATES, type PublishedRateId } from '../figures/activation-rates.ts';
import { TREND_RANGES, type TrendRange } from '../figures/activation-trend.ts';
import { findSignals } from '../figures/signals.ts';
import type { StatisticsReader } from '../figures/statistics-reader.ts';
import { rankUnits } from '../figures/unit-ranks.ts';
import { type DashboardFilter, filterQuery } from '../read-query.ts';
import { attentionModel } from './attention-model.ts';
import { channelsModel } from './channels-model.ts';
import { chartFigureModel } from './chart-links.ts';
import { DASHBOARD_CHARTS, type DashboardChart } from './dashboard-charts.ts';
import { accessModel, asOfText, cacheKey, filterModel, type Page, rateCardModel, rateModel } from './page-parts.ts';
import { progressModel } from './progress-model.ts';
import { publishedModel } from './published-model.ts';
import { unitName } from './rate-texts.ts';
import { trendRows } from './trend-model.ts';
import { haveCourses, tileLinksModel } from './unit-charts.ts';
import { monthsTableModel, unitsCaption, unitsModel, unitsRankingModel } from './units-model.ts';

export type Dashboard = Page & { readonly filter: DashboardFilter; readonly reader: StatisticsReader };

/** The rate that stands above all others: of the target where there is one, else of those who live here, else of those granted. */
const HEADLINES = ['activation_of_target', 'activation_of_population'] as const satisfies readonly PublishedRateId[];

export async function dashboardModel(page: Dashboard): Promise<DashboardModel> {
  const { locale, filter, rates, reader } = page;
  const t = translator(locale);
  const [trend, months, progress, channels, published] = [
    await reader.trend(),
    await reader.months(),
    await reader.progress(),
    await reader.channels(),
    await reader.published(),
  ];
  const chart = (name: DashboardChart, key?: string) => dashboardChart(page, name, key);
  const headline = HEADLINES.find((id) => rates.whole[id].kind === 'shown') ?? 'activation_of_granted';
  const table = unitsRankingModel(page, months);
  const isFull = rates.viewer.kind === 'full';
  return {
    asOf: asOfText(page),
    filter: filterModel('/statistics', filter),
    headline: rateCardModel(page, headline),
    progress: progressModel(locale, progress),
    progressChart: await chart('progress', t('dashboard.progress_key')),
    attention: attentionModel(locale, findSignals(rates, trend, progress)),
    trend: {
      chart: await chart('trend', trendKey(page, isFull)),
      ranges: ranges(page),
      rows: trendRows(locale, trend),
    },
    rates: PUBLISHED_RATES.map((id) => rateCardModel(page, id)),
    units: {
      moment: unitsCaption(page),
      isCut: rates.units.geography === 'hanoi_units_2025',
      tiles: await chart('tiles', t('dashboard.tiles_key')),
      tileLinks: tileLinksModel(locale, rates),
      ranking: await chart('ranking'),
      table,
      multiples: haveCourses(months) ? await chart('multiples', t('dashboard.multiples_key')) : undefined,
      months: monthsTableModel(page, months),
      choices: rankUnits(rates)
        .ranked.map((row) => ({ value: row.code, text: unitName(t, row) }))
        .toSorted((a, b) => collator.compare(a.text, b.text)),
    },
    channels: channelsModel(t, locale, channels),
    channelsChart: await chart('channels'),
    published: publishedModel(locale, published),
    access: accessModel(page),
    dataHref: `/statistics/activation${filterQuery(filter)}`,
  };
}

/** How this page shows a chart that another address draws. */
export async function dashboardChart(page: Dashboard, name: DashboardChart, key?: string): Promise<ChartFigureModel> {
  const { locale, filter, reader } = page;
  const { span, model } = DASHBOARD_CHARTS[name];
  const href = (size: Readonly<Record<string, string>>): string =>
    `/statistics/charts/${name}.svg${filterQuery(filter, { ...cacheKey(page), locale, ...size })}`;
  return chartFigureModel(await model(locale, reader), span, href, key);
}

const collator = new Intl.Collator('vi');

function trendKey({ locale, filter }: Dashboard, isFull: boolean): string {
  const t = translator(locale);
  const each = t(filter.range === 'all' ? 'dashboard.trend_key_month' : 'dashboard.trend_key_day');
  return [t('dashboard.trend_key', { each }), ...(isFull ? [] : [t('dashboard.trend_key_public')])].join(' ');
}

function ranges({ locale, filter }: Dashboard): TrendModel['ranges'] {
  const t = translator(locale);
  return (Object.keys(TREND_RANGES) as TrendRange[]).map((range) => ({
    text: t(`dashboard.range.${range}`),
    href: `/statistics${filterQuery({ ...filter, range })}#trend`,
    isChosen: range === filter.range,
  }));
}

export function ratesPageModel(page: Page): RatesPageModel {
  const { filter } = page;
  return {
    asOf: asOfText(page),
    filter: filterModel('/statistics/activation', filter),
    rates: PUBLISHED_RATES.map((id) => ({ id, ...rateModel(page, id) })),
    units: unitsModel(page, PUBLISHED_RATES),
    access: accessModel(page),
    overviewHref: `/statistics${filterQuery(filter)}`,
    jsonHref: `/statistics/activation.json${filterQuery(filter, cacheKey(page))}`,
    csvHref: `/statistics/activation.csv${filterQuery(filter, cacheKey(page))}`,
  };
}
