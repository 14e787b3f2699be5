import { ACTIVATION_CHANNELS, type ActivationChannel, isAssisted } from '../../domain/activation.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { channelEdition } from '../editions/public-editions.ts';
import { listChannelTotals } from '../stores/counter-store.ts';
import { type Figure, type Moment, momentOf, publishedMoment, type RatesQuery } from './activation-rates.ts';

export type ChannelShares = {
  readonly moment: Moment;
  readonly isMonthly: boolean;
  /** The unit whose activations they are; undefined for the whole. */
  readonly unitCode: string | undefined;
  readonly accountLevel: AccountLevel | undefined;
  /** All first activations of grants, which the shares are shares of; null where they are too few to be published. */
  readonly activations: number | null;
  readonly rows: readonly {
    /** '' where it is not known. */
    readonly channel: ActivationChannel | '';
    readonly isAssisted: boolean;
    readonly figure: Figure;
    /** The day as of which it is, where the public last saw it earlier than the moment. */
    readonly asOfDay?: CalendarDate;
  }[];
};

/** Through which channel grants were activated first. A unit sees its own; the public the whole, over all levels and as of the end of a month, because of small
 *  numbers a day and a level have many, and a channel anew only when ten more came through it (`channelEdition`). */
export async function channelShares(db: Db, query: RatesQuery): Promise<ChannelShares> {
  const { viewer = { kind: 'full' } } = query;
  const now = momentOf(query);
  if (viewer.kind === 'public') return publicShares(db, publishedMoment(now));
  const unitCode = viewer.kind === 'unit' ? viewer.unitCode : undefined;
  const { accountLevel } = query;
  const counted = (await listChannelTotals(db, now)).filter(
    (one) =>
      (unitCode === undefined || one.unitCode === unitCode) &&
      (accountLevel === undefined || one.accountLevel === accountLevel),
  );
  const counts = countsOf(counted);
  const activations = sumOf(counts);
  return {
    moment: now,
    isMonthly: false,
    unitCode,
    accountLevel,
    activations,
    rows: counts.map(({ channel, count: numerator }) => ({
      ...channelOf(channel),
      figure: { kind: 'shown', numerator, denominator: activations },
    })),
  };
}

async function publicShares(db: Db, moment: Moment): Promise<ChannelShares> {
  const edition = await channelEdition(db, moment);
  const counts = countsOf(await listChannelTotals(db, moment));
  return {
    moment,
    isMonthly: true,
    unitCode: undefined,
    accountLevel: undefined,
    activations: edition.isWholeShown ? sumOf(counts) : null,
    rows: counts.map(({ channel }) => {
      const last = edition.rows.get(channel);
      if (last === undefined) return { ...channelOf(channel), figure: { kind: 'suppressed' } };
      const figure = { kind: 'shown', numerator: last.count, denominator: last.of } as const;
      return { ...channelOf(channel), figure, ...(last.day === moment.day ? {} : { asOfDay: last.day }) };
    }),
  };
}

type Count = { readonly channel: ActivationChannel | ''; readonly count: number };

/** Each channel, and what came through one that is not known where there is any. */
function countsOf(totals: readonly { channel: ActivationChannel | ''; total: number }[]): Count[] {
  const count = (channel: ActivationChannel | ''): number =>
    totals.filter((one) => one.channel === channel).reduce((sum, { total }) => sum + total, 0);
  const channels = [...ACTIVATION_CHANNELS, ...(count('') === 0 ? [] : ['' as const])];
  return channels.map((channel) => ({ channel, count: count(channel) }));
}

function sumOf(counts: readonly Count[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

function channelOf(channel: ActivationChannel | '') {
  return { channel, isAssisted: channel !== '' && isAssisted(channel) };
}
