import { describe, expect, it } from 'vitest';
import { chartCache } from '../../src/statistics/pages/chart-cache.ts';
import { type ChartModel, chartDrawing, chartSize } from '../../views/statistics/charts/chart.ts';
import { drawChart } from '../../views/statistics/charts/draw.ts';
import { inLines } from '../../views/statistics/charts/drawing.ts';
import type { LineModel } from '../../views/statistics/charts/line-chart.ts';
import { DARK_STYLE } from '../../views/statistics/charts/palette.ts';

/** What nobody would call a ward, and what would end an attribute, an element or the file. */
const HOSTILE = `Phường "A" & 'B' <script>alert(1)</script>]]> \u0007`;
const base = { title: `Biểu đồ ${HOSTILE}`, locale: 'vi' } as const;

const MODELS: Readonly<Record<string, ChartModel>> = {
  line: {
    ...base,
    kind: 'line',
    measure: 'percent',
    points: ['1', '2', HOSTILE],
    lines: [{ look: 'main', label: HOSTILE, values: [10, null, 106.1] }],
    columns: { values: [1, 2, 3] },
    bands: [{ from: 0, to: 1, name: HOSTILE }],
    marks: [{ at: 2, name: HOSTILE }],
    level: { value: 50, label: HOSTILE },
    fan: { low: [1, 2, 3], high: [4, 5, 6] },
    isFromZero: false,
  },
  bars: {
    ...base,
    kind: 'bars',
    measure: 'count',
    series: [
      { name: HOSTILE, look: 'main' },
      { name: 'B', look: 'second' },
    ],
    rows: [
      {
        name: HOSTILE,
        bars: [
          { value: 3, text: HOSTILE },
          { value: 4, text: '4' },
        ],
      },
    ],
    level: { value: 2, label: HOSTILE },
  },
  tiles: {
    ...base,
    kind: 'tiles',
    columns: 2,
    rows: 1,
    tiles: [
      { column: 0, row: 0, name: HOSTILE, text: HOSTILE, shade: 5 },
      { column: 1, row: 0, name: 'B', text: '–', shade: undefined },
    ],
    legend: [{ shade: 5, text: HOSTILE }],
  },
  multiples: {
    ...base,
    kind: 'multiples',
    lowest: 0,
    highest: 100,
    panels: [{ name: HOSTILE, text: HOSTILE, values: [1, null, 3, 4] }],
  },
};

const draw = (model: ChartModel, width: 'small' | 'large'): Promise<string> =>
  drawChart(chartDrawing(model, chartSize(model, 'full', width)));

