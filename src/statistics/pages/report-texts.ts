import { integerText } from '../../domain/rate.ts';
import type { ReportPeriod } from '../../domain/report-period.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import type { Figure, PublishedRateId } from '../figures/activation-rates.ts';
import type { PeriodReport } from '../figures/period-report.ts';
import { loadedBasis, unitName } from './rate-texts.ts';

/** `Báo cáo tháng 10/2026`. */
export function reportTitle(locale: Locale, { kind, from, to }: ReportPeriod): string {
  const t = translator(locale);
  const text = (day: string): string => calendarDateText(locale, day);
  if (kind === 'day') return t('report.title_day', { day: text(from) });
  if (kind === 'week') return t('report.title_week', { from: text(from), to: text(to) });
  return t('report.title_month', { month: monthText(locale, from) });
}

function monthText(locale: Locale, day: string): string {
  if (locale === 'vi') return `${Number(day.slice(5, 7))}/${day.slice(0, 4)}`;
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(day));
}

export function placeText(locale: Locale, { unit }: Pick<PeriodReport, 'unit'>): string {
  const t = translator(locale);
  return unit === undefined ? t('report.unit_whole') : unitName(t, unit);
}

/** How a rate has moved, in points of a percent (`+0,4 điểm %`); in words where it is divided by another basis than before, '' where one of the two is not shown. */
export function changeText(locale: Locale, report: PeriodReport, id: PublishedRateId): string {
  const t = translator(locale);
  const tenths = tenthsOfPoint(report.figuresBefore?.[id], report.figures[id]);
  if (tenths === undefined) return '';
  const [was, is] = [loadedBasis(id, report.before), loadedBasis(id, report.rates)];
  if (was?.ageMin !== is?.ageMin || was?.asOfOn !== is?.asOfOn) return t('report.other_basis');
  return t('report.points', { points: signedTenths(locale, tenths) });
}

/** `+0,4`, `−1.234,5`, `0,0`. */
function signedTenths(locale: Locale, tenths: bigint): string {
  const size = tenths < 0n ? -tenths : tenths;
  const sign = tenths < 0n ? '−' : tenths > 0n ? '+' : '';
  return `${sign}${integerText(size / 10n, locale)}${locale === 'vi' ? ',' : '.'}${size % 10n}`;
}

/** Rounded half away from zero, on whole numbers. */
function tenthsOfPoint(before: Figure | undefined, after: Figure): bigint | undefined {
  if (before?.kind !== 'shown' || after.kind !== 'shown' || before.denominator === 0 || after.denominator === 0)
    return undefined;
  const [n0, d0, n1, d1] = [before.numerator, before.denominator, after.numerator, after.denominator].map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const [scaled, divisor] = [(n1 * d0 - n0 * d1) * 1000n, d0 * d1];
  const size = scaled < 0n ? -scaled : scaled;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  return scaled < 0n ? -rounded : rounded;
}
