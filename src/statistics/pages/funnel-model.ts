import type { FunnelModel } from '../../../views/statistics/funnel-section.ts';
import type { FunnelRow } from '../../domain/activation-funnel.ts';
import { findUnit } from '../../domain/place.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { FunnelReport } from '../figures/activation-funnel.ts';
import { channelName, unitName } from './rate-texts.ts';

export function funnelModel(locale: Locale, report: FunnelReport): FunnelModel {
  const t = translator(locale);
  const { funnel, unitCode, channel } = report;
  const from = calendarDateText(locale, report.fromOn);
  const to = calendarDateText(locale, report.toOn);
  const whole = (count: number): string => integerText(count, locale);
  const where =
    unitCode === undefined ? t('statistics.whole') : unitName(t, { code: unitCode, unit: findUnit(unitCode) });
  const through = channel === undefined ? t('analysis.funnel_all_channels') : channelName(t, channel);
  return {
    caption: t('analysis.funnel_caption', { started: whole(funnel?.started ?? 0), from, to, where, through }),
    isPublished: funnel !== undefined,
    isSettled: report.isSettled,
    isMonthly: report.viewer.kind === 'public',
    completed:
      funnel === undefined
        ? ''
        : t('analysis.funnel_completed', {
            completed: whole(funnel.completed),
            percent: percentText({ numerator: funnel.completed, denominator: funnel.started }, locale),
          }),
    rows: (funnel?.rows ?? []).map((row) => ({
      step: stepText(t, row),
      reached: whole(row.reached),
      passed: whole(row.passed),
      percent: percentText({ numerator: row.passed, denominator: row.reached }, locale),
      /** For drawing: 0 to 1 of all that were started. */
      ratio: funnel === undefined || funnel.started === 0 ? 0 : row.passed / funnel.started,
      losses: lossTexts(t, locale, row),
    })),
  };
}

export function stepText(t: Translate, { steps }: Pick<FunnelRow, 'steps'>): string {
  return steps.map((step) => t(`analysis.funnel_step.${step}`)).join(' → ');
}

/** `hết lượt nhập mã: 12`, the most frequent first; nothing where there are none. What is hidden is said once. */
function lossTexts(t: Translate, locale: Locale, { losses, open }: FunnelRow): readonly string[] {
  const known = losses
    .flatMap(({ reason, count }) => (count === undefined || count === 0 ? [] : [{ reason, count }]))
    .toSorted((a, b) => b.count - a.count)
    .map(({ reason, count }) => `${t(`analysis.funnel_loss.${reason}`)}: ${integerText(count, locale)}`);
  const hasHidden = open === undefined || losses.some(({ count }) => count === undefined);
  return [
    ...known,
    ...(open === undefined || open === 0 ? [] : [`${t('analysis.funnel_open')}: ${integerText(open, locale)}`]),
    ...(hasHidden ? [t('analysis.funnel_hidden')] : []),
  ];
}
