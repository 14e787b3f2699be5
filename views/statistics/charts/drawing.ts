import type { EChartsCoreOption } from 'echarts/core';
import type { Locale } from '../../../src/i18n/translator.ts';
import { COLOUR } from './palette.ts';

/** In CSS pixels. Letters have one size in both, so a phone gets a drawing of its own and not a shrunken one. */
export type ChartSize = { readonly width: number; readonly height: number };
export type ChartWidth = 'small' | 'large';

/** What every drawing says of itself. */
export type ChartBase = { readonly title: string; readonly locale: Locale };

/** Ready for the library: sizes known, texts written, in the light colours. */
export type Drawing = ChartSize & { readonly title: string; readonly option: EChartsCoreOption };

/** Single quotes only: double ones would end the attribute in which the library writes it. */
export const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
export const FONT_SIZE = 14;

export const WIDTHS: Readonly<Record<ChartWidth, number>> = { small: 336, large: 1062 };
/** Of drawings that stand in half of the page. */
export const HALF_WIDTHS: Readonly<Record<ChartWidth, number>> = { small: 336, large: 510 };

/** What is the same in all: nothing moves, nothing answers a mouse. */
export const STILL = {
  animation: false,
  color: COLOUR.main,
  textStyle: { fontFamily: FONT, fontSize: FONT_SIZE, color: COLOUR.quiet },
} as const;

export const AXIS_TEXT = { color: COLOUR.quiet, fontSize: 13, fontFamily: FONT } as const;
export const GRID_LINES = { lineStyle: { color: COLOUR.grid, type: 'solid' } } as const;

export type Measure = 'percent' | 'count';

/** `20%`, `1.500`, `1,2 tr`: short enough for an axis. */
export function axisText(locale: Locale, measure: Measure): (value: number) => string {
  const tag = locale === 'vi' ? 'vi-VN' : 'en-GB';
  const short = new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 });
  const plain = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  return (value) => {
    if (measure === 'percent') return `${plain.format(value)}%`;
    return Math.abs(value) < 100_000 ? plain.format(value) : short.format(value);
  };
}

/** Which of `count` labels under an axis are written: about `most` of them, evenly, the first among them. */
export function labelStep(count: number, most: number): number {
  return Math.max(1, Math.ceil(count / most));
}

/** Names are cut by their letters: the library, which has no font here, takes Vietnamese ones for twice as wide as they are. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1)).trimEnd()}…`;
}

/** A name in as many lines of at most `most` letters as it needs, broken at spaces, `lines` at most: what is left over is cut. */
export function inLines(text: string, most: number, lines: number): string[] {
  const written: string[] = [];
  let rest = text.trim();
  while (rest.length > most && written.length < lines - 1) {
    const space = rest.lastIndexOf(' ', most);
    if (space <= 0) break;
    written.push(rest.slice(0, space));
    rest = rest.slice(space + 1);
  }
  return [...written, shortened(rest, most)];
}
