import type { ChartModel } from '../../../views/statistics/charts/chart.ts';
import type { TileLinksModel } from '../../../views/statistics/tile-links.ts';
import { findUnit, fullUnitName } from '../../domain/place.ts';
import { percentText } from '../../domain/rate.ts';
import { tilesOf } from '../../domain/unit-tiles.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import type { ActivationRates, Figure, UnitFigures } from '../figures/activation-rates.ts';
import type { UnitMonths } from '../figures/unit-months.ts';
import { type Ranked, rankUnits, ratioOf } from '../figures/unit-ranks.ts';
import { percentOf } from './figure-model.ts';
import { figureText, unitName } from './rate-texts.ts';
import { unitHref } from './unit-href.ts';

/** So many units from either end where there are more than can be told apart. */
const ENDS = 10;

export function rankingChart(locale: Locale, rates: ActivationRates): ChartModel {
  const t = translator(locale);
  const drawn = rankUnits(rates).ranked.filter(({ rank }) => rank !== undefined);
  const isCut = drawn.length > 3 * ENDS;
  const bar = (row: Ranked) => {
    const figure = row.figures.activation_of_granted;
    return { name: shortName(row), bars: [{ value: percentOf(figure) ?? 0, text: figureText(t, locale, figure) }] };
  };
  const rows = isCut
    ? [
        ...drawn.slice(0, ENDS).map(bar),
        { name: t('dashboard.ranking_between', { count: drawn.length - 2 * ENDS }), bars: [] },
        ...drawn.slice(-ENDS).map(bar),
      ]
    : drawn.map(bar);
  const whole = rates.units.whole.activation_of_granted;
  const level = percentOf(whole);
  const [first, last] = [drawn.at(0), drawn.at(-1)];
  return {
    kind: 'bars',
    locale,
    measure: 'percent',
    title:
      first === undefined || last === undefined
        ? t('statistics.trend_alt_empty')
        : t('dashboard.ranking_alt', {
            count: drawn.length,
            first: unitName(t, first),
            highest: figureText(t, locale, first.figures.activation_of_granted),
            last: unitName(t, last),
            lowest: figureText(t, locale, last.figures.activation_of_granted),
            whole: figureText(t, locale, whole),
          }),
    series: [{ name: t('statistics.percent'), look: 'main' }],
    rows,
    ...(level !== undefined && {
      level: { value: level, label: t('dashboard.ranking_whole', { percent: figureText(t, locale, whole) }) },
    }),
  };
}

/** Six shades at most, each of a round number of points. */
const STEPS = [0.5, 1, 2, 5, 10, 20, 25, 50] as const;

export function tilesChart(locale: Locale, rates: ActivationRates): ChartModel {
  const t = translator(locale);
  const tiles = tilesOf(rates.units.geography);
  const byCode = new Map(rates.units.rows.map((row) => [row.code, row]));
  const percents = tiles.flatMap(({ code }) => percentOfUnit(byCode.get(code)) ?? []);
  const [lowest, highest] = [Math.min(...percents), Math.max(...percents)];
  const step = STEPS.find((one) => Math.ceil(highest / one) - Math.floor(lowest / one) <= 6) ?? 100;
  const from = Math.floor(lowest / step);
  const shades = percents.length === 0 ? 0 : Math.max(1, Math.ceil(highest / step) - from);
  /** The darkest is always in use: a little variety is seen as well as much. */
  const shadeOf = (percent: number): number => Math.min(shades - 1, Math.floor(percent / step) - from) + (6 - shades);
  const number = new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB');
  return {
    kind: 'tiles',
    locale,
    title:
      percents.length === 0
        ? t('statistics.trend_alt_empty')
        : t('dashboard.tiles_alt', {
            count: percents.length,
            hidden: tiles.length - percents.length,
            lowest: `${number.format(Math.floor(lowest))}%`,
            highest: `${number.format(Math.ceil(highest))}%`,
          }),
    columns: Math.max(...tiles.map(({ column }) => column)) + 1,
    rows: Math.max(...tiles.map(({ row }) => row)) + 1,
    tiles: tiles.map(({ code, column, row }) => {
      const unit = byCode.get(code);
      const percent = percentOfUnit(unit);
      const name = unit?.unit?.name ?? code;
      if (unit === undefined || percent === undefined) return { column, row, name, text: '–', shade: undefined };
      return {
        column,
        row,
        name,
        text: roundPercent(locale, unit.figures.activation_of_granted),
        shade: shadeOf(percent),
      };
    }),
    legend: Array.from({ length: shades }, (_, index) => ({
      shade: index + (6 - shades),
      text: `${number.format((from + index) * step)}–${number.format((from + index + 1) * step)}%`,
    })),
  };
}

