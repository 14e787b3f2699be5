import type { BacklogModel } from '../../views/statistics/backlog-section.ts';
import { LATE_BANDS } from '../domain/late-backlog.ts';
import { integerText } from '../domain/rate.ts';
import { type Locale, translator } from '../i18n/translator.ts';
import type { LateBacklog } from './late-backlog.ts';
import { lastSeenText, momentText, unitName } from './rate-texts.ts';

/** The bands in their order, and their sum. */
const ROWS = [...LATE_BANDS, 'all'] as const;

export function backlogModel(locale: Locale, backlog: LateBacklog): BacklogModel {
  const { moment, isMonthly, counts, asOfDays, units } = backlog;
  const t = translator(locale);
  const name = (row: (typeof ROWS)[number]): string => (row === 'all' ? t('waiting.all') : t(`waiting.band_${row}`));
  const text = (count: number | null): string =>
    count === null ? t('statistics.not_published') : integerText(count, locale);
  const at = momentText(locale, moment);
  return {
    isPublished: counts.all !== null,
    isMonthly,
    caption: moment.isDayOver
      ? t('waiting.backlog_caption', { day: at })
      : t('waiting.backlog_caption_now', { time: at }),
    rows: ROWS.map((row) => {
      return {
        age: lastSeenText(locale, name(row), row === 'all' ? undefined : asOfDays[row]),
        grants: text(counts[row]),
      };
    }),
    units: units.map((unit) => ({ name: unitName(t, unit), counts: ROWS.map((row) => text(unit.counts[row])) })),
    bandNames: ROWS.map(name),
  };
}
