/** A calendar date of Viet Nam as text, `YYYY-MM-DD`. It sorts as text in the order of the calendar. */
export type CalendarDate = string;

/** Viet Nam keeps UTC+7 all year. Legal days ("ngày") begin and end at this offset, whatever clock the machine runs on. */
export const VIET_NAM_OFFSET_MINUTES = 420;

const OFFSET_MS = VIET_NAM_OFFSET_MINUTES * 60_000;
const DAY_MS = 86_400_000;

/** The day that calendars in Viet Nam show at `instant`. */
export function vietNamDay(instant: Date): CalendarDate {
  return dayOfNumber(Math.floor((instant.getTime() + OFFSET_MS) / DAY_MS));
}

/** Midnight at the start of `day` in Viet Nam. */
export function startOfVietNamDay(day: CalendarDate): Date {
  return new Date(utcMidnight(day) - OFFSET_MS);
}

/** The last millisecond of `day` in Viet Nam: still inside the day. */
export function endOfVietNamDay(day: CalendarDate): Date {
  return new Date(utcMidnight(day) + DAY_MS - 1 - OFFSET_MS);
}

/** `day` moved by `count` calendar days (negative goes back). */
export function addDays(day: CalendarDate, count: number): CalendarDate {
  return dayOfNumber(Math.round(utcMidnight(day) / DAY_MS) + count);
}

/** Whole days from `from` to `to`; negative when `to` lies before. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return (utcMidnight(to) - utcMidnight(from)) / DAY_MS;
}

/** The last day of a month, `YYYY-MM`. */
export function lastDayOf(month: string): CalendarDate {
  return addDays(`${monthAfter(month)}-01`, -1);
}

/** Of a month, `YYYY-MM`. */
export function monthBefore(month: string): string {
  return addDays(`${month}-01`, -1).slice(0, 7);
}

/** Of a month, `YYYY-MM`. */
export function monthAfter(month: string): string {
  return addDays(`${month}-01`, 31).slice(0, 7);
}

/** The Monday of the week of `day`. */
export function weekStart(day: CalendarDate): CalendarDate {
  const sinceMonday = (new Date(utcMidnight(day)).getUTCDay() + 6) % 7;
  return addDays(day, -sinceMonday);
}

/** Few days are asked for very often (an import asks for some twenty a row), and writing or reading one costs a thousand times what remembering it does. */
const texts = new Map<number, CalendarDate>();
const midnights = new Map<CalendarDate, number>();
/** A hundred years. */
const REMEMBERED = 36_525;

/** @param number of days since 1 January 1970. */
function dayOfNumber(number: number): CalendarDate {
  const known = texts.get(number);
  if (known !== undefined) return known;
  const day = new Date(number * DAY_MS).toISOString().slice(0, 10);
  if (texts.size < REMEMBERED) texts.set(number, day);
  return day;
}

function utcMidnight(day: CalendarDate): number {
  const known = midnights.get(day);
  if (known !== undefined) return known;
  const time = Date.parse(`${day}T00:00:00.000Z`);
  if (Number.isNaN(time)) throw new RangeError('A calendar date must be written YYYY-MM-DD');
  if (midnights.size < REMEMBERED) midnights.set(day, time);
  return time;
}
