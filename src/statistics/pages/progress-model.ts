import type { ChartModel } from '../../../views/statistics/charts/chart.ts';
import type { LineChartModel } from '../../../views/statistics/charts/line-chart.ts';
import type { ProgressModel } from '../../../views/statistics/progress-panel.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { FORECAST_PERCENT, type Forecast } from '../../domain/target-progress.ts';
import { addDays, daysBetween } from '../../domain/viet-nam-time.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import type { TargetProgress } from '../figures/target-progress.ts';
import { figureModel } from './figure-model.ts';

/** Undefined where there is no target, or nothing of it may be seen. */
export function progressModel(locale: Locale, progress: TargetProgress): ProgressModel | undefined {
  const t = translator(locale);
  const { figure, target, pace, dueOn } = progress;
  if (target === undefined || pace === undefined || figure.kind === 'suppressed') return undefined;
  return {
    due: calendarDateText(locale, dueOn),
    figure: figureModel(t, locale, figure),
    percent: Math.min(100, (figure.numerator / target.quantity) * 100),
    missing: pace.kind === 'reached' ? undefined : integerText(pace.missing, locale),
    needed: neededOf(locale, progress),
    forecast: forecastText(locale, progress, target.quantity),
    rows: rowsOf(locale, progress, target.quantity),
  };
}

function neededOf(locale: Locale, { pace, daysLeft, weeks }: TargetProgress): ProgressModel['needed'] {
  if (pace?.kind !== 'pace') return undefined;
  const [before, last] = weeks.slice(-2);
  const recent = before && last && Math.round((last.count - before.count) / 7);
  return {
    perDay: integerText(pace.perDay, locale),
    days: integerText(daysLeft, locale),
    recent: recent === undefined ? undefined : integerText(recent, locale),
  };
}

/** Undefined when there is nothing ahead. */
function aheadOf({ forecast, daysLeft }: TargetProgress): Extract<Forecast, { kind: 'forecast' }> | undefined {
  return forecast.kind === 'forecast' && daysLeft > 0 ? forecast : undefined;
}

function forecastText(locale: Locale, progress: TargetProgress, target: number): string | undefined {
  const t = translator(locale);
  if (progress.forecast.kind === 'too_little_history') return t('dashboard.forecast_none');
  const ahead = aheadOf(progress);
  if (ahead === undefined) return undefined;
  const share = (count: number): string => percentText({ numerator: count, denominator: target }, locale);
  return t('dashboard.forecast', {
    due: calendarDateText(locale, progress.dueOn),
    chance: `${FORECAST_PERCENT}%`,
    low: share(ahead.low),
    high: share(ahead.high),
    expected: share(ahead.expected),
  });
}

function rowsOf(locale: Locale, progress: TargetProgress, target: number): ProgressModel['rows'] {
  const t = translator(locale);
  const whole = (count: number): string => integerText(count, locale);
  const share = (count: number): string => percentText({ numerator: count, denominator: target }, locale);
  const ahead = aheadOf(progress);
  const past = progress.weeks.map(
    ({ day, count }) => [calendarDateText(locale, day), whole(count), share(count)] as const,
  );
  if (ahead === undefined) return past;
  const due = t('dashboard.forecast_row', { due: calendarDateText(locale, progress.dueOn) });
  const { low, high } = ahead;
  return [...past, [due, `${whole(low)} – ${whole(high)}`, `${share(low)} – ${share(high)}`]];
}

/** The eight weeks behind, and the way to the day on which the target falls due: as needed, and as the weeks behind would have it. */
export function progressChart(locale: Locale, progress: TargetProgress): ChartModel {
  const t = translator(locale);
  const { weeks, target, dueOn, daysLeft, figure } = progress;
  const [first, last] = [weeks.at(0), weeks.at(-1)];
  const base = { kind: 'line', locale, measure: 'count', bands: [], marks: [], isFromZero: false } as const;
  if (first === undefined || last === undefined || target === undefined || figure.kind === 'suppressed')
    return { ...base, title: t('statistics.trend_alt_empty'), points: [], lines: [] };
  const nowAt = daysBetween(first.day, last.day);
  const days = nowAt + daysLeft;
  const ahead = aheadOf(progress);
  const sparse = (places: readonly (readonly [number, number])[]): (number | null)[] => {
    const at = new Map(places);
    return Array.from({ length: days + 1 }, (_, index) => at.get(index) ?? null);
  };
  const toDue = (count: number): (number | null)[] =>
    sparse([
      [nowAt, last.count],
      [days, count],
    ]);
  const slope = (count: number): (number | null)[] =>
    Array.from({ length: days + 1 }, (_, index) =>
      index < nowAt ? null : last.count + ((count - last.count) * (index - nowAt)) / Math.max(1, daysLeft),
    );
  const needed: LineChartModel['lines'] =
    daysLeft > 0 && last.count < target.quantity
      ? [{ look: 'needed', label: '', values: toDue(target.quantity), isSparse: true }]
      : [];
  const whole = (value: number): string => integerText(value, locale);
  const known = weeks.map(({ day, count }) => [daysBetween(first.day, day), count] as const);
  return {
    ...base,
    title: t('dashboard.progress_alt', {
      count: whole(figure.numerator),
      target: whole(target.quantity),
      due: calendarDateText(locale, dueOn),
      forecast: ahead === undefined ? '–' : `${whole(ahead.low)} – ${whole(ahead.high)}`,
    }),
    points: Array.from({ length: days + 1 }, (_, index) => dayAndMonth(addDays(first.day, index))),
    lines: [{ look: 'main', label: '', values: sparse(known), isSparse: true }, ...needed],
    fan: ahead && { low: slope(ahead.low), high: slope(ahead.high) },
    level: { value: target.quantity, label: t('dashboard.target_line', { target: whole(target.quantity) }) },
  };
}

/** `22/11`. */
function dayAndMonth(day: string): string {
  const [, month, dayOfMonth] = day.split('-');
  return `${dayOfMonth}/${month}`;
}
