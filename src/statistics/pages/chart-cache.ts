import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type ChartModel, type ChartSpan, chartDrawing, chartSize } from '../../../views/statistics/charts/chart.ts';
import { drawChart } from '../../../views/statistics/charts/draw.ts';
import type { ChartWidth } from '../../../views/statistics/charts/drawing.ts';

/** Some hundreds of drawings. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Draws each model once, however many look at it: drawing takes this process some milliseconds of its one thread. By the model's own hash, so what is kept is never
 *  out of date, and a token's figures are found by nobody who could not have made the same drawing. */
export function chartCache(
  draw: typeof drawChart = drawChart,
): (model: ChartModel, span: ChartSpan, width: ChartWidth) => Promise<string> {
  const drawings = new LRUCache<string, { svg: Promise<string>; bytes: number }>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });
  return (model, span, width) => {
    const key = createHash('sha256')
      .update(JSON.stringify([model, span, width]))
      .digest('base64');
    const known = drawings.get(key);
    if (known !== undefined) return known.svg;
    const size = chartSize(model, span, width);
    const svg = draw(chartDrawing(model, size));
    drawings.set(key, { svg, bytes: 1024 });
    svg.then(
      (text) => drawings.set(key, { svg, bytes: text.length }),
      () => drawings.delete(key),
    );
    return svg;
  };
}
