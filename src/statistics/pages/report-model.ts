import type { ReportPageModel } from '../../../views/statistics/report-page.ts';
import type { UnitsTableModel } from '../../../views/statistics/units-table.ts';
import { LATE_BANDS } from '../../domain/late-backlog.ts';
import { integerText } from '../../domain/rate.ts';
import { REPORT_KINDS, type ReportPeriod } from '../../domain/report-period.ts';
import { addDays, type CalendarDate } from '../../domain/viet-nam-time.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import { PUBLISHED_RATES } from '../figures/activation-rates.ts';
import type { PeriodReport } from '../figures/period-report.ts';
import { channelsModel } from './channels-model.ts';
import { figureModel } from './figure-model.ts';
import { momentText, rateTexts, unitName } from './rate-texts.ts';
import { changeText, placeText, reportTitle } from './report-texts.ts';
import { isListed } from './units-model.ts';

export function reportPageModel(
  locale: Locale,
  report: PeriodReport,
  { today, isByCookie }: { today: CalendarDate; isByCookie: boolean },
): ReportPageModel {
  const t = translator(locale);
  const { period, viewer, unit, rates, figures, figuresBefore, activity, backlog } = report;
  const { moment } = rates;
  const count = (value: number | null): string =>
    value === null ? t('statistics.not_published_sign') : integerText(value, locale);
  const at = {
    before: calendarDateText(locale, period.before),
    geography: t(`statistics.geography.${rates.units.geography}`),
  };
  return {
    title: reportTitle(locale, period),
    place: placeText(locale, report),
    asOf: moment.isDayOver
      ? t('report.as_of', { day: momentText(locale, moment), ...at })
      : t('report.as_of_now', { time: momentText(locale, moment), ...at }),
    knownOn: moment.knownOn && t('report.known_on', { day: calendarDateText(locale, moment.knownOn) }),
    isPublic: viewer.kind === 'public',
    filter: {
      kind: period.kind,
      // The public sees months that are over.
      kinds: (viewer.kind === 'public' ? (['month'] as const) : REPORT_KINDS).map((kind) => ({
        value: kind,
        text: t(`report.kind_${kind}`),
      })),
      of: period.from,
      unit: unit?.code ?? '',
      units: unitChoices(locale, report),
    },
    rates: PUBLISHED_RATES.map((id) => {
      const { name, numerator, denominator, unitRule } = rateTexts(t, id);
      return {
        name,
        definition: t('report.definition_line', { numerator, denominator, unitRule }),
        atEnd: figureModel(t, locale, figures[id]),
        before: figuresBefore === undefined ? undefined : figureModel(t, locale, figuresBefore[id]),
        change: changeText(locale, report, id),
      };
    }),
    activity: activity.map(({ measure, total, byLevel }) => ({
      name: t(`report.measure_${measure}`),
      total: count(total),
      levels: byLevel === undefined ? [] : [count(byLevel[1]), count(byLevel[2])],
    })),
    units: unit === undefined && report.units.length > 0 ? unitsModel(locale, report) : undefined,
    channels: report.channels && channelsModel(t, locale, report.channels),
    backlog:
      backlog &&
      [...LATE_BANDS, 'all' as const].map((band) => ({
        name: t(`report.band_${band}`),
        count: count(backlog.counts[band]),
      })),
    links: links(report, { today, isByCookie }),
  };
}

function unitsModel(locale: Locale, report: PeriodReport): UnitsTableModel {
  const t = translator(locale);
  const isFull = report.viewer.kind === 'full';
  const activated = { id: 'activated_in_period', name: t('report.activated_in_period') };
  return {
    caption: t('report.units_caption'),
    unitHeading: t('report.unit'),
    hiddenSign: t('statistics.not_published_sign'),
    rates: [...(isFull ? [activated] : []), ...PUBLISHED_RATES.map((id) => ({ id, name: rateTexts(t, id).name }))],
    hasTotal: false,
    rows: report.units.filter(isListed).map((row) => ({
      name: unitName(t, row),
      remark: undefined,
      figures: {
        ...Object.fromEntries(PUBLISHED_RATES.map((id) => [id, figureModel(t, locale, row.figures[id])])),
        ...(row.activated === undefined
          ? {}
          : { [activated.id]: { kind: 'no_basis' as const, text: '', fraction: integerText(row.activated, locale) } }),
      },
    })),
  };
}

function unitChoices(locale: Locale, { viewer, rates, unit }: PeriodReport): { value: string; text: string }[] {
  const t = translator(locale);
  if (viewer.kind === 'unit') return [];
  const listed = rates.units.rows.flatMap((row) =>
    row.code === '' ? [] : [{ value: row.code, text: unitName(t, row) }],
  );
  const asked =
    unit !== undefined && !listed.some(({ value }) => value === unit.code)
      ? [{ value: unit.code, text: unitName(t, unit) }]
      : [];
  return [{ value: '', text: t('report.unit_whole') }, ...listed, ...asked];
}

function links(
  { period, unit, rates, viewer }: PeriodReport,
  { today, isByCookie }: { today: CalendarDate; isByCookie: boolean },
): ReportPageModel['links'] {
  const { knownOn } = rates.moment;
  const query = (of: CalendarDate, more: Record<string, string> = {}): string =>
    new URLSearchParams({
      period: period.kind,
      of,
      ...(unit === undefined || viewer.kind === 'unit' ? {} : { unit: unit.code }),
      ...more,
    }).toString();
  // Nothing reads `view`: an address of its own for what a cookie opened, so that no browser takes the public answer it kept for it.
  const file = (type: string): string =>
    `/statistics/report.${type}?${query(period.from, { ...(knownOn === undefined ? {} : { known_on: knownOn }), ...(isByCookie ? { view: viewer.kind } : {}) })}`;
  return {
    csv: file('csv'),
    xlsx: file('xlsx'),
    json: file('json'),
    previous: `/statistics/report?${query(period.before)}`,
    next: mayFollow(period, viewer.kind === 'public', today)
      ? `/statistics/report?${query(addDays(period.to, 1))}`
      : undefined,
  };
}

/** Whether there is a report of the next period: the public waits until it is over. */
function mayFollow({ kind, to }: ReportPeriod, isPublic: boolean, today: CalendarDate): boolean {
  const next = addDays(to, 1);
  if (!isPublic) return next <= today;
  return kind === 'month' && next.slice(0, 7) < today.slice(0, 7);
}
