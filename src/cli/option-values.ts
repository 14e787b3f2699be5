import { parseCalendarDate } from '../domain/birth-date.ts';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { WrongUsage } from './failures.ts';

type Options = Readonly<Record<string, string | boolean | undefined>>;

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** A text that is there and not blank. @param name as commander names it, in camel case */
export function neededText(options: Options, name: string): string {
  const value = textOption(options, name)?.trim();
  if (value === undefined || value === '') throw new WrongUsage(`--${kebab(name)} must be given and not be blank`);
  return value;
}

export function wholeOption(options: Options, name: string, range: { least: number; most: number }): number {
  const text = neededText(options, name);
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value < range.least || value > range.most)
    throw new WrongUsage(`--${kebab(name)} must be a whole number from ${range.least} to ${range.most}`);
  return value;
}

/** A day, written YYYY-MM-DD or as people write it. */
export function dayOption(options: Options, name: string): CalendarDate | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const day = parseCalendarDate(text);
  if (!day.ok) throw new WrongUsage(`--${kebab(name)} must be a day: YYYY-MM-DD`);
  return day.value;
}

/** A day up to today in Viet Nam. */
export function pastDayOption(options: Options, name: string, now: Date): CalendarDate | undefined {
  const day = dayOption(options, name);
  if (day !== undefined && day > vietNamDay(now)) throw new WrongUsage(`--${kebab(name)} is a day that has not begun`);
  return day;
}

export function isSet(options: Options, name: string): boolean {
  return options[name] === true;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
