import type { CustomSeriesOption } from 'echarts/charts';
import type { ECharts } from 'echarts/core';
import type { Drawing } from './drawing.ts';
import { DARK_STYLE } from './palette.ts';

/** How a custom series draws one of its items. */
export type DrawItem = NonNullable<CustomSeriesOption['renderItem']>;

/** What XML has no place for, not even escaped. */
const CONTROL = /(?![\t\n\r])\p{Cc}/gu;

let library: Promise<typeof import('echarts/core')> | undefined;

/** A second of loading that only who looks at charts waits for. */
function loadLibrary(): Promise<typeof import('echarts/core')> {
  library ??= (async () => {
    const [core, charts, components, features, renderers] = await Promise.all([
      import('echarts/core'),
      import('echarts/charts'),
      import('echarts/components'),
      import('echarts/features'),
      import('echarts/renderers'),
    ]);
    core.use([
      charts.LineChart,
      charts.BarChart,
      charts.CustomChart,
      components.GridComponent,
      components.LegendComponent,
      components.MarkAreaComponent,
      components.MarkLineComponent,
      features.LabelLayout,
      renderers.SVGRenderer,
    ]);
    return core;
  })();
  return library;
}

/** The drawing as a file of its own. The same drawing gives the same bytes. */
export async function drawChart({ title, width, height, option }: Drawing): Promise<string> {
  const { init } = await loadLibrary();
  const chart: ECharts = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return tidied(chart.renderToSVGString(), title);
  } finally {
    chart.dispose();
  }
}

/** Without what serves a live chart, and with ids that do not count on from chart to chart (echarts 6, zrender's process-wide counter). */
function tidied(svg: string, title: string): string {
  const ids = new Map<string, string>();
  const plain = svg
    .replaceAll(CONTROL, '')
    .replace(/<style >[\s\S]*?<\/style>/, '')
    .replaceAll(/ (?:class="zr\d[^"]*"|pointer-events="[^"]*"|ecmeta_[a-z_]+="[^"]*"|xml:space="[^"]*")/g, '')
    .replaceAll(/zr\d+-([cgp]\d+)/g, (id) => {
      const known = ids.get(id) ?? `i${ids.size}`;
      ids.set(id, known);
      return known;
    });
  const head = `<title>${escaped(title)}</title><style>${DARK_STYLE}</style>`;
  return plain.replace(/^<svg ([^>]*)>/, (_, attributes: string) => `<svg ${attributes} role="img">${head}`);
}

function escaped(text: string): string {
  return text.replaceAll(CONTROL, '').replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
