import { pointsText } from '../../domain/rate-comparison.ts';
import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import { LOCALES, translator } from '../../i18n/translator.ts';
import type { ComparisonSide, RateComparison } from '../figures/compare-rates.ts';
import { rateTexts, unitName } from '../pages/rate-texts.ts';
import { figureFields } from './rates-as-data.ts';

/** The answer of `/statistics/compare.json` and of `stats compare --json`. The difference is the second less the first; null, with the reasons, where there is none. */
export function comparisonAsJson({ viewer, accountLevel, first, second, rows }: RateComparison): object {
  return {
    view: viewer.kind,
    account_level: accountLevel ?? null,
    suppressed_below: viewer.kind === 'full' ? null : LEAST_PUBLIC_COUNT,
    first: sideFields(first),
    second: sideFields(second),
    rates: rows.map(({ id, comparison, ...figures }) => ({
      id,
      name: Object.fromEntries(LOCALES.map((locale) => [locale, rateTexts(translator(locale), id).name])),
      first: figureFields(figures.first),
      second: figureFields(figures.second),
      difference:
        comparison.kind === 'difference'
          ? {
              count: comparison.count,
              percentage_points: Object.fromEntries(
                LOCALES.map((locale) => [locale, pointsText(comparison.points, locale)]),
              ),
            }
          : null,
      not_comparable: comparison.kind === 'difference' ? null : comparison.obstacles,
    })),
  };
}

function sideFields({ unit, moment }: ComparisonSide): object {
  return {
    unit_code: unit.code,
    unit_name: Object.fromEntries(
      LOCALES.map((locale) => [locale, unitName(translator(locale), { code: unit.code, unit })]),
    ),
    as_of: moment.asOf.toISOString(),
    as_of_day: moment.day,
    is_day_over: moment.isDayOver,
  };
}
