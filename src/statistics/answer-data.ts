import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { PageContext } from '../web/page-context.ts';
import { type Filter, readFilter } from './read-query.ts';
import { type Access, accessOf, mustMayRead } from './roles.ts';

export type StatisticsDeps = { readonly db: Db; readonly clock: Clock };

/** What is asked for, by whom and when. @throws Refusal, forbidden where what was known once is asked for without the full view. */
export function readRequest(
  { clock }: Pick<StatisticsDeps, 'clock'>,
  ctx: PageContext,
): { filter: Filter; access: Access; now: Date } {
  const now = clock();
  const filter = readFilter(ctx, now);
  const access = accessOf(ctx);
  mustMayRead(access.viewer, filter.knownOnDay === undefined ? 'published' : 'what_was_known');
  return { filter, access, now };
}

export function answerJson(ctx: PageContext, data: object): void {
  ctx.type = 'json';
  ctx.body = JSON.stringify(data);
}
