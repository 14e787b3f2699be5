import { type Locale, TIME_ZONE } from './translator.ts';

const TAGS: Readonly<Record<Locale, string>> = { vi: 'vi-VN', en: 'en-GB' };
const DAY: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' };
const LONG_DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' };
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** `22/11/2026` or `22 November 2026`: the day of the instant in Viet Nam. */
export function dayText(locale: Locale, instant: Date): string {
  return formatter(locale, locale === 'vi' ? DAY : LONG_DAY).format(instant);
}

/** `09:41`, 24 hours, in Viet Nam. */
export function timeText(locale: Locale, instant: Date): string {
  return formatter(locale, TIME).format(instant);
}

/** `09:41 22/11/2026` or `22 November 2026, 09:41`. */
export function instantText(locale: Locale, instant: Date): string {
  const day = dayText(locale, instant);
  const time = timeText(locale, instant);
  return locale === 'vi' ? `${time} ${day}` : `${day}, ${time}`;
}

/** The same for a calendar date `YYYY-MM-DD`, which has no time zone. */
export function calendarDateText(locale: Locale, date: string): string {
  return dayText(locale, new Date(`${date}T12:00:00+07:00`));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${Object.keys(options).join()} ${options.month ?? ''}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: TIME_ZONE });
  formatters.set(key, made);
  return made;
}
