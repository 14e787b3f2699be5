import type { FigureModel } from '../../../views/statistics/figure-cell.ts';
import type { MonthsTableModel, UnitsRankingModel } from '../../../views/statistics/units-ranking.ts';
import type { UnitsTableModel } from '../../../views/statistics/units-table.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { ActivationRates, Figure, Figures, PublishedRateId, UnitFigures } from '../figures/activation-rates.ts';
import type { UnitMonths } from '../figures/unit-months.ts';
import { rankUnits, ratioOf } from '../figures/unit-ranks.ts';
import { figureModel } from './figure-model.ts';
import { figureText, momentText, rateTexts, unitName } from './rate-texts.ts';
import { unitHref } from './unit-href.ts';

type Units = { readonly locale: Locale; readonly rates: ActivationRates };

export function unitsModel({ locale, rates }: Units, ids: readonly PublishedRateId[]): UnitsTableModel {
  const t = translator(locale);
  const { moment, whole, rows } = rates.units;
  const figures = (of: Figures): Record<string, FigureModel> =>
    Object.fromEntries(ids.map((id) => [id, figureModel(t, locale, of[id])]));
  return {
    caption: unitsCaption({ locale, rates }),
    unitHeading: t('statistics.unit'),
    hiddenSign: t('statistics.not_published_sign'),
    rates: ids.map((id) => ({ id, name: rateTexts(t, id).name })),
    hasTotal: true,
    rows: [
      { name: t('statistics.whole'), remark: undefined, figures: figures(whole) },
      ...rows.filter(isListed).map((row) => ({
        name: unitName(t, row),
        remark: remarkOf(t, locale, row, moment.day),
        figures: figures(row.figures),
      })),
    ],
  };
}

/** A former unit of which nothing is published needs no line: its people are in the figures of the whole. */
export function isListed({ unit, figures }: UnitFigures): boolean {
  return unit?.validTo === undefined || Object.values(figures).some(({ kind }) => kind !== 'suppressed');
}

/** A former unit, or one that the public sees as it was last published. */
function remarkOf(
  t: Translate,
  locale: Locale,
  { unit, day }: UnitFigures,
  tableDay: CalendarDate,
): string | undefined {
  if (unit?.validTo !== undefined && unit.validTo < tableDay) return t('statistics.unit_former');
  return day === tableDay ? undefined : t('statistics.unit_published_on', { day: calendarDateText(locale, day) });
}

/** @param lastDay of a unit that the public sees as it was last published, earlier than the table says. */
export function unitsCaption({ locale, rates }: Units, lastDay = rates.units.moment.day): string {
  const t = translator(locale);
  const { moment, geography } = rates.units;
  const at = { geography: t(`statistics.geography.${geography}`) };
  return moment.isDayOver
    ? t('statistics.units_caption', { ...at, day: calendarDateText(locale, lastDay) })
    : t('statistics.units_caption_now', { ...at, time: momentText(locale, moment) });
}

/** Highest first; the whole above all of them, what belongs to no unit of this geography below. */
export function unitsRankingModel({ locale, rates }: Units, months: UnitMonths): UnitsRankingModel {
  const t = translator(locale);
  const { ranked, others } = rankUnits(rates);
  const since = months.days[0];
  const row = (figures: Figures, before: Figure | undefined) => ({
    rate: figureModel(t, locale, figures.activation_of_granted),
    onTime: figureModel(t, locale, figures.on_time),
    change: changeText(t, locale, before, figures.activation_of_granted),
  });
  return {
    caption: unitsCaption({ locale, rates }),
    headings: [
      t('dashboard.rank'),
      t('statistics.unit'),
      rateTexts(t, 'activation_of_granted').name,
      rateTexts(t, 'on_time').name,
      t('dashboard.change', { day: since === undefined ? '–' : calendarDateText(locale, since) }),
    ],
    hiddenSign: t('statistics.not_published_sign'),
    rows: [
      { rank: '', name: t('statistics.whole'), href: undefined, ...row(rates.units.whole, months.whole[0]) },
      ...ranked.map((unit) => ({
        rank: unit.rank === undefined ? '–' : `${unit.rank}`,
        name: unitName(t, unit),
        href: unitHref(unit.code),
        ...row(unit.figures, months.byUnit.get(unit.code)?.[0]),
      })),
      ...others.map((unit) => ({
        rank: '–',
        name: unit.unit === undefined ? unitName(t, unit) : `${unitName(t, unit)} (${t('statistics.unit_former')})`,
        href: unit.unit === undefined ? undefined : unitHref(unit.code),
        ...row(unit.figures, months.byUnit.get(unit.code)?.[0]),
      })),
    ],
  };
}

/** `+1,5`: in percentage points. */
function changeText(t: Translate, locale: Locale, before: Figure | undefined, now: Figure): string {
  const [from, to] = [before && ratioOf(before), ratioOf(now)];
  if (from === undefined || to === undefined) return '–';
  return t('dashboard.points', { points: pointsText(locale, (to - from) * 100) });
}

function pointsText(locale: Locale, points: number): string {
  const format = { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' } as const;
  return new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', format).format(points);
}

export function monthsTableModel({ locale, rates }: Units, months: UnitMonths): MonthsTableModel {
  const t = translator(locale);
  const text = (figure: Figure): string =>
    ratioOf(figure) === undefined ? t('statistics.not_published_sign') : figureText(t, locale, figure);
  return {
    caption: t('dashboard.multiples_title'),
    unitHeading: t('statistics.unit'),
    months: months.days.map((day) => `${day.slice(5, 7)}/${day.slice(0, 4)}`),
    rows: [
      { name: t('statistics.whole'), texts: months.whole.map(text) },
      ...rankUnits(rates).ranked.map((unit) => ({
        name: unitName(t, unit),
        texts: (months.byUnit.get(unit.code) ?? []).map(text),
      })),
    ],
  };
}
