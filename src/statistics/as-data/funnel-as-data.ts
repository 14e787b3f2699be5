import { FUNNEL_LOSSES, FUNNEL_STEPS, type Funnel } from '../../domain/activation-funnel.ts';
import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import { LOCALES, translator } from '../../i18n/translator.ts';
import type { FunnelReport } from '../figures/activation-funnel.ts';

/** The answer of `/statistics/funnel.json` and of `stats funnel --json`. What is not published is null, never zero. */
export function funnelAsJson({ funnel, ...report }: FunnelReport): object {
  return {
    view: report.viewer.kind,
    as_of: report.asOf.toISOString(),
    from_on: report.fromOn,
    to_on: report.toOn,
    is_settled: report.isSettled,
    unit_code: report.unitCode ?? null,
    unit_rule: 'at_event',
    channel: report.channel ?? null,
    suppressed_below: report.viewer.kind === 'public' ? LEAST_PUBLIC_COUNT : null,
    ...(funnel === undefined ? NOT_PUBLISHED : funnelFields(funnel)),
    names: Object.fromEntries(
      LOCALES.map((locale) => {
        const t = translator(locale);
        const steps = Object.fromEntries(FUNNEL_STEPS.map((step) => [step, t(`analysis.funnel_step.${step}`)]));
        const losses = Object.fromEntries(FUNNEL_LOSSES.map((loss) => [loss, t(`analysis.funnel_loss.${loss}`)]));
        return [locale, { steps, losses }];
      }),
    ),
  };
}

const NOT_PUBLISHED = { status: 'not_published', started: null, completed: null, activated: null, steps: [] };

function funnelFields({ started, completed, activated, rows }: Funnel): object {
  return {
    status: 'shown',
    started,
    completed,
    activated: activated ?? null,
    steps: rows.map(({ steps, reached, passed, losses, open }) => ({
      steps,
      reached,
      passed,
      open: open ?? null,
      losses: Object.fromEntries(losses.map(({ reason, count }) => [reason, count ?? null])),
    })),
  };
}
