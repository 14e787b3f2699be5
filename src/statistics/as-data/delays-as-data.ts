import { LATE_BANDS, type LateBand } from '../../domain/late-backlog.ts';
import { RATE_DEFINITIONS } from '../../domain/rate.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import { translator } from '../../i18n/translator.ts';
import type { LateBacklog, LateCounts } from '../figures/late-backlog.ts';
import type { WaitFigures, WaitQuantile } from '../figures/notice-weeks.ts';
import type { TimeToActivate } from '../figures/time-to-activate.ts';
import { unitName } from '../pages/rate-texts.ts';
import { inEachLanguage, momentFields } from './data-fields.ts';

/** `late_backlog` of `/statistics/activation.json`, and the answer of `stats backlog --json`. What is not published is null, never zero. */
export function backlogAsJson(backlog: LateBacklog): object {
  const { moment, unitCode, accountLevel, isMonthly, counts, asOfDays, units } = backlog;
  return {
    ...definitionFields('late_backlog', 'delays.backlog_definition'),
    ...momentFields(moment),
    is_monthly: isMonthly,
    unit_code: unitCode ?? null,
    account_level: accountLevel ?? null,
    ...countFields(counts, (band) => asOfDays[band] ?? moment.day),
    units: units.map((row) => ({
      unit_code: row.code,
      unit_name: inEachLanguage((locale) => unitName(translator(locale), row)),
      ...countFields(row.counts, () => moment.day),
    })),
  };
}

function countFields(counts: LateCounts, dayOf: (band: LateBand) => CalendarDate): object {
  return {
    all: counts.all,
    by_age: LATE_BANDS.map((band) => ({ days: band, grants: counts[band], as_of_day: dayOf(band) })),
  };
}

/** `time_to_activate` of `/statistics/activation.json`, and the answer of `stats waits --json`. */
export function waitsAsJson(waits: TimeToActivate): object {
  const { moment, unitCode, accountLevel, isMonthly, notices, whole, weeks, curve } = waits;
  return {
    ...definitionFields('time_to_activate', 'delays.waits_definition'),
    ...momentFields(moment),
    is_monthly: isMonthly,
    unit_code: unitCode ?? null,
    account_level: accountLevel ?? null,
    notified_from: notices.from,
    notified_to: notices.to,
    ...waitFields(whole),
    weeks: weeks.map(({ monday, figures, asOfDay }) => {
      return { monday, as_of_day: asOfDay ?? moment.day, ...waitFields(figures) };
    }),
    curve: curve.map(({ days, waitingMillionths, atRisk, ended }) => {
      return { days, waiting_millionths: waitingMillionths, at_risk: atRisk ?? null, activated: ended ?? null };
    }),
  };
}

function waitFields(figures: WaitFigures): object {
  if (figures.kind === 'suppressed')
    return { status: figures.kind, notified: null, activated: null, p50: null, p90: null };
  const { kind: status, notified, activated, p50, p90 } = figures;
  return { status, notified, activated, p50: quantileFields(p50), p90: quantileFields(p90) };
}

function quantileFields(quantile: WaitQuantile): object {
  return { status: quantile.kind, days: quantile.kind === 'days' ? quantile.days : null };
}

function definitionFields(
  id: 'late_backlog' | 'time_to_activate',
  definition: 'delays.backlog_definition' | 'delays.waits_definition',
): object {
  const { measure, numeratorRule, denominatorBasis } = RATE_DEFINITIONS[id];
  return {
    id,
    name: inEachLanguage((locale) => translator(locale)(`statistics.rate.${id}`)),
    measure,
    numerator_rule: numeratorRule,
    numerator_text: inEachLanguage((locale) => translator(locale)(`statistics.numerator.${numeratorRule}`)),
    denominator_basis: denominatorBasis,
    definition: inEachLanguage((locale) => translator(locale)(definition)),
    unit_rule: 'at_event',
  };
}
