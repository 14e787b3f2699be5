import { type CalendarDate, vietNamDay } from './viet-nam-time.ts';

export type CalendarDateReason = 'empty' | 'not_a_date';

export type ParsedCalendarDate =
  | { readonly ok: true; readonly value: CalendarDate }
  | { readonly ok: false; readonly reason: CalendarDateReason };

const ISO = /^\d{4}-\d{2}-\d{2}$/;
const VIETNAMESE = /^(?<day>\d{1,2})[/.-](?<month>\d{1,2})[/.-](?<year>\d{4})$/;

/** Years a citizen id can express: 1900–2399. */
const YEARS = { first: 1900, last: 2399 } as const;

/** Reads `YYYY-MM-DD` or, as people write it, `dd/mm/yyyy` (also with dots or hyphens). The day must exist. */
export function parseCalendarDate(text: string): ParsedCalendarDate {
  const trimmed = text.normalize('NFC').trim();
  if (trimmed === '') return { ok: false, reason: 'empty' };
  const iso = ISO.test(trimmed) ? trimmed : isoOf(VIETNAMESE.exec(trimmed)?.groups);
  if (iso === undefined) return { ok: false, reason: 'not_a_date' };
  const [year, month, day] = [Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), Number(iso.slice(8))];
  if (year < YEARS.first || year > YEARS.last || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
    return { ok: false, reason: 'not_a_date' };
  }
  return { ok: true, value: iso };
}

/** Completed years at `instant`, counted on the calendar of Viet Nam: a birthday begins at midnight there.
 *  Who was born on 29 February turns a year older on 1 March of a common year (design). Negative before birth. */
export function ageAt(birthOn: CalendarDate, instant: Date): number {
  const today = vietNamDay(instant);
  const years = Number(today.slice(0, 4)) - Number(birthOn.slice(0, 4));
  return today.slice(5) < birthOn.slice(5) ? years - 1 : years;
}

/** Age bands of every report: the cuts are those of the law (6, 14) and of the published targets (15, 18, 60). */
export const AGE_BANDS = ['<6', '6-13', '14', '15-17', '18-59', '60+'] as const;

export type AgeBand = (typeof AGE_BANDS)[number];

/** The band of an age in completed years. */
export function ageBand(ageYears: number): AgeBand {
  if (ageYears < 6) return '<6';
  if (ageYears < 14) return '6-13';
  if (ageYears < 15) return '14';
  if (ageYears < 18) return '15-17';
  return ageYears < 60 ? '18-59' : '60+';
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isoOf(groups: Record<string, string> | undefined): CalendarDate | undefined {
  return groups && `${groups['year']}-${groups['month']?.padStart(2, '0')}-${groups['day']?.padStart(2, '0')}`;
}
