import {
  AXIS_TEXT,
  axisText,
  type ChartBase,
  type ChartSize,
  type Drawing,
  FONT_SIZE,
  GRID_LINES,
  labelStep,
  type Measure,
  STILL,
} from './drawing.ts';
import { COLOUR } from './palette.ts';

export type LineModel = {
  /** Written at the end of the line. */
  readonly label: string;
  readonly look: 'main' | 'second' | 'needed';
  /** One for each of `points`; null is a gap, which no line bridges unless `isSparse`. */
  readonly values: readonly (number | null)[];
  /** Falls or rises at once, as a Kaplan–Meier curve does. */
  readonly isStep?: boolean;
  readonly isSparse?: boolean;
};

export type LineChartModel = ChartBase & {
  readonly kind: 'line';
  readonly measure: Measure;
  /** What stands under each point of the axis. */
  readonly points: readonly string[];
  readonly lines: readonly LineModel[];
  /** How many were added at each point: columns below the lines, with a scale of their own. */
  readonly columns?: { readonly values: readonly (number | null)[] } | undefined;
  /** Between which two values something lies; null where nothing is said. */
  readonly fan?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] } | undefined;
  /** Stretches of the axis with a name: campaigns. By index of `points`. */
  readonly bands: readonly { readonly from: number; readonly to: number; readonly name: string }[];
  /** Single points with a name. */
  readonly marks: readonly { readonly at: number; readonly name: string }[];
  /** A level to be reached. */
  readonly level?: { readonly value: number; readonly label: string } | undefined;
  /** Whether the scale begins at nothing; else around the values. */
  readonly isFromZero: boolean;
};

const LOOKS = {
  main: { color: COLOUR.main, width: 3, type: 'solid' },
  second: { color: COLOUR.accent, width: 2.5, type: 'solid' },
  needed: { color: COLOUR.accent, width: 2, type: 'dashed' },
} as const;

/** Lines over time, with what was going on meanwhile. */
export function lineChart(model: LineChartModel, { width, height }: ChartSize): Drawing {
  const { title, locale, measure, points, columns } = model;
  const isSmall = width < 480;
  const names = model.bands.length + model.marks.length;
  // The name of the level stands on its line, which may be the uppermost.
  const top = names > 0 ? 16 + 18 * Math.min(2, names) : model.level === undefined ? 16 : 28;
  const side = { left: isSmall ? 46 : 56, right: Math.min(isSmall ? 74 : 110, 22 + longest(model) * 8) };
  const columnsHeight = columns === undefined ? 0 : Math.round(height * 0.24);
  const category = (gridIndex: number, isBottom: boolean) => ({
    type: 'category',
    gridIndex,
    data: points,
    boundaryGap: columns !== undefined,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: COLOUR.edge, width: 1 } },
    axisLabel: {
      ...AXIS_TEXT,
      show: isBottom,
      interval: labelStep(points.length, isSmall ? 4 : 9) - 1,
      hideOverlap: true,
    },
  });
  const value = (gridIndex: number) => ({
    type: 'value',
    gridIndex,
    splitNumber: gridIndex === 0 ? 4 : 2,
    splitLine: GRID_LINES,
    axisLabel: { ...AXIS_TEXT, formatter: axisText(locale, gridIndex === 0 ? measure : 'count') },
  });
  const upper = { ...value(0), scale: !model.isFromZero, ...(measure === 'percent' ? percentRange(model) : {}) };
  return {
    title,
    width,
    height,
    option: {
      ...STILL,
      grid: [
        { ...side, top, bottom: 30 + (columnsHeight === 0 ? 0 : columnsHeight + 14) },
        ...(columnsHeight === 0 ? [] : [{ ...side, bottom: 30, height: columnsHeight - 14 }]),
      ],
      xAxis: [category(0, columnsHeight === 0), ...(columnsHeight === 0 ? [] : [category(1, true)])],
      yAxis: [upper, ...(columnsHeight === 0 ? [] : [value(1)])],
      series: [
        ...fanSeries(model),
        ...model.lines.map((line, index) => lineSeries(model, line, index)),
        ...columnSeries(columns),
      ],
    },
  };
}

function longest({ lines }: LineChartModel): number {
  return Math.max(0, ...lines.map(({ label }) => label.length));
}

