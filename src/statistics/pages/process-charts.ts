import type { ChartModel } from '../../../views/statistics/charts/chart.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import type { FunnelReport } from '../figures/activation-funnel.ts';
import type { LateBacklog } from '../figures/late-backlog.ts';
import type { WaitQuantile } from '../figures/notice-weeks.ts';
import type { Adoption } from '../figures/rp-adoption.ts';
import type { TimeToActivate } from '../figures/time-to-activate.ts';
import { stepText } from './funnel-model.ts';
import { lastSeenText } from './rate-texts.ts';

/** How many of those who began came past each step. */
export function funnelChart(locale: Locale, { funnel }: FunnelReport): ChartModel {
  const t = translator(locale);
  const bars = {
    kind: 'bars',
    locale,
    measure: 'percent',
    series: [{ name: t('statistics.percent'), look: 'main' }],
  } as const;
  if (funnel === undefined || funnel.started === 0)
    return { ...bars, title: t('statistics.trend_alt_empty'), rows: [] };
  const { started } = funnel;
  const row = (name: string, count: number) => {
    const text = `${percentText({ numerator: count, denominator: started }, locale)} · ${integerText(count, locale)}`;
    return { name, bars: [{ value: (count / started) * 100, text }] };
  };
  const rows = [
    row(t('dashboard.funnel_started'), started),
    ...funnel.rows.map((step) => row(stepText(t, step), step.passed)),
  ];
  const said = rows.map(({ name, bars: [bar] }) => `${name} ${bar?.text ?? ''}`).join('; ');
  return { ...bars, title: t('dashboard.funnel_alt', { steps: said }), rows };
}

const BANDS = ['8_30', '31_90', 'over_90'] as const;

export function backlogChart(locale: Locale, { counts, asOfDays }: LateBacklog): ChartModel {
  const t = translator(locale);
  const rows = BANDS.map((band) => {
    const count = counts[band];
    const text = count === null ? t('statistics.not_published_sign') : integerText(count, locale);
    const name = lastSeenText(locale, t(`dashboard.late_${band}`), asOfDays[band]);
    return { name, bars: [{ value: count ?? 0, text }] };
  });
  return {
    kind: 'bars',
    locale,
    measure: 'count',
    title: t('dashboard.late_alt', {
      counts: rows.map(({ name, bars: [bar] }) => `${name}: ${bar?.text ?? ''}`).join('; '),
    }),
    series: [{ name: t('dashboard.late_grants'), look: 'main' }],
    rows,
  };
}

/** In so many days everybody has one's last chance to be seen in the drawing; the table goes on. */
const CURVE_DAYS = 120;
/** Day of the notice + 7: the law's own (Decree 69/2024/NĐ-CP, Article 14). */
const DUE_DAYS = 7;

/** Kaplan–Meier: the share still waiting, by days since the notice. */
export function survivalChart(locale: Locale, { curve }: TimeToActivate): ChartModel {
  const t = translator(locale);
  const last = Math.min(CURVE_DAYS, curve.at(-1)?.days ?? 0);
  const values: number[] = [];
  let waiting = 100;
  for (let day = 0; day <= last; day += 1) {
    const point = curve.find(({ days }) => days === day);
    if (point !== undefined) waiting = point.waitingMillionths / 10_000;
    values.push(waiting);
  }
  const shareAt = (day: number): string =>
    percentText({ numerator: Math.round((values[day] ?? waiting) * 10), denominator: 1000 }, locale);
  return {
    kind: 'line',
    locale,
    measure: 'percent',
    title:
      curve.length === 0
        ? t('statistics.trend_alt_empty')
        : t('dashboard.survival_alt', { due: shareAt(DUE_DAYS), month: shareAt(30), last, end: shareAt(last) }),
    points: values.map((_, day) => `${day}`),
    lines: curve.length === 0 ? [] : [{ look: 'main', label: shareAt(last), values, isStep: true }],
    bands: [],
    marks: last > DUE_DAYS ? [{ at: DUE_DAYS, name: t('dashboard.survival_due') }] : [],
    isFromZero: true,
  };
}

/** Days from the notice to the activation, by week of the notice. */
export function waitsChart(locale: Locale, { weeks }: TimeToActivate): ChartModel {
  const t = translator(locale);
  const days = (of: 'p50' | 'p90'): (number | null)[] =>
    weeks.map(({ figures }) => (figures.kind === 'shown' ? daysOf(figures[of]) : null));
  const [p50, p90] = [days('p50'), days('p90')];
  const hasAny = [...p50, ...p90].some((one) => one !== null);
  return {
    kind: 'line',
    locale,
    measure: 'count',
    title: hasAny
      ? t('dashboard.waits_alt', {
          from: calendarDateText(locale, weeks[0]?.monday ?? ''),
          to: calendarDateText(locale, weeks.at(-1)?.monday ?? ''),
        })
      : t('statistics.trend_alt_empty'),
    points: weeks.map(({ monday }) => monday.split('-').toReversed().slice(0, 2).join('/')),
    lines: hasAny
      ? [
          { look: 'main', label: t('dashboard.waits_half'), values: p50 },
          { look: 'second', label: t('dashboard.waits_most'), values: p90 },
        ]
      : [],
    bands: [],
    marks: [],
    isFromZero: true,
  };
}

function daysOf(quantile: WaitQuantile): number | null {
  return quantile.kind === 'days' ? quantile.days : null;
}

/** Persons and sign-ins side by side: never one divided by the other. */
export function adoptionChart(locale: Locale, { services }: Adoption): ChartModel {
  const t = translator(locale);
  const rows = services.flatMap(({ name, counts }) => {
    if (counts === undefined) return [];
    const bar = (value: number) => ({ value, text: integerText(value, locale) });
    return [{ name: name[locale], bars: [bar(counts.subjects), bar(counts.signIns)] }];
  });
  const said = rows.map(
    ({ name, bars: [persons, signIns] }) => `${name} ${persons?.text ?? ''} / ${signIns?.text ?? ''}`,
  );
  return {
    kind: 'bars',
    locale,
    measure: 'count',
    title:
      rows.length === 0 ? t('statistics.trend_alt_empty') : t('dashboard.adoption_alt', { services: said.join('; ') }),
    series: [
      { name: t('adoption.subjects'), look: 'main' },
      { name: t('adoption.sign_ins'), look: 'second' },
    ],
    rows,
  };
}
