import { addDays, type CalendarDate } from '../domain/viet-nam-time.ts';

/** The months (YYYY-MM) in which something happened, and the one asked for, in their order. */
export function monthsOf(happened: Iterable<string>, to: string): string[] {
  return [...new Set([...happened, to])].filter((month) => month !== '').toSorted();
}

export function lastDayOf(month: string): CalendarDate {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return addDays(number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`, -1);
}
