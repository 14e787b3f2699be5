import type { ChartModel } from '../../../views/statistics/charts/chart.ts';
import type { LineChartModel } from '../../../views/statistics/charts/line-chart.ts';
import type { FigureModel } from '../../../views/statistics/figure-cell.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { TrendPoint, TrendRange } from '../figures/activation-trend.ts';
import type { CampaignVersion } from '../stores/campaign-store.ts';
import { campaignName } from './campaigns-model.ts';
import { figureModel, percentOf } from './figure-model.ts';
import { figureText } from './rate-texts.ts';

/** The public sees columns of no fewer than this many. */
const LEAST_COLUMN = 10;

export function trendChart(
  locale: Locale,
  trend: readonly TrendPoint[],
  { range, marks, isPublic }: { range: TrendRange; marks: readonly CampaignVersion[]; isPublic: boolean },
): ChartModel {
  const t = translator(locale);
  const drawn = trend.filter(({ figure }) => percentOf(figure) !== undefined);
  const last = drawn.at(-1);
  return {
    kind: 'line',
    title: trendAlt(t, locale, drawn),
    locale,
    measure: 'percent',
    points: trend.map(({ day }) => axisDay(day, range)),
    lines: [
      {
        look: 'main',
        label: last === undefined ? '' : figureText(t, locale, last.figure),
        values: trend.map(({ figure }) => percentOf(figure) ?? null),
      },
    ],
    columns: { values: addedEach(trend, isPublic) },
    ...placedMarks(locale, trend, marks),
    isFromZero: false,
  };
}

/** Campaigns as stretches of the axis, notes as the points at which they begin. */
function placedMarks(
  locale: Locale,
  trend: readonly TrendPoint[],
  marks: readonly CampaignVersion[],
): Pick<LineChartModel, 'bands' | 'marks'> {
  const days = trend.map(({ day }) => day);
  const placed = marks.flatMap((one) => {
    const [from, to] = [days.findIndex((day) => day >= one.fromOn), days.findLastIndex((day) => day <= one.toOn)];
    const at = { from, to: Math.max(from, to), name: campaignName(locale, one), kind: one.kind };
    return from === -1 ? [] : [at];
  });
  return {
    bands: placed.filter(({ kind }) => kind === 'campaign').map(({ from, to, name }) => ({ from, to, name })),
    marks: placed.filter(({ kind }) => kind === 'note').map(({ from, name }) => ({ at: from, name })),
  };
}

/** Activations of each day (or month): what its figure has more than the one before. */
function addedEach(trend: readonly TrendPoint[], isPublic: boolean): (number | null)[] {
  return trend.map(({ figure }, index) => {
    const before = trend[index - 1]?.figure;
    if (figure.kind !== 'shown' || before?.kind !== 'shown') return null;
    const added = figure.numerator - before.numerator;
    return isPublic && added < LEAST_COLUMN ? null : added;
  });
}

function trendAlt(t: Translate, locale: Locale, drawn: readonly TrendPoint[]): string {
  const [first, last] = [drawn.at(0), drawn.at(-1)];
  if (first === undefined || last === undefined) return t('statistics.trend_alt_empty');
  return t('statistics.trend_alt', {
    first: figureText(t, locale, first.figure),
    from: calendarDateText(locale, first.day),
    last: figureText(t, locale, last.figure),
    to: calendarDateText(locale, last.day),
  });
}

/** `22/11`, or `11/2026` where months are drawn. */
function axisDay(day: string, range: TrendRange): string {
  const [year, month, dayOfMonth] = day.split('-');
  return range === 'all'
    ? `${month}/${year}`
    : range === 'year'
      ? `${dayOfMonth}/${month}/${year?.slice(2)}`
      : `${dayOfMonth}/${month}`;
}

/** A table no longer than a screen or two: each day of a month, each seventh of a longer time, counted back from the last. */
export function trendRows(
  locale: Locale,
  trend: readonly TrendPoint[],
): readonly { readonly day: string; readonly figure: FigureModel }[] {
  const t = translator(locale);
  const step = trend.length > 60 ? 7 : 1;
  return trend
    .toReversed()
    .filter((_, index) => index % step === 0)
    .map(({ day, figure }) => ({ day: calendarDateText(locale, day), figure: figureModel(t, locale, figure) }));
}
