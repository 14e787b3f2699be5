import { reportPage } from '../../views/statistics/report-page.ts';
import { Refusal } from '../domain/refusal.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { answerJson, readRequest, type StatisticsDeps } from './answer-data.ts';
import { reportAsCsv, reportAsJson, reportAsXlsx } from './as-data/report-as-data.ts';
import { type PeriodReport, periodReport } from './figures/period-report.ts';
import { reportPageModel } from './pages/report-model.ts';
import { readLocale, readReportFilter } from './read-query.ts';

type Handlers = Record<'showReport' | 'showReportJson' | 'showReportCsv' | 'showReportXlsx', PageHandler>;

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** "Báo cáo ngày, tuần, tháng": a page to be printed, and the same as data. */
export function reportRoutes(deps: StatisticsDeps): Handlers {
  const read = async (ctx: PageContext) => {
    const { access, now } = readRequest(deps, ctx);
    const filter = readReportFilter(ctx, now);
    const { viewer } = access;
    const today = vietNamDay(now);
    // Days and weeks have many small numbers, and so has a month that goes on.
    if (viewer.kind === 'public' && (filter.period.kind !== 'month' || filter.period.to >= today))
      throw new Refusal('forbidden');
    const report = await periodReport(deps.db, { ...filter, now, viewer });
    if (report === undefined) throw new Refusal('invalid_field', { field: 'unit' });
    return { access, report, today };
  };
  const download = async (
    ctx: PageContext,
    {
      extension,
      type,
      write,
    }: { extension: string; type: string; write: (report: PeriodReport) => Promise<string | Buffer> },
  ): Promise<void> => {
    const { report } = await read(ctx);
    const body = await write(report);
    const { kind, from } = report.period;
    ctx.type = type;
    ctx.attachment(`report-${kind}-${from}${report.unit === undefined ? '' : `-${report.unit.code}`}.${extension}`);
    ctx.body = body;
  };
  return {
    showReport: async (ctx) => {
      const { access, report, today } = await read(ctx);
      const model = reportPageModel(ctx.state.locale, report, { today, isByCookie: access.isByCookie });
      await render(ctx, reportPage(ctx.state.chrome, model));
    },
    showReportJson: async (ctx) => {
      const { report } = await read(ctx);
      answerJson(ctx, reportAsJson(report));
    },
    showReportCsv: (ctx) =>
      download(ctx, {
        extension: 'csv',
        type: 'text/csv',
        write: (report) => Promise.resolve(reportAsCsv(readLocale(ctx), report)),
      }),
    showReportXlsx: (ctx) =>
      download(ctx, { extension: 'xlsx', type: XLSX_TYPE, write: (report) => reportAsXlsx(readLocale(ctx), report) }),
  };
}
