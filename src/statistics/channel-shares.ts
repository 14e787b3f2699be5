import { ACTIVATION_CHANNELS, type ActivationChannel, isAssisted } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { protectTable } from '../domain/suppression.ts';
import type { Db } from '../platform/database.ts';
import { type Figure, type Moment, momentOf, publishedMoment, type RatesQuery } from './activation-rates.ts';
import { listChannelTotals } from './counter-store.ts';

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
  }[];
};

/** Through which channel grants were activated first. A unit sees its own; the public the whole, over all levels and as of the end of a month, because of small
 *  numbers a day and a level have many. */
export async function channelShares(db: Db, query: RatesQuery): Promise<ChannelShares> {
  const { viewer = { kind: 'full' } } = query;
  const isPublic = viewer.kind === 'public';
  const now = momentOf(query);
  const moment = isPublic ? publishedMoment(now) : now;
  const accountLevel = isPublic ? undefined : query.accountLevel;
  const unitCode = viewer.kind === 'unit' ? viewer.unitCode : undefined;
  const counted = (await listChannelTotals(db, moment)).filter(
    (one) =>
      (unitCode === undefined || one.unitCode === unitCode) &&
      (accountLevel === undefined || one.accountLevel === accountLevel),
  );
  const count = (channel: ActivationChannel | ''): number =>
    counted.filter((one) => one.channel === channel).reduce((sum, { total }) => sum + total, 0);
  const channels = [...ACTIVATION_CHANNELS, ...(count('') === 0 ? [] : ['' as const])];
  const counts = channels.map((channel) => ({ channel, count: count(channel) }));
  const activations = counts.reduce((sum, one) => sum + one.count, 0);
  const shown = isPublic
    ? protectTable(
        [[activations]],
        counts.map((one) => [[one.count]]),
      )
    : { total: 1, rows: counts.map(() => 1) };
  return {
    moment,
    isMonthly: isPublic,
    unitCode,
    accountLevel,
    activations: shown.total === 0 ? null : activations,
    rows: counts.map(({ channel, count: numerator }, index) => ({
      channel,
      isAssisted: channel !== '' && isAssisted(channel),
      figure: shown.rows[index] === 1 ? { kind: 'shown', numerator, denominator: activations } : { kind: 'suppressed' },
    })),
  };
}
