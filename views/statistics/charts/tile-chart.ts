import type { DrawItem } from './draw.ts';
import type { ChartBase, ChartSize, Drawing } from './drawing.ts';
import { FONT, STILL, shortened } from './drawing.ts';
import { COLOUR, ON_SHADES, SHADES } from './palette.ts';

export type TileChartModel = ChartBase & {
  readonly kind: 'tiles';
  readonly columns: number;
  readonly rows: number;
  readonly tiles: readonly {
    readonly column: number;
    readonly row: number;
    readonly name: string;
    /** `67,8`, or a word where nothing is published. */
    readonly text: string;
    /** Index into the shades; undefined where nothing is published. */
    readonly shade: number | undefined;
  }[];
  /** What each shade in use stands for, from little to much. */
  readonly legend: readonly { readonly shade: number; readonly text: string }[];
};

const LEGEND_HEIGHT = 40;

export function tileChartHeight(rows: number, columns: number, width: number): number {
  const tile = width / columns;
  return Math.round(rows * Math.max(26, Math.min(tile, width < 480 ? 46 : 58))) + LEGEND_HEIGHT;
}

/** One square a unit, shaded, with its value written in it; with its name where there is room. */
export function tileChart(
  { title, columns, rows, tiles, legend }: TileChartModel,
  { width, height }: ChartSize,
): Drawing {
  const tile = { width: width / columns, height: (height - LEGEND_HEIGHT) / rows };
  const hasNames = tile.width >= 64;
  const drawTile: DrawItem = ({ dataIndex }) => {
    const one = tiles[dataIndex];
    if (one === undefined) return null;
    const x = one.column * tile.width;
    const y = one.row * tile.height;
    const fill = one.shade === undefined ? COLOUR.hidden : (SHADES[one.shade] ?? SHADES[0]);
    const ink = one.shade === undefined ? COLOUR.quiet : (ON_SHADES[one.shade] ?? ON_SHADES[0]);
    const middle = x + tile.width / 2;
    const text = (content: string, at: number, size: number, weight: number) => ({
      type: 'text' as const,
      style: {
        text: content,
        x: middle,
        y: at,
        fill: ink,
        font: `${weight} ${size}px ${FONT}`,
        align: 'center' as const,
        verticalAlign: 'middle' as const,
      },
    });
    const value = text(
      one.text,
      y + tile.height * (hasNames ? 0.7 : 0.5),
      hasNames ? 16 : tile.width < 30 ? 11 : 13,
      600,
    );
    return {
      type: 'group' as const,
      silent: true,
      children: [
        {
          type: 'rect' as const,
          shape: { x: x + 1.5, y: y + 1.5, width: tile.width - 3, height: tile.height - 3, r: 3 },
          style: { fill, stroke: COLOUR.edge, lineWidth: 0.6 },
        },
        ...(hasNames
          ? [
              text(
                shortened(one.name, Math.floor(tile.width / 6)),
                y + tile.height * 0.3,
                one.name.length > 11 ? 10 : 11.5,
                400,
              ),
            ]
          : []),
        value,
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
      series: [items(drawTile, tiles.length), items(legendItem(legend, width, height), legend.length)],
    },
  };
}

/** A series of shapes that brings its own places. */
export function items(renderItem: DrawItem, count: number) {
  return { type: 'custom', silent: true, clip: false, renderItem, data: Array.from({ length: count }, () => [0, 0]) };
}

function legendItem(legend: TileChartModel['legend'], width: number, height: number): DrawItem {
  const step = Math.min(width / Math.max(1, legend.length), 120);
  return ({ dataIndex }) => {
    const one = legend[dataIndex];
    if (one === undefined) return null;
    const x = dataIndex * step;
    const y = height - 24;
    return {
      type: 'group' as const,
      silent: true,
      children: [
        {
          type: 'rect' as const,
          shape: { x: x + 1.5, y, width: 14, height: 14, r: 2 },
          style: { fill: SHADES[one.shade] ?? COLOUR.hidden, stroke: COLOUR.edge, lineWidth: 0.6 },
        },
        {
          type: 'text' as const,
          style: {
            text: one.text,
            x: x + 20,
            y: y + 7,
            fill: COLOUR.ink,
            font: `${width < 480 ? 11 : 13}px ${FONT}`,
            verticalAlign: 'middle' as const,
          },
        },
      ],
    };
  };
}
