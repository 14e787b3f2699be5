import {
  AXIS_TEXT,
  axisText,
  type ChartBase,
  type ChartSize,
  type Drawing,
  GRID_LINES,
  type Measure,
  STILL,
  shortened,
} from './drawing.ts';
import { COLOUR } from './palette.ts';

export type BarChartModel = ChartBase & {
  readonly kind: 'bars';
  readonly measure: Measure;
  /** One bar of a row for each of them; its name is in the legend where there are several. */
  readonly series: readonly { readonly name: string; readonly look: 'main' | 'second' | 'accent' }[];
  /** From top to bottom. A row without bars is a pause, with its name as what was left out. */
  readonly rows: readonly {
    readonly name: string;
    readonly bars: readonly { readonly value: number; readonly text: string }[];
  }[];
  /** A line across all rows, such as the whole city. */
  readonly level?: { readonly value: number; readonly label: string } | undefined;
  readonly isStacked?: boolean;
};

const LOOKS = { main: COLOUR.main, second: COLOUR.second, accent: COLOUR.accent } as const;

/** So high, by the number of rows and of bars in a row. */
export function barChartHeight(rows: number, bars = 1): number {
  return 44 + rows * (bars > 1 ? 20 * bars + 8 : 26) + (bars > 1 ? 28 : 0);
}

/** Names to the left, bars beside them, each with its value in figures. */
export function barChart(model: BarChartModel, { width, height }: ChartSize): Drawing {
  const { title, locale, measure, series, rows, level, isStacked = false } = model;
  const isSmall = width < 480;
  const hasLegend = series.length > 1;
  const longest = Math.max(4, ...rows.map(({ name }) => name.length));
  const left = Math.min(isSmall ? 132 : 250, 16 + longest * 7.2);
  const letters = Math.floor((left - 12) / 6.8);
  const texts = rows.flatMap(({ bars }) => bars.map(({ text }) => text.length));
  const right = isStacked ? 20 : 16 + Math.max(4, ...texts) * 7.6;
  return {
    title,
    width,
    height,
    option: {
      ...STILL,
      ...(hasLegend && {
        legend: {
          top: 0,
          left: 0,
          itemWidth: 14,
          itemHeight: 14,
          icon: 'rect',
          selectedMode: false,
          itemStyle: { borderColor: COLOUR.edge },
          borderColor: COLOUR.grid,
          textStyle: { color: COLOUR.ink, fontSize: 13 },
        },
      }),
      grid: {
        left,
        right: Math.min(right, isSmall ? 110 : 190),
        top: (hasLegend ? 28 : 4) + (level === undefined ? 0 : 18),
        bottom: 26,
      },
      xAxis: {
        type: 'value',
        min: 0,
        splitNumber: isSmall ? 3 : 5,
        splitLine: GRID_LINES,
        axisLabel: { ...AXIS_TEXT, hideOverlap: true, formatter: axisText(locale, measure) },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ name }) => shortened(name, letters)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: COLOUR.edge } },
        axisLabel: { ...AXIS_TEXT, color: COLOUR.ink, interval: 0 },
      },
      series: series.map(({ name, look }, index) => ({
        name,
        type: 'bar',
        silent: true,
        barCategoryGap: '30%',
        barGap: '10%',
        ...(isStacked && { stack: 'all' }),
        itemStyle: { color: LOOKS[look] },
        label: {
          show: !isStacked,
          position: 'right',
          color: COLOUR.ink,
          fontSize: 13,
          backgroundColor: COLOUR.paper,
          padding: [1, 3],
        },
        z: 5,
        data: rows.map(({ bars }) => {
          const bar = bars[index];
          return bar === undefined
            ? { value: 0, label: { show: false } }
            : { value: bar.value, label: { formatter: bar.text } };
        }),
        ...(index === 0 && level !== undefined && levelLine(level)),
      })),
    },
  };
}

function levelLine({ value, label }: NonNullable<BarChartModel['level']>) {
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      data: [
        {
          xAxis: value,
          lineStyle: { color: COLOUR.accent, type: 'dashed', width: 2 },
          label: {
            formatter: label,
            position: 'start',
            distance: 4,
            color: COLOUR.accent,
            fontWeight: 600,
            fontSize: 13,
          },
        },
      ],
    },
  };
}
