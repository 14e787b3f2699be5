import { stringify } from 'csv-stringify/sync';
import { openDataPage } from '../../../views/statistics/open-data-page.ts';
import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { PageHandler } from '../../web/page-context.ts';
import { render } from '../../web/render.ts';
import type { StatisticsDeps } from '../answer-data.ts';
import type { AdoptionDeps } from '../figures/rp-adoption.ts';
import { readArchiveDay } from '../read-query.ts';
import { type Dataset, type Line, OPEN_DATASETS, openDataset } from './open-datasets.ts';

const TYPES = ['json', 'csv'] as const;
type Type = (typeof TYPES)[number];
type Handlers = {
  readonly showOpenData: PageHandler;
  /** What a browser asks before a script of another site sends a header of its own. */
  readonly answerPreflight: PageHandler;
} & Readonly<Record<`${Dataset}.${Type}`, PageHandler>>;

const LICENCE = 'CC-BY-4.0';

/** What everybody may have: whole months that are over, in the public view, whatever token or cookie is sent along. */
export function openDataRoutes(deps: StatisticsDeps & AdoptionDeps): Handlers {
  const show =
    (name: Dataset, type: Type): PageHandler =>
    async (ctx) => {
      const now = deps.clock();
      const day = readArchiveDay(ctx, now);
      const lines = await openDataset(deps, name, { now, day });
      ctx.type = type === 'json' ? 'json' : 'text/csv';
      if (type === 'csv') ctx.attachment(`${name}-${day}.csv`);
      ctx.body = type === 'json' ? asJson(name, day, lines) : asCsv(lines);
    };
  const files = OPEN_DATASETS.flatMap((name) => TYPES.map((type) => [`${name}.${type}`, show(name, type)] as const));
  return {
    ...(Object.fromEntries(files) as Record<`${Dataset}.${Type}`, PageHandler>),
    showOpenData: (ctx) => {
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
  };
}

function asJson(dataset: Dataset, day: CalendarDate, rows: readonly Line[]): string {
  const about = { dataset, licence: LICENCE, as_of_day: day, updated: 'monthly', suppressed_below: LEAST_PUBLIC_COUNT };
  return JSON.stringify({ ...about, rows });
}

function asCsv(rows: readonly Line[]): string {
  return stringify([...rows], { header: true, bom: true, escape_formulas: true });
}
