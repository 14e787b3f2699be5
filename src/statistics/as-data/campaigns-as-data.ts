import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import type { CampaignFigures, CampaignReport } from '../figures/campaign-figures.ts';
import type { CampaignVersion } from '../stores/campaign-store.ts';

/** The answer of `/statistics/campaigns.json` and of `stats campaigns list --json`. */
export function campaignsAsJson({ moment, campaigns, notes }: CampaignReport, isPublic: boolean): object {
  return {
    as_of: moment.asOf.toISOString(),
    as_of_day: moment.day,
    is_day_over: moment.isDayOver,
    known_on: moment.knownOn ?? null,
    unit_rule: 'at_event',
    suppressed_below: isPublic ? LEAST_PUBLIC_COUNT : null,
    campaigns: campaigns.map(({ campaign, figures }) => ({
      ...recordFields(campaign),
      figures: figureFields(figures),
    })),
    notes: notes.map(recordFields),
  };
}

function recordFields(one: CampaignVersion): object {
  return {
    key: one.key,
    name: { vi: one.nameVi, en: one.nameEn },
    from_on: one.fromOn,
    to_on: one.toOn,
    unit_codes: one.unitCodes.length === 0 ? null : one.unitCodes,
    target: one.target ?? null,
    note: one.note,
    source: one.source,
    version: one.version,
    correction_reason: one.reason ?? null,
    recorded_at: one.recordedAt.toISOString(),
  };
}

/** What is not published or not counted is null, never zero. */
function figureFields(figures: CampaignFigures): object {
  if (figures.kind !== 'counted') return { status: figures.kind };
  const { during, before, counts, countsBefore } = figures;
  return {
    status: figures.kind,
    from_on: during.fromOn,
    to_on: during.toOn,
    days: figures.days,
    is_over: figures.isOver,
    persons: counts.persons,
    grants: counts.grants ?? null,
    target: figures.target ?? null,
    before: {
      from_on: before.fromOn,
      to_on: before.toOn,
      persons: countsBefore?.persons ?? null,
      grants: countsBefore?.grants ?? null,
    },
    by_day: figures.byDay ?? null,
  };
}
