import type { ChartModel, ChartSpan } from '../../../views/statistics/charts/chart.ts';
import type { Locale } from '../../i18n/translator.ts';
import type { StatisticsReader } from '../figures/statistics-reader.ts';
import { channelsChart } from './channels-model.ts';
import { adoptionChart, backlogChart, funnelChart, survivalChart, waitsChart } from './process-charts.ts';
import { progressChart } from './progress-model.ts';
import { agesChart } from './residents-model.ts';
import { trendChart } from './trend-model.ts';
import { multiplesChart, rankingChart, tilesChart } from './unit-charts.ts';

type Chart = {
  readonly span: ChartSpan;
  readonly model: (locale: Locale, reader: StatisticsReader) => Promise<ChartModel>;
};

/** Every chart of the dashboard, by the name in its address. */
export const DASHBOARD_CHARTS = {
  trend: {
    span: 'full',
    model: async (locale, { query, rates, trend, marks }) => {
      const isPublic = (await rates()).viewer.kind !== 'full';
      return trendChart(locale, await trend(), { range: query.range, marks: await marks(), isPublic });
    },
  },
  progress: { span: 'full', model: async (locale, { progress }) => progressChart(locale, await progress()) },
  ranking: { span: 'full', model: async (locale, { rates }) => rankingChart(locale, await rates()) },
  tiles: { span: 'full', model: async (locale, { rates }) => tilesChart(locale, await rates()) },
  multiples: {
    span: 'full',
    model: async (locale, { rates, months }) => multiplesChart(locale, await rates(), await months()),
  },
  channels: { span: 'half', model: async (locale, { channels }) => channelsChart(locale, await channels()) },
  funnel: { span: 'full', model: async (locale, { funnel }) => funnelChart(locale, await funnel()) },
  backlog: { span: 'half', model: async (locale, { backlog }) => backlogChart(locale, await backlog()) },
  survival: { span: 'half', model: async (locale, { waits }) => survivalChart(locale, await waits()) },
  waits: { span: 'half', model: async (locale, { waits }) => waitsChart(locale, await waits()) },
  adoption: { span: 'full', model: async (locale, { adoption }) => adoptionChart(locale, await adoption()) },
  ages: { span: 'full', model: async (locale, { residents }) => agesChart(locale, await residents()) },
} as const satisfies Record<string, Chart>;

export type DashboardChart = keyof typeof DASHBOARD_CHARTS;

export function isDashboardChart(name: string): name is DashboardChart {
  return Object.hasOwn(DASHBOARD_CHARTS, name);
}
