import { addDays, type CalendarDate, lastDayOf, weekStart } from './viet-nam-time.ts';

/** "Báo cáo ngày, tuần, tháng". */
export const REPORT_KINDS = ['day', 'week', 'month'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export type ReportPeriod = {
  readonly kind: ReportKind;
  readonly from: CalendarDate;
  /** The last day of it. */
  readonly to: CalendarDate;
  /** The day before it, with whose end it is compared. */
  readonly before: CalendarDate;
};

/** The day, the week from Monday (ISO 8601) or the month of the calendar in which `day` lies. */
export function reportPeriod(kind: ReportKind, day: CalendarDate): ReportPeriod {
  const from = kind === 'day' ? day : kind === 'week' ? weekStart(day) : `${day.slice(0, 7)}-01`;
  const to = kind === 'day' ? day : kind === 'week' ? addDays(from, 6) : lastDayOf(from.slice(0, 7));
  return { kind, from, to, before: addDays(from, -1) };
}

/** The newest one that is over when `today` has begun. */
export function latestReportPeriod(kind: ReportKind, today: CalendarDate): ReportPeriod {
  return reportPeriod(kind, reportPeriod(kind, today).before);
}

export function isReportKind(text: string): text is ReportKind {
  return (REPORT_KINDS as readonly string[]).includes(text);
}