/** Whole tens around the values, so that two drawings of one day look alike. */
function percentRange({ lines, isFromZero }: LineChartModel): { min: number; max: number; interval: number } {
  const values = lines.flatMap((line) => line.values.filter((one) => one !== null));
  if (values.length === 0) return { min: 0, max: 100, interval: 25 };
  const least = isFromZero ? 0 : Math.max(0, Math.floor(Math.min(...values) / 10) * 10);
  const most = Math.max(least + 10, Math.ceil(Math.max(...values) / 10) * 10);
  const interval = most - least <= 10 ? 5 : most - least <= 40 ? 10 : 20;
  const min = Math.floor(least / interval) * interval;
  return { min, max: Math.ceil(most / interval) * interval, interval };
}

function lineSeries(model: LineChartModel, { label, look, values, isStep, isSparse }: LineModel, index: number) {
  const last = values.findLastIndex((one) => one !== null);
  const { color } = LOOKS[look];
  return {
    type: 'line',
    silent: true,
    symbol: 'none',
    showAllSymbol: true,
    connectNulls: isSparse === true,
    ...(isStep === true && { step: 'end' }),
    lineStyle: LOOKS[look],
    itemStyle: { color },
    // Lines that end near each other.
    labelLayout: { moveOverlap: 'shiftY' },
    z: look === 'main' ? 4 : 3,
    endLabel: {
      show: label !== '',
      formatter: label,
      color: look === 'main' ? COLOUR.ink : color,
      fontWeight: 600,
      fontSize: FONT_SIZE,
    },
    data: values.map((value, at) => {
      if (at === last) return { value, symbol: 'circle', symbolSize: 8 };
      const isAlone = isSparse !== true && (values[at - 1] ?? values[at + 1] ?? null) === null;
      return value !== null && isAlone ? { value, symbol: 'circle', symbolSize: 5 } : value;
    }),
    ...(index === 0 && notes(model)),
  };
}

/** Names stand above the drawing, in two rows by turns so that near ones do not cover each other. */
function notes({ bands, marks, level }: LineChartModel) {
  const lines = [
    ...marks.map(({ at, name }, index) => ({
      xAxis: at,
      lineStyle: { color: COLOUR.accent, type: 'dashed', width: 1.5 },
      label: {
        formatter: name,
        position: 'end',
        color: COLOUR.accent,
        fontSize: 13,
        distance: [0, 4 + 17 * ((bands.length + index) % 2)],
      },
    })),
    ...(level === undefined
      ? []
      : [
          {
            yAxis: level.value,
            lineStyle: { color: COLOUR.accent, type: 'solid', width: 1.5 },
            label: { formatter: level.label, position: 'insideStartTop', color: COLOUR.accent, fontSize: 13 },
          },
        ]),
  ];
  return {
    markArea: {
      silent: true,
      itemStyle: { color: COLOUR.band },
      label: { color: COLOUR.quiet, fontSize: 13 },
      data: bands.map(({ from, to, name }, index) => [
        { xAxis: from, name, label: { distance: 4 + 17 * (index % 2) } },
        { xAxis: to },
      ]),
    },
    markLine: { silent: true, symbol: 'none', data: lines },
  };
}

/** Two stacked areas, of which the lower cannot be seen. */
function fanSeries({ fan }: LineChartModel) {
  if (fan === undefined) return [];
  const area = {
    type: 'line',
    silent: true,
    symbol: 'none',
    stack: 'fan',
    connectNulls: true,
    lineStyle: { width: 0, opacity: 0 },
    z: 1,
  };
  const span = fan.high.map((high, index) => {
    const low = fan.low[index] ?? null;
    return high === null || low === null ? null : high - low;
  });
  return [
    { ...area, data: [...fan.low] },
    { ...area, data: span, areaStyle: { color: COLOUR.fan, opacity: 1 } },
  ];
}

function columnSeries(columns: LineChartModel['columns']) {
  if (columns === undefined) return [];
  return [
    {
      type: 'bar',
      silent: true,
      xAxisIndex: 1,
      yAxisIndex: 1,
      barCategoryGap: '20%',
      itemStyle: { color: COLOUR.second },
      data: [...columns.values],
    },
  ];
}
