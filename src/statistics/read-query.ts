import { isActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { daysIn } from '../domain/campaign.ts';
import { findUnit, type Geography, HANOI_CODE } from '../domain/place.ts';
import { Refusal } from '../domain/refusal.ts';
import { isReportKind, latestReportPeriod, type ReportPeriod, reportPeriod } from '../domain/report-period.ts';
import { publicationDay } from '../domain/suppression.ts';
import { addDays, type CalendarDate, lastDayOf, vietNamDay } from '../domain/viet-nam-time.ts';
import { isLocale, type Locale } from '../i18n/translator.ts';
import type { PageContext } from '../web/page-context.ts';
import type { FunnelQuery } from './figures/activation-funnel.ts';
import { momentOf } from './figures/activation-rates.ts';
import { DEFAULT_TREND_RANGE, TREND_RANGES, type TrendRange } from './figures/activation-trend.ts';
import type { ComparisonQuery } from './figures/compare-rates.ts';
import { mustBeAsked } from './roles.ts';

/** What the address asks for. */
export type Filter = {
  readonly asOfDay: CalendarDate | undefined;
  readonly accountLevel: AccountLevel | undefined;
  /** What was known at the end of this day; for the full view alone. */
  readonly knownOnDay: CalendarDate | undefined;
};

/** `?as_of=YYYY-MM-DD&account_level=1|2&known_on=YYYY-MM-DD`; an empty one is one not given, as a form sends it.
 *  @throws Refusal invalid_field naming the parameter: no such day, a day that has not begun, another level, one given twice. */
export function readFilter(ctx: PageContext, now: Date): Filter {
  const asOf = readDay(ctx, 'as_of', now);
  const level = single(ctx, 'account_level');
  if (level !== undefined && level !== '1' && level !== '2')
    throw new Refusal('invalid_field', { field: 'account_level' });
  const knownOn = single(ctx, 'known_on');
  const filter = { asOfDay: asOf, accountLevel: level === undefined ? undefined : level === '1' ? 1 : 2 } as const;
  if (knownOn !== undefined && !isMoment({ now, asOfDay: asOf, knownOnDay: knownOn }))
    throw new Refusal('invalid_field', { field: 'known_on' });
  return { ...filter, knownOnDay: knownOn };
}

/** `?from=YYYY-MM-DD&to=YYYY-MM-DD&channel=…`: days on which attempts began, at most `MOST_FUNNEL_DAYS` of them. @throws Refusal invalid_field */
export function readFunnelFilter(ctx: PageContext, now: Date): Pick<FunnelQuery, 'fromOn' | 'toOn' | 'channel'> {
  const [fromOn, toOn] = [readDay(ctx, 'from', now), readDay(ctx, 'to', now)];
  if (fromOn !== undefined) {
    const last = toOn ?? vietNamDay(now);
    if (fromOn > last || daysIn(fromOn, last) > MOST_FUNNEL_DAYS) throw new Refusal('invalid_field', { field: 'from' });
  }
  const channel = single(ctx, 'channel');
  if (channel !== undefined && !isActivationChannel(channel)) throw new Refusal('invalid_field', { field: 'channel' });
  return { fromOn, toOn, channel };
}

const MOST_FUNNEL_DAYS = 1_100;

/** `?unit=…&as_of=…` with `with_as_of=…` or `with_unit=…`: two days of one unit, or two units on one day. The city, today, unless told. Undefined where nothing to
 *  compare with is given. @throws Refusal invalid_field */
export function readComparison(ctx: PageContext, now: Date): Pick<ComparisonQuery, 'first' | 'second'> | undefined {
  const first = { unitCode: readUnit(ctx, 'unit') ?? HANOI_CODE, asOfDay: readDay(ctx, 'as_of', now) };
  const [withUnit, withDay] = [readUnit(ctx, 'with_unit'), readDay(ctx, 'with_as_of', now)];
  const second = { unitCode: withUnit ?? first.unitCode, asOfDay: withDay ?? first.asOfDay };
  const isOtherUnit = second.unitCode !== first.unitCode;
  const isOtherDay = second.asOfDay !== first.asOfDay;
  if (isOtherUnit && isOtherDay) throw new Refusal('invalid_field', { field: 'with_as_of' });
  return isOtherUnit || isOtherDay ? { first, second } : undefined;
}

/** `?unit=…`: a unit across the change of geography; else `?geography=…`, the one over which all is drawn, that of today unless told. @throws Refusal invalid_field */
export function readRebuilt(ctx: PageContext): {
  readonly unitCode: string | undefined;
  readonly geography: Geography;
} {
  const geography = single(ctx, 'geography') ?? 'hanoi_units_2025';
  if (geography !== 'hanoi_units_2025' && geography !== 'hanoi_districts_2023')
    throw new Refusal('invalid_field', { field: 'geography' });
  return { unitCode: readUnit(ctx, 'unit'), geography };
}

function readUnit(ctx: PageContext, name: string): string | undefined {
  const code = single(ctx, name);
  if (code !== undefined && findUnit(code) === undefined) throw new Refusal('invalid_field', { field: name });
  return code;
}

/** `?period=day|week|month&of=YYYY-MM-DD&unit=…&known_on=…`; without a day the last period that is over. @throws Refusal invalid_field */
export function readReportFilter(
  ctx: PageContext,
  now: Date,
): { period: ReportPeriod; unitCode: string | undefined; knownOnDay: CalendarDate | undefined } {
  const kind = single(ctx, 'period') ?? 'month';
  if (!isReportKind(kind)) throw new Refusal('invalid_field', { field: 'period' });
  const day = readDay(ctx, 'of', now);
  const period = day === undefined ? latestReportPeriod(kind, vietNamDay(now)) : reportPeriod(kind, day);
  const unitCode = single(ctx, 'unit');
  if (unitCode !== undefined && !/^[0-9A-Za-z]{1,8}$/.test(unitCode))
    throw new Refusal('invalid_field', { field: 'unit' });
  const knownOnDay = single(ctx, 'known_on');
  if (knownOnDay !== undefined && !isMoment({ now, asOfDay: period.to, knownOnDay }))
    throw new Refusal('invalid_field', { field: 'known_on' });
  return { period, unitCode, knownOnDay };
}

/** A day up to today, by its parameter; undefined where it is not given. @throws Refusal invalid_field */
function readDay(ctx: PageContext, name: string, now: Date): CalendarDate | undefined {
  const text = single(ctx, name);
  if (text !== undefined && !isPastOrToday(text, now)) throw new Refusal('invalid_field', { field: name });
  return text;
}

/** `?as_of=YYYY-MM`: the last day of a month that is over, of the latest one unless told. @throws Refusal invalid_field */
export function readArchiveDay(ctx: PageContext, now: Date): CalendarDate {
  const latest = publicationDay(addDays(vietNamDay(now), -1));
  const month = single(ctx, 'as_of');
  if (month === undefined) return latest;
  const first = `${month}-01`;
  if (!/^\d{4}-\d{2}$/.test(month) || !isPastOrToday(first, now) || month > latest.slice(0, 7))
    throw new Refusal('invalid_field', { field: 'as_of' });
  return lastDayOf(month);
}

/** What the dashboard asks for besides. */
export type DashboardFilter = Filter & {
  readonly range: TrendRange;
  /** By the end of which day the target is to be reached; undefined for the end of the year. */
  readonly dueOnDay: CalendarDate | undefined;
};

/** `?range=30d|quarter|year|all&due=YYYY-MM-DD` besides the filter of all pages.
 *  @throws Refusal invalid_field as `readFilter` does; for a due day before the day of the figures or more than ten years after it */
export function readDashboardFilter(ctx: PageContext, now: Date): DashboardFilter {
  const filter = readFilter(ctx, now);
  const range = single(ctx, 'range') ?? DEFAULT_TREND_RANGE;
  if (!isTrendRange(range)) throw new Refusal('invalid_field', { field: 'range' });
  const dueOnDay = single(ctx, 'due');
  const day = filter.asOfDay ?? vietNamDay(now);
  if (dueOnDay !== undefined && !(isDay(dueOnDay) && dueOnDay >= day && dueOnDay < `${Number(day.slice(0, 4)) + 10}`))
    throw new Refusal('invalid_field', { field: 'due' });
  return { ...filter, range, dueOnDay };
}

function isTrendRange(text: string): text is TrendRange {
  return Object.hasOwn(TREND_RANGES, text);
}

/** `?locale=` of the drawing, whose address says everything, so that a cache may keep it. */
export function readLocale(ctx: PageContext): Locale {
  const locale = single(ctx, 'locale') ?? 'vi';
  if (!isLocale(locale)) throw new Refusal('invalid_field', { field: 'locale' });
  return locale;
}

/** `?size=small` of the drawing: for a phone, where a large one would have letters too small to read. */
export function readIsSmall(ctx: PageContext): boolean {
  const size = single(ctx, 'size');
  if (size !== undefined && size !== 'small') throw new Refusal('invalid_field', { field: 'size' });
  return size === 'small';
}

/** The filter as a query, to be put behind an address: '' or '?as_of=…'. */
export function filterQuery(
  { asOfDay, accountLevel, knownOnDay, ...dashboard }: Filter & Partial<DashboardFilter>,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams({
    ...(asOfDay === undefined ? {} : { as_of: asOfDay }),
    ...(accountLevel === undefined ? {} : { account_level: String(accountLevel) }),
    ...(knownOnDay === undefined ? {} : { known_on: knownOnDay }),
    ...(dashboard.range === undefined || dashboard.range === DEFAULT_TREND_RANGE ? {} : { range: dashboard.range }),
    ...(dashboard.dueOnDay === undefined ? {} : { due: dashboard.dueOnDay }),
    ...more,
  }).toString();
  return query === '' ? '' : `?${query}`;
}

/** `?code=` of the form that leads to a unit. */
export function readUnitCode(ctx: PageContext): string | undefined {
  return single(ctx, 'code');
}

function single(ctx: PageContext, name: string): string | undefined {
  mustBeAsked(ctx, name);
  const value = ctx.query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new Refusal('invalid_field', { field: name });
  return value;
}

function isMoment(query: Parameters<typeof momentOf>[0] & { knownOnDay: string }): boolean {
  if (!isPastOrToday(query.knownOnDay, query.now)) return false;
  try {
    momentOf(query);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Since the first year of which any register here has facts. */
function isPastOrToday(text: string, now: Date): boolean {
  return text >= '2000-01-01' && text <= vietNamDay(now) && isDay(text);
}

/** A real day of the calendar. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00.000Z`);
  // 2026-02-30 parses in some engines as 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}
