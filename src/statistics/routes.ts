import { ratesPage } from '../../views/statistics/rates-page.ts';
import { tokenPage } from '../../views/statistics/token-page.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { answerJson, readRequest, type StatisticsDeps } from './answer-data.ts';
import { ratesAsCsv, ratesAsJson } from './as-data/rates-as-data.ts';
import { type ActivationRates, activationRates } from './figures/activation-rates.ts';
import { channelShares } from './figures/channel-shares.ts';
import { lateBacklog } from './figures/late-backlog.ts';
import { residentsByAgeAndSex } from './figures/residents-by-age-and-sex.ts';
import { timeToActivate } from './figures/time-to-activate.ts';
import { ratesPageModel } from './pages/page-models.ts';
import { closeAccess, openByToken } from './viewer.ts';

type Handlers = Record<'showRates' | 'showJson' | 'showCsv' | 'showToken' | 'enterToken' | 'leave', PageHandler>;

export function statisticsRoutes({ db, clock }: StatisticsDeps): Handlers {
  const read = (ctx: PageContext) => readRequest({ clock }, ctx);
  const readRates = async (ctx: PageContext) => {
    const { filter, access, now } = read(ctx);
    const rates: ActivationRates = await activationRates(db, { ...filter, now, viewer: access.viewer });
    return { filter, access, now, rates, locale: ctx.state.locale };
  };
  const writeJson = async (ctx: PageContext): Promise<void> => {
    const { rates, access, filter, now } = await readRates(ctx);
    const query = { ...filter, now, viewer: access.viewer };
    const channels = await channelShares(db, query);
    const backlog = await lateBacklog(db, query);
    const waits = await timeToActivate(db, query);
    const residents = await residentsByAgeAndSex(db, query);
    answerJson(ctx, ratesAsJson(rates, { channels, backlog, waits, residents }));
  };
  const writeCsv = async (ctx: PageContext): Promise<void> => {
    const { rates } = await readRates(ctx);
    ctx.type = 'text/csv';
    ctx.attachment(`activation-${rates.moment.day}.csv`);
    ctx.body = ratesAsCsv(rates);
  };

  return {
    showRates: async (ctx) => {
      ctx.vary('Accept');
      const type = ctx.accepts('html', 'json', 'csv');
      if (type === false) ctx.throw(406);
      if (type === 'json') return writeJson(ctx);
      if (type === 'csv') return writeCsv(ctx);
      const page = await readRates(ctx);
      await render(ctx, ratesPage(ctx.state.chrome, ratesPageModel(page)));
    },
    showJson: writeJson,
    showCsv: writeCsv,
    showToken: (ctx) => render(ctx, tokenPage(ctx.state.chrome, { isWrong: false })),
    enterToken: async (ctx) => {
      const { token } = readForm(ctx, ['token']);
      if (!(await openByToken(ctx, db, token, clock()))) {
        return render(ctx, tokenPage(ctx.state.chrome, { isWrong: true }), 422);
      }
      redirect(ctx, '/statistics');
    },
    leave(ctx) {
      closeAccess(ctx);
      redirect(ctx, '/statistics');
    },
  };
}

function redirect(ctx: PageContext, path: string): void {
  ctx.status = 303;
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(path);
  ctx.status = 303;
}
