import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import { conditionalGet } from '../web/conditional-get.ts';
import type { PageContext } from '../web/page-context.ts';
import { type Filter, readFilter } from './read-query.ts';
import { type Access, mustMayRead, readViewer } from './roles.ts';
import { viewerSources } from './viewer.ts';

export type StatisticsDeps = { readonly db: Db; readonly clock: Clock };

/** What is asked for and by whom. @throws Refusal, forbidden where what was known once is asked for without the full view. */
export async function readRequest(
  { db, clock }: StatisticsDeps,
  ctx: PageContext,
): Promise<{ filter: Filter; access: Access; now: Date }> {
  // Said before anything is refused: a refusal depends on who asks as well.
  ctx.vary('Authorization');
  ctx.vary('Cookie');
  const now = clock();
  const filter = readFilter(ctx, now);
  const access = await readViewer(ctx, viewerSources(db), now);
  mustMayRead(access.viewer, filter.knownOnDay === undefined ? 'published' : 'what_was_known');
  return { filter, access, now };
}

export async function answerJson(ctx: PageContext, access: Access, data: object): Promise<void> {
  cacheData(ctx, access);
  await conditionally(ctx, () => {
    ctx.type = 'json';
    ctx.body = JSON.stringify(data);
  });
}

/** Data of the public view may lie in any cache for a minute; what a token opened, in none. Pages lie in none either (`render`): they carry a nonce, and a browser
 *  that heeds no `Vary: Cookie` (Chromium's cache) would show the public page to an official who has just entered her code. */
export function cacheData(ctx: PageContext, { viewer }: Access): void {
  ctx.set('Cache-Control', viewer.kind === 'public' ? 'public, max-age=60' : 'private, no-store');
}

export function conditionally(ctx: PageContext, write: () => void): Promise<void> {
  const next = (): Promise<void> => {
    write();
    return Promise.resolve();
  };
  return Promise.resolve(conditionalGet(ctx as Parameters<typeof conditionalGet>[0], next));
}
