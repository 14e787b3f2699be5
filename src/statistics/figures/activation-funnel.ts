import type { ActivationChannel } from '../../domain/activation.ts';
import { type Funnel, funnelOf, publicFunnel, SILENCE_SETTLES_MS } from '../../domain/activation-funnel.ts';
import { publicationDay } from '../../domain/suppression.ts';
import { addDays, type CalendarDate, vietNamDay } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { listAttemptCounts } from '../stores/attempt-count-store.ts';
import type { Viewer } from './activation-rates.ts';

export type FunnelQuery = {
  readonly now: Date;
  /** Attempts that began from this day on; the last `FUNNEL_DAYS` days unless told. */
  readonly fromOn?: CalendarDate | undefined;
  /** Not after today. */
  readonly toOn?: CalendarDate | undefined;
  readonly channel?: ActivationChannel | undefined;
  readonly viewer?: Viewer | undefined;
};

export type FunnelReport = {
  readonly viewer: Viewer;
  readonly fromOn: CalendarDate;
  readonly toOn: CalendarDate;
  /** The unit whose funnel it is; undefined for the whole. */
  readonly unitCode: string | undefined;
  /** Undefined for all. */
  readonly channel: ActivationChannel | undefined;
  /** The minute of reading. */
  readonly asOf: Date;
  /** Whether every attempt of those days is over: the figures never change again. */
  readonly isSettled: boolean;
  /** Undefined where too few are in it to be published. */
  readonly funnel: Funnel | undefined;
};

const FUNNEL_DAYS = 30;
/** How long an attempt may take, with a guardian's day, and be counted after it. */
const SETTLES_DAYS = 3;

/** How the activation attempts that began in these days went on, step by step, and why they were lost. Attempts are no persons: who tries twice is two. The public sees
 *  the whole of one month, when every attempt of it is over, over all channels: months have no attempt in common, so that nothing is found by subtraction. */
export async function activationFunnel(db: Db, query: FunnelQuery): Promise<FunnelReport> {
  const { now, viewer = { kind: 'full' } } = query;
  const isPublic = viewer.kind === 'public';
  const { fromOn, toOn } = isPublic ? publishedMonth(query) : daysOf(query);
  const channel = isPublic ? undefined : query.channel;
  const unitCode = viewer.kind === 'unit' ? viewer.unitCode : undefined;
  const silentSince = new Date(now.getTime() - SILENCE_SETTLES_MS);
  const funnel = funnelOf(await listAttemptCounts(db, { fromOn, toOn, unitCode, channel, silentSince }));
  return {
    viewer,
    fromOn,
    toOn,
    unitCode,
    channel,
    asOf: new Date(Math.floor(now.getTime() / 60_000) * 60_000),
    isSettled: addDays(toOn, SETTLES_DAYS) < vietNamDay(now),
    funnel: isPublic ? publicFunnel(funnel) : funnel,
  };
}

function daysOf({ now, fromOn, toOn }: FunnelQuery): { fromOn: CalendarDate; toOn: CalendarDate } {
  const last = toOn ?? vietNamDay(now);
  return { fromOn: fromOn ?? addDays(last, 1 - FUNNEL_DAYS), toOn: last };
}

/** The latest month up to the day asked for that is settled. */
function publishedMonth({ now, toOn }: FunnelQuery): { fromOn: CalendarDate; toOn: CalendarDate } {
  const settledDay = addDays(vietNamDay(now), -SETTLES_DAYS - 1);
  const last = publicationDay(toOn !== undefined && toOn < settledDay ? toOn : settledDay);
  return { fromOn: `${last.slice(0, 7)}-01`, toOn: last };
}
