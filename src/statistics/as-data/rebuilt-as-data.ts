import { REBUILDING_METHOD, type RebuiltCount } from '../../domain/rebuilt-series.ts';
import { LOCALES, translator } from '../../i18n/translator.ts';
import type { RebuiltFigures, RebuiltSeries, RebuiltTable } from '../figures/rebuilt-units.ts';
import { unitName } from '../pages/rate-texts.ts';

/** The answer of `/statistics/rebuilt.json` for a whole geography. */
export function rebuiltTableAsJson({ moment, geography, accountLevel, whole, rows }: RebuiltTable): object {
  return {
    ...methodFields(geography),
    as_of: moment.asOf.toISOString(),
    as_of_day: moment.day,
    is_day_over: moment.isDayOver,
    known_on: moment.knownOn ?? null,
    account_level: accountLevel ?? null,
    whole,
    rows: rows.map((row) => ({
      unit_code: row.code,
      unit_name: Object.fromEntries(LOCALES.map((locale) => [locale, unitName(translator(locale), row)])),
      ...figureFields(row.figures),
    })),
  };
}

/** The answer of `/statistics/rebuilt.json?unit=…`. */
export function rebuiltSeriesAsJson({ unitCode, geography, accountLevel, points, draws }: RebuiltSeries): object {
  return {
    ...methodFields(geography),
    unit_code: unitCode,
    account_level: accountLevel ?? null,
    draws_on: draws.map(({ code, weight, ofWeight }) => ({ unit_code: code, weight, of_weight: ofWeight })),
    points: points.map(({ day, figures }) => ({ as_of_day: day, ...figureFields(figures) })),
  };
}

function methodFields(geography: string): object {
  return {
    geography: 'rebuilt',
    rebuilt_over: geography,
    method: REBUILDING_METHOD,
    method_text: Object.fromEntries(LOCALES.map((locale) => [locale, translator(locale)('analysis.rebuilt_method')])),
  };
}

/** `drawn_over` of each number is approximate, the rest was counted in the unit itself. */
function figureFields({ notified, activated, persons }: RebuiltFigures): object {
  return {
    is_approximate: [notified, activated, persons].some(({ drawnOver }) => drawnOver > 0),
    notified: countFields(notified),
    activated: countFields(activated),
    persons_activated: countFields(persons),
  };
}

function countFields({ count, drawnOver }: RebuiltCount): object {
  return { count, drawn_over: drawnOver };
}
