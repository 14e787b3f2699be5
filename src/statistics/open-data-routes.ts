import { stringify } from 'csv-stringify/sync';
import { LRUCache } from 'lru-cache';
import { openDataPage } from '../../views/statistics/open-data-page.ts';
import { Refusal } from '../domain/refusal.ts';
import { LEAST_PUBLIC_COUNT, publicationDay } from '../domain/suppression.ts';
import { addDays, type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { clientAddress } from '../web/client-address.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { activationRates } from './activation-rates.ts';
import { conditionally, type StatisticsDeps } from './answer-data.ts';
import { ratesAsLines } from './rates-as-data.ts';
import { type AdoptionDeps, rpAdoption } from './rp-adoption.ts';

export type OpenDataDeps = StatisticsDeps &
  AdoptionDeps & { readonly config: { readonly openDataPerAddressPerMinute: number } };

type Line = Readonly<Record<string, string | number | null>>;
type Handlers = Record<
  'showOpenData' | 'showRatesJson' | 'showRatesCsv' | 'showAdoptionJson' | 'showAdoptionCsv',
  PageHandler
>;

const LICENCE = 'CC-BY-4.0';
const WINDOW_MS = 60_000;
/** More addresses at once than a minute of an honest day brings; the one not seen for longest is forgotten. */
const ADDRESSES = 50_000;
const PUBLIC = { kind: 'public' } as const;

/** What everybody may have: whole months that are over, in the public view, whatever token or cookie is sent along. Limited by address in this process's memory: an
 *  answer costs little, and a limit that is forgotten at a restart does no harm. */
export function openDataRoutes(deps: OpenDataDeps): Handlers {
  const { db, clock } = deps;
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
  const answer =
    (name: string, type: 'json' | 'csv', read: (day: CalendarDate) => Promise<readonly Line[]>): PageHandler =>
    async (ctx) => {
      ctx.set('Access-Control-Allow-Origin', '*');
      ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
      limit(ctx);
      const day = publicationDay(addDays(vietNamDay(clock()), -1));
      const rows = await read(day);
      ctx.set('Cache-Control', 'public, max-age=300');
      await conditionally(ctx, () => {
        ctx.type = type === 'json' ? 'json' : 'text/csv';
        if (type === 'csv') ctx.attachment(`${name}-${day}.csv`);
        ctx.body = type === 'json' ? asJson(name, day, rows) : asCsv(rows);
      });
    };
  const rates = async (asOfDay: CalendarDate): Promise<readonly Line[]> =>
    ratesAsLines(await activationRates(db, { now: clock(), asOfDay, viewer: PUBLIC }));
  const adoption = async (asOfDay: CalendarDate): Promise<readonly Line[]> => {
    const { services } = await rpAdoption(deps, { now: clock(), asOfDay, viewer: PUBLIC });
    return services.flatMap(({ clientId, name, steps }) =>
      steps.map(({ month, subjects, signIns }) => {
        return { client_id: clientId, name_vi: name.vi, name_en: name.en, month, subjects, sign_ins: signIns };
      }),
    );
  };
  return {
    showOpenData: (ctx) => {
      limit(ctx);
      return render(ctx, openDataPage(ctx.state.chrome, { licence: LICENCE, least: LEAST_PUBLIC_COUNT }));
    },
    showRatesJson: answer('rates', 'json', rates),
    showRatesCsv: answer('rates', 'csv', rates),
    showAdoptionJson: answer('adoption', 'json', adoption),
    showAdoptionCsv: answer('adoption', 'csv', adoption),
  };
}

function asJson(dataset: string, day: CalendarDate, rows: readonly Line[]): string {
  const about = { dataset, licence: LICENCE, as_of_day: day, updated: 'monthly', suppressed_below: LEAST_PUBLIC_COUNT };
  return JSON.stringify({ ...about, rows });
}

function asCsv(rows: readonly Line[]): string {
  return stringify([...rows], { header: true, bom: true, escape_formulas: true });
}
