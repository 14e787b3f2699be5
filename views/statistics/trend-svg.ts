export type TrendSvgModel = {
  readonly title: string;
  /** In order of days; `percent` is undefined where nothing is published. */
  readonly points: readonly { readonly dayText: string; readonly percent: number | undefined }[];
  readonly percentLabel: (percent: number) => string;
  /** For a phone: narrower, with letters of the same size. */
  readonly isSmall: boolean;
};

/** In CSS pixels, as the page's `img` says too. */
export const TREND_SIZES = { large: { width: 720, height: 260 }, small: { width: 360, height: 220 } } as const;
const MARGIN = { top: 16, right: 64, bottom: 36, left: 56 };

/** One style for light and dark: a picture in an `img` follows the reader's own setting. Its hash is in the answer's policy. */
export const TREND_STYLE =
  'text{font:14px system-ui,sans-serif;fill:#4c5a66}.grid{stroke:#d8d6cc}.line{fill:none;stroke:#0b5a6b;stroke-width:3;stroke-linejoin:round}.dot{fill:#0b5a6b}.last{font-weight:600;fill:#18232c}@media(prefers-color-scheme:dark){text{fill:#adbac2}.grid{stroke:#31404a}.line{stroke:#71cbdb}.dot{fill:#71cbdb}.last{fill:#e9eef0}}';

/** A line over days, as a picture of its own. The axis is cut to the range of the values and says so by its labels. */
export function trendSvg({ title, points, percentLabel, isSmall }: TrendSvgModel): string {
  const { width, height } = TREND_SIZES[isSmall ? 'small' : 'large'];
  const percents = points.flatMap(({ percent }) => (percent === undefined ? [] : [percent]));
  const { from, to, step } = axisOf(percents);
  const x = (index: number): number =>
    MARGIN.left + (index / Math.max(1, points.length - 1)) * (width - MARGIN.left - MARGIN.right);
  const y = (percent: number): number =>
    MARGIN.top + (1 - (percent - from) / (to - from)) * (height - MARGIN.top - MARGIN.bottom);
  const grid = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step).map(
    (percent) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${width - MARGIN.right}" y1="${fixed(y(percent))}" y2="${fixed(y(percent))}"/>` +
      `<text x="${MARGIN.left - 8}" y="${fixed(y(percent) + 5)}" text-anchor="end">${escaped(percentLabel(percent))}</text>`,
  );
  const dayLabels = [0, Math.floor((points.length - 1) / 2), points.length - 1].map(
    (index) =>
      `<text x="${fixed(x(index))}" y="${height - 10}" text-anchor="middle">${escaped(points[index]?.dayText ?? '')}</text>`,
  );
  const places = points.map(({ percent }, index) =>
    percent === undefined ? undefined : { x: fixed(x(index)), y: fixed(y(percent)), percent },
  );
  const lines = stretches(places).map((stretch) =>
    stretch.length === 1
      ? `<circle class="dot" cx="${stretch[0]?.x}" cy="${stretch[0]?.y}" r="3"/>`
      : `<polyline class="line" points="${stretch.map((place) => `${place.x},${place.y}`).join(' ')}"/>`,
  );
  const last = places.at(-1);
  const end =
    last === undefined
      ? ''
      : `<circle class="dot" cx="${last.x}" cy="${last.y}" r="5"/><text class="last" x="${Number(last.x) + 10}" y="${Number(last.y) + 5}">${escaped(percentLabel(last.percent))}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>${escaped(title)}</title><style>${TREND_STYLE}</style>${grid.join('')}${dayLabels.join('')}${lines.join('')}${end}</svg>`;
}

/** Whole tens around the values, at least 20 apart, in four or five steps. */
function axisOf(percents: readonly number[]): { from: number; to: number; step: number } {
  if (percents.length === 0) return { from: 0, to: 100, step: 25 };
  const lowest = Math.max(0, Math.floor(Math.min(...percents) / 10) * 10 - 5);
  const from = Math.floor(lowest / 10) * 10;
  const highest = Math.ceil(Math.max(...percents) / 10) * 10;
  const to = Math.max(highest, from + 20);
  const step = to - from <= 50 ? 10 : 20;
  return { from, to: from + Math.ceil((to - from) / step) * step, step };
}

/** The runs between gaps: a gap is not bridged by a line that nobody measured. */
function stretches<T>(places: readonly (T | undefined)[]): T[][] {
  const runs: T[][] = [[]];
  for (const place of places) {
    if (place === undefined) runs.push([]);
    else runs.at(-1)?.push(place);
  }
  return runs.filter((run) => run.length > 0);
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
