import type { ChartFigureModel } from '../../../views/statistics/chart-figure.ts';
import { type ChartModel, type ChartSpan, chartSize, isEmptyChart } from '../../../views/statistics/charts/chart.ts';

/** How a page shows a chart that another address draws: what it says and how large it is, known from its model. `hrefOf` makes the address. */
export function chartFigureModel(
  model: ChartModel,
  span: ChartSpan,
  hrefOf: (size: Readonly<Record<string, string>>) => string,
  key?: string,
): ChartFigureModel {
  return {
    isEmpty: isEmptyChart(model),
    src: hrefOf({}),
    smallSrc: hrefOf({ size: 'small' }),
    alt: model.title,
    large: chartSize(model, span, 'large'),
    small: chartSize(model, span, 'small'),
    key,
  };
}
