import { parseCalendarDate } from '../domain/birth-date.ts';
import { startOfVietNamDay, VIET_NAM_OFFSET_MINUTES } from '../domain/viet-nam-time.ts';

const INSTANT =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:\.(?<fraction>\d{1,3})\d*)?)?(?<offset>Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/;

/** Reads a moment (ISO 8601). Without an offset it is the clock of Viet Nam (UTC+7); a day alone is its midnight there.
 *  @returns undefined for anything else, days that do not exist included. */
export function parseInstant(text: string): Date | undefined {
  const groups = INSTANT.exec(text)?.groups;
  const day = parseCalendarDate(groups?.['day'] ?? '');
  if (groups === undefined || !day.ok) return undefined;
  const { hour = '0', minute = '0', second = '0', fraction = '' } = groups;
  const millis = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction.padEnd(3, '0'));
  const offset = groups['offset'];
  const minutesAhead = offset === undefined ? VIET_NAM_OFFSET_MINUTES : offsetMinutes(offset);
  const midnightInVietNam = startOfVietNamDay(day.value).getTime();
  return new Date(midnightInVietNam + millis + (VIET_NAM_OFFSET_MINUTES - minutesAhead) * 60_000);
}

/** As it is written to a file: the clock of Viet Nam with its offset. */
export function formatInstant(instant: Date): string {
  const local = new Date(instant.getTime() + VIET_NAM_OFFSET_MINUTES * 60_000).toISOString();
  return `${local.slice(0, local.endsWith('.000Z') ? 19 : 23)}+07:00`;
}

function offsetMinutes(offset: string): number {
  if (offset === 'Z') return 0;
  const digits = offset.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return offset.startsWith('-') ? -minutes : minutes;
}
