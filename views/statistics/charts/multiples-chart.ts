import type { DrawItem } from './draw.ts';
import { type ChartBase, type ChartSize, type Drawing, FONT, STILL, shortened } from './drawing.ts';
import { COLOUR } from './palette.ts';
import { items } from './tile-chart.ts';

export type MultiplesChartModel = ChartBase & {
  readonly kind: 'multiples';
  /** The same for all, so that one can be compared with another. */
  readonly lowest: number;
  readonly highest: number;
  readonly panels: readonly {
    readonly name: string;
    /** The latest value; a word where there is none. */
    readonly text: string;
    readonly values: readonly (number | null)[];
  }[];
};

const PANEL = { small: { columns: 3, height: 62 }, large: { columns: 9, height: 72 } } as const;

export function multiplesChartHeight(panels: number, width: number): number {
  const { columns, height } = panelOf(width);
  return Math.ceil(panels / columns) * height;
}

function panelOf(width: number): { columns: number; height: number } {
  return width < 480 ? PANEL.small : PANEL.large;
}

/** The same little line for each unit, on one scale. */
export function multiplesChart(
  { title, lowest, highest, panels }: MultiplesChartModel,
  { width, height }: ChartSize,
): Drawing {
  const panel = { ...panelOf(width), width: width / panelOf(width).columns };
  const drawPanel: DrawItem = ({ dataIndex }) => {
    const one = panels[dataIndex];
    if (one === undefined) return null;
    const x = (dataIndex % panel.columns) * panel.width + 4;
    const y = Math.floor(dataIndex / panel.columns) * panel.height;
    const span = { width: panel.width - 14, top: y + 34, height: panel.height - 42 };
    const place = (value: number, index: number): [number, number] => [
      x + (index / Math.max(1, one.values.length - 1)) * span.width,
      span.top + (1 - (value - lowest) / Math.max(1, highest - lowest)) * span.height,
    ];
    const label = (text: string, at: number, style: object) => ({
      type: 'text' as const,
      style: { text, x, y: at, verticalAlign: 'middle' as const, ...style },
    });
    const base = span.top + span.height;
    return {
      type: 'group' as const,
      silent: true,
      children: [
        label(shortened(one.name, Math.floor(panel.width / 6.6)), y + 8, { fill: COLOUR.ink, font: `12px ${FONT}` }),
        label(one.text, y + 24, { fill: COLOUR.ink, font: `600 13px ${FONT}` }),
        {
          type: 'line' as const,
          shape: { x1: x, y1: base, x2: x + span.width, y2: base },
          style: { stroke: COLOUR.grid, lineWidth: 1 },
        },
        ...stretches(one.values.map((value, index) => (value === null ? undefined : place(value, index)))).map(
          (points) => ({
            type: 'polyline' as const,
            shape: { points },
            style: { stroke: COLOUR.main, fill: 'none', lineWidth: 2 },
          }),
        ),
        ...lastDot(one.values, place),
      ],
    };
  };
  return {
    title,
    width,
    height,
    option: {
      ...STILL,
      xAxis: { show: false, min: 0, max: 1 },
      yAxis: { show: false, min: 0, max: 1 },
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      series: [items(drawPanel, panels.length)],
    },
  };
}

function lastDot(values: readonly (number | null)[], place: (value: number, index: number) => [number, number]) {
  const index = values.findLastIndex((one) => one !== null);
  const value = values[index];
  if (value === undefined || value === null) return [];
  const [cx, cy] = place(value, index);
  return [{ type: 'circle' as const, shape: { cx, cy, r: 3 }, style: { fill: COLOUR.main } }];
}

/** The runs between gaps: a gap is not bridged by a line that nobody measured. */
function stretches<T>(places: readonly (T | undefined)[]): T[][] {
  const runs: T[][] = [[]];
  for (const place of places) {
    if (place === undefined) runs.push([]);
    else runs.at(-1)?.push(place);
  }
  return runs.filter((run) => run.length > 1);
}