describe.each(Object.entries(MODELS))('a chart of %s', (_, model) => {
  it.each(['small', 'large'] as const)(
    'is a picture without anything that runs, whatever a unit is called (%s)',
    async (width) => {
      const svg = await draw(model, width);
      expect(svg).toMatch(/^<svg [^>]*role="img"><title>/);
      expect(svg).not.toMatch(/<script|<foreignObject|\son\w+=|javascript:|href=|url\((?!#)/i);
      expect(svg).not.toContain('\u0007');
      const tags = svg.replaceAll(/<style>[^<]*<\/style>/g, '').match(/<[^!>]*>/g) ?? [];
      const open: string[] = [];
      for (const tag of tags) {
        const name = /^<\/?([\w:]+)/.exec(tag)?.[1] ?? '';
        if (tag.startsWith('</')) expect(open.pop(), tag).toBe(name);
        else if (!tag.endsWith('/>')) open.push(name);
      }
      expect(open).toEqual([]);
    },
  );

  it('is the same each time, however many were drawn between', async () => {
    const first = await draw(model, 'large');
    await draw({ ...model, title: 'other' }, 'small');
    expect(await draw(model, 'large')).toBe(first);
  });

  it('has no colour that the dark scheme does not know', async () => {
    const used = new Set((await draw(model, 'large')).split('</style>')[1]?.match(/(?:fill|stroke)="(#[0-9a-f]+)"/g));
    for (const colour of used) {
      // The clip of a grid, which is not seen.
      if (colour === 'fill="#000"') continue;
      expect(DARK_STYLE).toContain(`[${colour}]`);
    }
  });
});

describe('names at the ends of lines', () => {
  it('do not touch where two lines end near each other', async () => {
    const line = (label: string, value: number): LineModel => ({ label, look: 'main', values: [40, value] });
    const model: ChartModel = {
      ...base,
      kind: 'line',
      measure: 'percent',
      points: ['a', 'b'],
      lines: [line('first', 60), line('second', 60.5), line('third', 61)],
      bands: [],
      marks: [],
      isFromZero: false,
    };
    const svg = await draw(model, 'small');
    const placeOf = (name: string): number =>
      Number(new RegExp(`translate\\([\\d.]+ ([\\d.]+)\\)"[^>]*>${name}<`).exec(svg)?.[1]);
    const places = ['third', 'second', 'first'].map(placeOf);
    expect(places.every((one) => one > 0)).toBe(true);
    for (const [index, place] of places.entries())
      if (index > 0) expect(place - (places[index - 1] ?? 0), svg).toBeGreaterThanOrEqual(12);
  });
});

describe('a point between gaps', () => {
  it('is drawn, though no line leads to it', async () => {
    const circles = async (values: readonly (number | null)[]): Promise<number> => {
      const lines: LineModel[] = [{ label: 'a', look: 'main', values }];
      const points = values.map(String);
      const model = { ...base, measure: 'percent', points, lines, bands: [], marks: [], isFromZero: true } as const;
      const svg = await draw({ ...model, kind: 'line' }, 'small');
      return svg.match(/ a1 1 0 1 1|A1 1 0 1 1/gi)?.length ?? 0;
    };
    const [bridged, alone] = [await circles([50, 60, 70, 80]), await circles([50, null, 70, 80])];
    expect(alone).toBeGreaterThan(bridged);
  });
});

describe('names beside bars', () => {
  const bars = (name: string): ChartModel => ({
    ...base,
    kind: 'bars',
    measure: 'percent',
    series: [{ name: 'A', look: 'main' }],
    rows: [{ name, bars: [{ value: 45.2, text: '45,2%' }] }],
  });

  it('go on below on a phone instead of being cut, and their row is higher for it', async () => {
    const [short, long] = [bars('Công an'), bars('Tự kích hoạt theo mã QR hướng dẫn')];
    const svg = await draw(long, 'small');
    for (const line of ['>Tự kích hoạt theo<', '>mã QR hướng dẫn<']) expect(svg).toContain(line);
    expect(svg).not.toContain('…');
    expect(chartSize(long, 'full', 'small').height).toBeGreaterThan(chartSize(short, 'full', 'small').height);
    expect(chartSize(long, 'full', 'large').height).toBe(chartSize(short, 'full', 'large').height);
  });

  it('are cut where a single word or many lines would take the room of others', () => {
    expect(inLines('Phường Văn Miếu - Quốc Tử Giám', 16, 3)).toEqual(['Phường Văn Miếu', '- Quốc Tử Giám']);
    expect(inLines('a'.repeat(20), 10, 3)).toEqual([`${'a'.repeat(9)}…`]);
    expect(inLines('một hai ba bốn năm sáu', 7, 2)).toEqual(['một hai', 'ba bốn…']);
    expect(inLines('một', 7, 2)).toEqual(['một']);
  });
});

describe('the cache of drawings', () => {
  it('draws what many ask for at once a single time, and another model anew', async () => {
    let drawn = 0;
    const cached = chartCache((drawing) => {
      drawn += 1;
      return Promise.resolve(drawing.title);
    });
    const model = MODELS['bars'] as ChartModel;
    await Promise.all(Array.from({ length: 20 }, () => cached(model, 'full', 'large')));
    expect(drawn).toBe(1);
    expect(await cached({ ...model, title: 'B' }, 'full', 'large')).toBe('B');
    expect(drawn).toBe(2);
  });

  it('forgets what could not be drawn', async () => {
    let tries = 0;
    const cached = chartCache(() => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('no room')) : Promise.resolve('<svg/>');
    });
    const model = MODELS['tiles'] as ChartModel;
    await expect(cached(model, 'full', 'small')).rejects.toThrow('no room');
    expect(await cached(model, 'full', 'small')).toBe('<svg/>');
  });
});
