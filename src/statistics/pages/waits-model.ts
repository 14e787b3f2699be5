import type { WaitsModel } from '../../../views/statistics/waits-section.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { WaitFigures, WaitQuantile } from '../figures/notice-weeks.ts';
import type { PublicCurvePoint, TimeToActivate } from '../figures/time-to-activate.ts';
import { lastSeenText, momentText } from './rate-texts.ts';

export function waitsModel(locale: Locale, waits: TimeToActivate): WaitsModel {
  const t = translator(locale);
  const { moment, notices, isMonthly, whole, weeks, curve } = waits;
  const day = (text: string): string => calendarDateText(locale, text);
  return {
    isMonthly,
    caption: t('delays.waits_caption', {
      from: day(notices.from),
      to: day(notices.to),
      day: momentText(locale, moment),
    }),
    rows: [
      { name: t('delays.all'), ...figureTexts(t, locale, whole) },
      ...weeks
        .map(({ monday, figures, asOfDay }) => ({
          name: lastSeenText(locale, t('delays.week_of', { day: day(monday) }), asOfDay),
          ...figureTexts(t, locale, figures),
        }))
        .toReversed(),
    ],
    curve: curve.map((point) => ({
      days: point.days,
      waiting: shareText(locale, point),
      waitingPercent: point.waitingMillionths / 10_000,
      atRisk: point.atRisk === undefined ? undefined : integerText(point.atRisk, locale),
      ended: point.ended === undefined ? undefined : integerText(point.ended, locale),
    })),
  };
}

function figureTexts(t: Translate, locale: Locale, figures: WaitFigures): Omit<WaitsModel['rows'][number], 'name'> {
  if (figures.kind === 'suppressed') {
    const hidden = t('statistics.not_published');
    return { notified: hidden, activated: hidden, p50: hidden, p90: hidden };
  }
  const { notified, activated, p50, p90 } = figures;
  return {
    notified: integerText(notified, locale),
    activated: integerText(activated, locale),
    p50: quantileText(t, p50),
    p90: quantileText(t, p90),
  };
}

function quantileText(t: Translate, quantile: WaitQuantile): string {
  return quantile.kind === 'days' ? t('delays.days', { days: quantile.days }) : t('delays.not_reached');
}

function shareText(locale: Locale, { waitingMillionths }: PublicCurvePoint): string {
  return percentText({ numerator: waitingMillionths, denominator: 1_000_000 }, locale);
}
