import type { RebuiltModel } from '../../../views/statistics/rebuilt-section.ts';
import { findUnit, fullUnitName } from '../../domain/place.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import type { RebuiltSeries } from '../figures/rebuilt-units.ts';

export function rebuiltModel(locale: Locale, { unitCode, points, draws }: RebuiltSeries): RebuiltModel {
  const t = translator(locale);
  const nameOf = (code: string): string => {
    const unit = findUnit(code);
    return unit === undefined ? code : fullUnitName(unit);
  };
  return {
    caption: t('analysis.rebuilt_caption', { unit: nameOf(unitCode) }),
    draws: draws.map(({ code, weight, ofWeight }) => {
      const percent = percentText({ numerator: weight, denominator: ofWeight }, locale);
      return t('analysis.rebuilt_draw', { unit: nameOf(code), percent });
    }),
    rows: points
      .map(({ day, figures: { notified, activated, persons } }) => {
        const isApproximate = [notified, activated, persons].some(({ drawnOver }) => drawnOver > 0);
        const whole = (count: number): string =>
          isApproximate
            ? t('analysis.rebuilt_about', { count: integerText(count, locale) })
            : integerText(count, locale);
        return {
          day: calendarDateText(locale, day),
          percent: percentText({ numerator: activated.count, denominator: notified.count }, locale),
          activated: whole(activated.count),
          notified: whole(notified.count),
          persons: whole(persons.count),
          isApproximate,
        };
      })
      .toReversed(),
  };
}
