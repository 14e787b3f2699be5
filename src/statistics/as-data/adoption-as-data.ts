import { percentText } from '../../domain/rate.ts';
import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import type { Figure } from '../figures/activation-rates.ts';
import type { Adoption, RpAdoption } from '../figures/rp-adoption.ts';
import type { RpTotalVersion } from '../stores/rp-total-store.ts';

/** The answer of `/statistics/adoption.json` and of `stats adoption --json`. What is not published is null, never zero. */
export function adoptionAsJson({ moment, isMonthly, services }: Adoption): object {
  return {
    as_of: moment.asOf.toISOString(),
    as_of_day: moment.day,
    is_day_over: moment.isDayOver,
    suppressed_below: isMonthly ? LEAST_PUBLIC_COUNT : null,
    services: services.map(serviceFields),
  };
}

function serviceFields({ clientId, name, day, counts, steps, days, coverage, totals }: RpAdoption): object {
  return {
    client_id: clientId,
    name,
    as_of_day: day ?? null,
    subjects: counts?.subjects ?? null,
    sign_ins: counts?.signIns ?? null,
    months: steps.map(({ month, subjects, signIns }) => ({ month, subjects, sign_ins: signIns })),
    days: days.map(({ day: on, newSubjects, signIns }) => ({ day: on, new_subjects: newSubjects, sign_ins: signIns })),
    coverage: coverage.map(({ basis, basisName, figure }) => ({
      basis,
      basis_name: basisName ?? null,
      ...figureFields(figure),
    })),
    totals: totals.map(({ total, channelShare }) => ({
      ...rpTotalFields(total),
      channel_share: figureFields(channelShare),
    })),
  };
}

function figureFields(figure: Figure): object {
  return {
    status: figure.kind,
    numerator: figure.kind === 'suppressed' ? null : figure.numerator,
    denominator: figure.kind === 'shown' ? figure.denominator : null,
    percent: figure.kind === 'shown' ? { vi: percentText(figure, 'vi', 2), en: percentText(figure, 'en', 2) } : null,
  };
}

/** A reported total as it is answered to whoever reported it, and published. */
export function rpTotalFields(total: RpTotalVersion): object {
  return {
    client_id: total.clientId,
    topic: total.topic,
    from_on: total.fromOn,
    to_on: total.toOn,
    dossiers: total.dossiers,
    through_identity: total.throughIdentity,
    basis: total.basis,
    basis_persons: total.basisPersons ?? null,
    source: total.source,
    version: total.version,
    correction_reason: total.reason ?? null,
    recorded_at: total.recordedAt.toISOString(),
  };
}
