import type { BacklogModel } from '../../../views/statistics/backlog-section.ts';
import { LATE_BANDS } from '../../domain/late-backlog.ts';
import { integerText } from '../../domain/rate.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import type { LateBacklog } from '../figures/late-backlog.ts';
import { lastSeenText, momentText, unitName } from './rate-texts.ts';

/** The bands in their order, and their sum. */
const ROWS = [...LATE_BANDS, 'all'] as const;

/** @param mostUnits where there are more, those with the most late grants are listed. */
export function backlogModel(locale: Locale, backlog: LateBacklog, mostUnits = Number.POSITIVE_INFINITY): BacklogModel {
  const { moment, isMonthly, counts, asOfDays, units } = backlog;
  const t = translator(locale);
  const name = (row: (typeof ROWS)[number]): string => (row === 'all' ? t('delays.all') : t(`delays.band_${row}`));
  const text = (count: number | null): string =>
    count === null ? t('statistics.not_published') : integerText(count, locale);
  const at = momentText(locale, moment);
  const listed =
    units.length > mostUnits
      ? units.toSorted((a, b) => (b.counts.all ?? 0) - (a.counts.all ?? 0)).slice(0, mostUnits)
      : units;
  return {
    isPublished: counts.all !== null,
    isMonthly,
    caption: moment.isDayOver
      ? t('delays.backlog_caption', { day: at })
      : t('delays.backlog_caption_now', { time: at }),
    rows: ROWS.map((row) => {
      return {
        age: lastSeenText(locale, name(row), row === 'all' ? undefined : asOfDays[row]),
        grants: text(counts[row]),
      };
    }),
    unitsCaption:
      units.length > mostUnits
        ? t('delays.backlog_most_caption', { count: mostUnits, units: units.length })
        : t('delays.backlog_units_caption'),
    units: listed.map((unit) => ({ name: unitName(t, unit), counts: ROWS.map((row) => text(unit.counts[row])) })),
    bandNames: ROWS.map(name),
  };
}
