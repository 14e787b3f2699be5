import { VIET_NAM_OFFSET_MINUTES } from '../domain/viet-nam-time.ts';

const INSTANT =
  /^(?:19|2[0-3])\d{2}-\d{2}-\d{2}(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;
const HAS_OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads a moment (ISO 8601). Without an offset it is the clock of Viet Nam (UTC+7); a day alone is its midnight there.
 *  @returns undefined for anything else, days that do not exist included. */
export function parseInstant(text: string): Date | undefined {
  if (!INSTANT.test(text) || !isDay(text.slice(0, 10))) return undefined;
  const time = text.length === 10 ? '00:00' : text.slice(11);
  return new Date(`${text.slice(0, 10)}T${time}${HAS_OFFSET.test(time) ? '' : '+07:00'}`);
}

/** The engine takes 30 February for 2 March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.getUTCDate() === Number(day.slice(8));
}

/** As it is written to a file: the clock of Viet Nam with its offset. */
export function formatInstant(instant: Date): string {
  const local = new Date(instant.getTime() + VIET_NAM_OFFSET_MINUTES * 60_000).toISOString();
  return `${local.slice(0, local.endsWith('.000Z') ? 19 : 23)}+07:00`;
}
