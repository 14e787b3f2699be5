import type { TrendSvgModel } from '../../views/statistics/trend-svg.ts';
import { percentText } from '../domain/rate.ts';
import { calendarDateText } from '../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../i18n/translator.ts';
import type { TrendPoint } from './activation-trend.ts';
import { percentOf } from './figure-model.ts';
import { figureText } from './rate-texts.ts';

export function trendModel(locale: Locale, trend: readonly TrendPoint[]): Omit<TrendSvgModel, 'isSmall'> {
  const t = translator(locale);
  return {
    title: t('statistics.trend_title'),
    points: trend.map(({ day, figure }) => ({ dayText: shortDay(day), percent: percentOf(figure) })),
    percentLabel: (percent) => percentText({ numerator: Math.round(percent * 10), denominator: 1000 }, locale),
  };
}

export function trendAlt(t: Translate, locale: Locale, trend: readonly TrendPoint[]): string {
  const drawn = trend.filter(({ figure }) => percentOf(figure) !== undefined);
  const [first, last] = [drawn.at(0), drawn.at(-1)];
  if (first === undefined || last === undefined) return t('statistics.trend_alt_empty');
  return t('statistics.trend_alt', {
    first: figureText(t, locale, first.figure),
    from: calendarDateText(locale, first.day),
    last: figureText(t, locale, last.figure),
    to: calendarDateText(locale, last.day),
  });
}

/** `22/11`: enough on an axis of thirty days. */
function shortDay(day: string): string {
  const [, month, dayOfMonth] = day.split('-');
  return `${dayOfMonth}/${month}`;
}
