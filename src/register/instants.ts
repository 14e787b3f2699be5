import { VIET_NAM_OFFSET_MINUTES } from '../domain/viet-nam-time.ts';

const INSTANT =
  /^(?:19|2[0-3])\d{2}-\d{2}-\d{2}(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;
const HAS_OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads a moment (ISO 8601). Without an offset it is the clock of Viet Nam (UTC+7); a day alone is its midnight there.
 *  @returns undefined for anything else, days that do not exist included. */
export function parseInstant(text: string): Date | undefined {
  if (!INSTANT.test(text)) return undefined;
  const midnight = utcMidnight(text.slice(0, 10));
  if (midnight === undefined) return undefined;
  // As this system writes it, without a parser: an import reads five a row.
  if (text.length === 25 && text.endsWith('+07:00'))
    return new Date(midnight + millisOf(text.slice(11, 19)) - VIET_NAM_OFFSET_MINUTES * 60_000);
  const time = text.length === 10 ? '00:00' : text.slice(11);
  return new Date(`${text.slice(0, 10)}T${time}${HAS_OFFSET.test(time) ? '' : '+07:00'}`);
}

/** @param time `HH:MM:SS` */
function millisOf(time: string): number {
  return (Number(time.slice(0, 2)) * 3600 + Number(time.slice(3, 5)) * 60 + Number(time.slice(6))) * 1000;
}

const midnights = new Map<string, number | undefined>();
const REMEMBERED_DAYS = 36_525;

/** Undefined for a day that does not exist: the engine takes 30 February for 2 March. The days of a file are few. */
function utcMidnight(day: string): number | undefined {
  if (midnights.has(day)) return midnights.get(day);
  const midnight = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.getUTCDate() === Number(day.slice(8));
  const found = isDay ? midnight.getTime() : undefined;
  if (midnights.size < REMEMBERED_DAYS) midnights.set(day, found);
  return found;
}

/** As it is written to a file: the clock of Viet Nam with its offset. */
export function formatInstant(instant: Date): string {
  const local = new Date(instant.getTime() + VIET_NAM_OFFSET_MINUTES * 60_000).toISOString();
  return `${local.slice(0, local.endsWith('.000Z') ? 19 : 23)}+07:00`;
}
