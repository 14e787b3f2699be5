import {
  AXIS_TEXT,
  axisText,
  type ChartBase,
  type ChartSize,
  type Drawing,
  GRID_LINES,
  inLines,
  type Measure,
  STILL,
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

/** A name longer than its place goes on below; a seventh line is cut (several steps of a funnel may be one row). */
const NAME_LINES = 6;
const NAME_LINE = 16;
/** In less room than this, figures below the bars stand in each other's way, and each bar has its own beside it. */
const LEAST_AXIS = 120;

/** So high, by the number of rows and of bars in a row, and the lines of the longest name. */
export function barChartHeight(model: BarChartModel, width: number): number {
  const bars = model.isStacked === true ? 1 : model.series.length;
  const lines = Math.max(1, ...namesOf(model, width).lines.map(({ length }) => length));
  const row = Math.max(lines > 1 ? 6 + NAME_LINE * lines : 26, bars > 1 ? 20 * bars + 8 : 0);
  return 44 + model.rows.length * row + (bars > 1 ? 28 : 0) + (model.level === undefined ? 0 : 18);
}

/** What stands beside the bars, and how much of the width it takes. */
function namesOf({ rows }: BarChartModel, width: number): { left: number; lines: string[][] } {
  const longest = Math.max(4, ...rows.map(({ name }) => name.length));
  const left = Math.min(width < 480 ? 132 : 250, 16 + longest * 7.2);
  const letters = Math.floor((left - 12) / 6.8);
  return { left, lines: rows.map(({ name }) => inLines(name, letters, NAME_LINES)) };
}

/** Names to the left, bars beside them, each with its value in figures. */
export function barChart(model: BarChartModel, { width, height }: ChartSize): Drawing {
  const { title, locale, measure, series, rows, level, isStacked = false } = model;
  const isSmall = width < 480;
  const hasLegend = series.length > 1;
  const { left, lines } = namesOf(model, width);
  const texts = rows.flatMap(({ bars }) => bars.map(({ text }) => text.length));
  const right = Math.min(isStacked ? 20 : 16 + Math.max(4, ...texts) * 7.6, isSmall ? 110 : 190);
  const hasAxis = width - left - right >= LEAST_AXIS;
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
        right,
        top: (hasLegend ? 28 : 4) + (level === undefined ? 0 : 18),
        bottom: hasAxis ? 26 : 8,
      },
      xAxis: {
        type: 'value',
        min: 0,
        splitNumber: isSmall ? 3 : width < 800 ? 4 : 5,
        splitLine: { ...GRID_LINES, show: hasAxis },
        axisLabel: { ...AXIS_TEXT, show: hasAxis, hideOverlap: true, formatter: axisText(locale, measure) },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: lines.map((name) => name.join('\n')),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: COLOUR.edge } },
        axisLabel: { ...AXIS_TEXT, color: COLOUR.ink, interval: 0, lineHeight: NAME_LINE },
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
