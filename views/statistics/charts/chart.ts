import { type BarChartModel, barChart, barChartHeight } from './bar-chart.ts';
import { type ChartSize, type ChartWidth, type Drawing, HALF_WIDTHS, WIDTHS } from './drawing.ts';
import { type LineChartModel, lineChart } from './line-chart.ts';
import { type MultiplesChartModel, multiplesChart, multiplesChartHeight } from './multiples-chart.ts';
import { type TileChartModel, tileChart, tileChartHeight } from './tile-chart.ts';

/** Plain data: the same model is the same picture. */
export type ChartModel = LineChartModel | BarChartModel | TileChartModel | MultiplesChartModel;

/** How wide it stands on a large page. */
export type ChartSpan = 'full' | 'half';

/** The page reserves the room before the picture is there. */
export function chartSize(model: ChartModel, span: ChartSpan, size: ChartWidth): ChartSize {
  const width = (span === 'full' ? WIDTHS : HALF_WIDTHS)[size];
  return { width, height: heightOf(model, width) };
}

function heightOf(model: ChartModel, width: number): number {
  switch (model.kind) {
    case 'line':
      return (width < 480 ? 230 : 260) + (model.columns === undefined ? 0 : 60);
    case 'bars':
      return barChartHeight(model, width);
    case 'tiles':
      return tileChartHeight(model.rows, model.columns, width);
    case 'multiples':
      return multiplesChartHeight(model.panels.length, width);
  }
}

export function chartDrawing(model: ChartModel, size: ChartSize): Drawing {
  switch (model.kind) {
    case 'line':
      return lineChart(model, size);
    case 'bars':
      return barChart(model, size);
    case 'tiles':
      return tileChart(model, size);
    case 'multiples':
      return multiplesChart(model, size);
  }
}

/** Whether there is nothing to draw: then the page says so, and shows no empty frame. */
export function isEmptyChart(model: ChartModel): boolean {
  switch (model.kind) {
    case 'line':
      return model.lines.every(({ values }) => values.every((one) => one === null));
    case 'bars':
      return model.rows.length === 0;
    case 'tiles':
      return model.tiles.every(({ shade }) => shade === undefined);
    case 'multiples':
      return model.panels.length === 0;
  }
}