/** To the page of each unit in it, by the name and the rate that are drawn. */
export function tileLinksModel(locale: Locale, rates: ActivationRates): TileLinksModel {
  const t = translator(locale);
  const tiles = tilesOf(rates.units.geography);
  const byCode = new Map(rates.units.rows.map((row) => [row.code, row]));
  return {
    columns: Math.max(...tiles.map(({ column }) => column)) + 1,
    rows: Math.max(...tiles.map(({ row }) => row)) + 1,
    label: t('dashboard.tiles_links'),
    links: tiles.map(({ code, column, row }) => {
      const unit = byCode.get(code);
      const figure =
        unit === undefined ? t('statistics.not_published') : figureText(t, locale, unit.figures.activation_of_granted);
      return { column, row, href: unitHref(code), name: `${findUnit(code)?.name ?? code}: ${figure}` };
    }),
  };
}

function percentOfUnit(row: UnitFigures | undefined): number | undefined {
  return row && percentOf(row.figures.activation_of_granted);
}

/** `68`: the sign is in the title. */
function roundPercent(locale: Locale, figure: Figure): string {
  return figure.kind === 'shown' ? percentText(figure, locale, 0).replace('%', '') : '–';
}

/** Whether there is a line to draw of any unit: the public sees one only in those months in which its figures tell of nobody. */
export function haveCourses(months: UnitMonths): boolean {
  return [...months.byUnit.values()].some(isCourse);
}

/** Two months one after the other: what stands alone is a dot. */
function isCourse(figures: readonly Figure[]): boolean {
  const isShown = figures.map((figure) => ratioOf(figure) !== undefined);
  return isShown.some((one, index) => one && isShown[index + 1] === true);
}

export function multiplesChart(locale: Locale, rates: ActivationRates, months: UnitMonths): ChartModel {
  const t = translator(locale);
  const ordered = rankUnits(rates).ranked.filter(({ code }) => isCourse(months.byUnit.get(code) ?? []));
  const valuesOf = (code: string): (number | null)[] =>
    (months.byUnit.get(code) ?? []).map((figure) => percentOf(figure) ?? null);
  const values = ordered.flatMap(({ code }) => valuesOf(code).filter((one) => one !== null));
  return {
    kind: 'multiples',
    locale,
    title:
      ordered.length === 0
        ? t('statistics.trend_alt_empty')
        : t('dashboard.multiples_alt', { count: ordered.length, months: months.days.length }),
    lowest: values.length === 0 ? 0 : Math.floor(Math.min(...values) / 10) * 10,
    highest: values.length === 0 ? 100 : Math.ceil(Math.max(...values) / 10) * 10,
    panels: ordered.map(({ code, unit, figures }) => ({
      name: unit?.name ?? code,
      text:
        ratioOf(figures.activation_of_granted) === undefined
          ? t('statistics.not_published_sign')
          : figureText(t, locale, figures.activation_of_granted),
      values: valuesOf(code),
    })),
  };
}

function shortName({ code, unit }: UnitFigures): string {
  return unit === undefined ? code : fullUnitName(unit);
}
