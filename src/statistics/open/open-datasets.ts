import { LATE_BANDS } from '../../domain/late-backlog.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import { ratesAsLines } from '../as-data/rates-as-data.ts';
import { activationFunnel } from '../figures/activation-funnel.ts';
import { activationRates } from '../figures/activation-rates.ts';
import { channelShares } from '../figures/channel-shares.ts';
import { lateBacklog } from '../figures/late-backlog.ts';
import { residentsByAgeAndSex } from '../figures/residents-by-age-and-sex.ts';
import { type AdoptionDeps, rpAdoption } from '../figures/rp-adoption.ts';

/** What everybody may have, in the order in which it is offered. */
export const OPEN_DATASETS = ['rates', 'channels', 'backlog', 'residents', 'funnel', 'adoption'] as const;
export type Dataset = (typeof OPEN_DATASETS)[number];

/** One line of a file: what is not published is null, never zero. */
export type Line = Readonly<Record<string, string | number | null>>;

type At = { readonly now: Date; readonly day: CalendarDate };

/** The lines of a dataset as the public sees it at the end of a month that is over. */
export function openDataset(deps: AdoptionDeps, name: Dataset, at: At): Promise<readonly Line[]> {
  return READ[name](deps, at);
}

const viewer = { kind: 'public' } as const;

const READ: Readonly<Record<Dataset, (deps: AdoptionDeps, at: At) => Promise<readonly Line[]>>> = {
  rates: async ({ db }, { now, day }) => ratesAsLines(await activationRates(db, { now, asOfDay: day, viewer })),
  channels: async ({ db }, { now, day }) => {
    const { rows, moment } = await channelShares(db, { now, asOfDay: day, viewer });
    return rows.map(({ channel, isAssisted, figure, asOfDay }) => ({
      as_of_day: asOfDay ?? moment.day,
      channel: channel === '' ? null : channel,
      is_assisted: isAssisted ? 1 : 0,
      status: figure.kind,
      activations: figure.kind === 'suppressed' ? null : figure.numerator,
      of_activations: figure.kind === 'shown' ? figure.denominator : null,
    }));
  },
  backlog: async ({ db }, { now, day }) => {
    const { counts, asOfDays, moment } = await lateBacklog(db, { now, asOfDay: day, viewer });
    return [...LATE_BANDS, 'all' as const].map((band) => ({
      as_of_day: (band === 'all' ? undefined : asOfDays[band]) ?? moment.day,
      days_since_notice: band,
      late_grants: counts[band],
    }));
  },
  residents: async ({ db }, { now, day }) => {
    const { rows, moment } = await residentsByAgeAndSex(db, { now, asOfDay: day, viewer });
    return rows.map(({ band, gender, counts, asOfDay, residents }) => ({
      as_of_day: asOfDay ?? moment.day,
      age_band: band,
      sex: gender ?? null,
      ever_activated: counts?.activated ?? null,
      level_2: counts?.level2 ?? null,
      signed_in: counts?.used ?? null,
      usable: counts?.usable ?? null,
      residents: residents ?? null,
    }));
  },
  funnel: async ({ db }, { now, day }) => {
    const { funnel, fromOn, toOn } = await activationFunnel(db, { now, toOn: day, viewer });
    return (funnel?.rows ?? []).flatMap(({ steps, reached, passed, losses }) => {
      const line = { from_on: fromOn, to_on: toOn, steps: steps.join(' '), reached, passed };
      return losses.map(({ reason, count }) => ({ ...line, lost_by: reason, lost: count ?? null }));
    });
  },
  adoption: async (deps, { now, day }) => {
    const { services } = await rpAdoption(deps, { now, asOfDay: day, viewer });
    return services.flatMap(({ clientId, name, steps }) =>
      steps.map(({ month, subjects, signIns }) => {
        return { client_id: clientId, name_vi: name.vi, name_en: name.en, month, subjects, sign_ins: signIns };
      }),
    );
  },
};
