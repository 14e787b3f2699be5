import { stringify } from 'csv-stringify/sync';
import { LRUCache } from 'lru-cache';
import { openDataPage } from '../../views/statistics/open-data-page.ts';
import { Refusal } from '../domain/refusal.ts';
import { LEAST_PUBLIC_COUNT } from '../domain/suppression.ts';
import type { CalendarDate } from '../domain/viet-nam-time.ts';
import { clientAddress } from '../web/client-address.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { conditionally, type StatisticsDeps } from './answer-data.ts';
import { type Dataset, type Line, OPEN_DATASETS, openDataset } from './open-datasets.ts';
import { readArchiveDay } from './read-query.ts';
import type { AdoptionDeps } from './rp-adoption.ts';

export type OpenDataDeps = StatisticsDeps &
  AdoptionDeps & { readonly config: { readonly openDataPerAddressPerMinute: number } };

type Type = 'json' | 'csv';
type Handlers = {
  readonly showOpenData: PageHandler;
  /** What a browser asks before a script of another site sends a header of its own. */
  readonly answerPreflight: PageHandler;
  readonly showDataset: (name: Dataset, type: Type) => PageHandler;
};

const LICENCE = 'CC-BY-4.0';
const WINDOW_MS = 60_000;
/** More addresses at once than a minute of an honest day brings; the one not seen for longest is forgotten. */
const ADDRESSES = 50_000;

/** What everybody may have: whole months that are over, in the public view, whatever token or cookie is sent along. Limited by address in this process's memory: an
 *  answer costs little, and a limit that is forgotten at a restart does no harm. */
export function openDataRoutes(deps: OpenDataDeps): Handlers {
  const { clock } = deps;
  const taken = new LRUCache<string, { startedAt: number; requests: number }>({ max: ADDRESSES });
  const limit = (ctx: PageContext): void => {
    const now = clock().getTime();
    const address = clientAddress(ctx);
    const known = taken.get(address);
    const window = known !== undefined && now - known.startedAt < WINDOW_MS ? known : { startedAt: now, requests: 0 };
    taken.set(address, window);
    window.requests += 1;
    if (window.requests <= deps.config.openDataPerAddressPerMinute) return;
    ctx.set('Retry-After', String(Math.max(1, Math.ceil((window.startedAt + WINDOW_MS - now) / 1000))));
    throw new Refusal('too_many_requests');
  };
  return {
    showOpenData: (ctx) => {
      limit(ctx);
      const model = { licence: LICENCE, least: LEAST_PUBLIC_COUNT, datasets: OPEN_DATASETS };
      return render(ctx, openDataPage(ctx.state.chrome, model));
    },
    answerPreflight: (ctx) => {
      ctx.set('Access-Control-Allow-Origin', '*');
      ctx.set('Access-Control-Allow-Methods', 'GET, HEAD');
      ctx.set('Access-Control-Allow-Headers', 'If-None-Match');
      ctx.set('Access-Control-Max-Age', '86400');
      ctx.status = 204;
    },
    showDataset: (name, type) => async (ctx) => {
      ctx.set('Access-Control-Allow-Origin', '*');
      ctx.set('Access-Control-Expose-Headers', 'ETag, Retry-After');
      ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
      limit(ctx);
      const now = clock();
      const day = readArchiveDay(ctx, now);
      const lines = await openDataset(deps, name, { now, day });
      ctx.set('Cache-Control', 'public, max-age=300');
      await conditionally(ctx, () => {
        ctx.type = type === 'json' ? 'json' : 'text/csv';
        if (type === 'csv') ctx.attachment(`${name}-${day}.csv`);
        ctx.body = type === 'json' ? asJson(name, day, lines) : asCsv(lines);
      });
    },
  };
}

function asJson(dataset: Dataset, day: CalendarDate, rows: readonly Line[]): string {
  const about = { dataset, licence: LICENCE, as_of_day: day, updated: 'monthly', suppressed_below: LEAST_PUBLIC_COUNT };
  return JSON.stringify({ ...about, rows });
}

function asCsv(rows: readonly Line[]): string {
  return stringify([...rows], { header: true, bom: true, escape_formulas: true });
}
