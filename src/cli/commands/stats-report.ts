import { writeFile } from 'node:fs/promises';
import { latestReportPeriod, type ReportKind, reportPeriod } from '../../domain/report-period.ts';
import { vietNamDay } from '../../domain/viet-nam-time.ts';
import { translator } from '../../i18n/translator.ts';
import { reportAsCsv, reportAsJson, reportAsXlsx } from '../../statistics/as-data/report-as-data.ts';
import { PUBLISHED_RATES } from '../../statistics/figures/activation-rates.ts';
import { type PeriodReport, periodReport } from '../../statistics/figures/period-report.ts';
import { figureText, rateTexts } from '../../statistics/pages/rate-texts.ts';
import { changeText, placeText, reportTitle } from '../../statistics/pages/report-texts.ts';
import type { CliCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { dayOption, pastDayOption, textOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsReport: CliCommand = {
  usage: 'stats report',
  summary: 'the report of a day, a week or a month, of the city or of a unit',
  details: 'The full view: small cells are not suppressed. As text, or with --out as CSV or XLSX.',
  example: 'npx dinhdanh stats report --period month --of 2026-10-01 --out october.xlsx',
  options: [
    { flags: '--period <kind>', description: 'how long it is', choices: ['day', 'week', 'month'], fallback: 'month' },
    { flags: '--of <day>', description: 'a day in it (YYYY-MM-DD); the last one that is over unless given' },
    { flags: '--unit <code>', description: 'of one unit' },
    { flags: '--known-on <day>', description: 'only what was known at the end of this day; it never changes' },
    { flags: '--out <file>', description: 'write a file: .csv or .xlsx' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const kind = (textOption(options, 'period') ?? 'month') as ReportKind;
      const of = pastDayOption(options, 'of', now);
      const report = await periodReport(db, {
        now,
        period: of === undefined ? latestReportPeriod(kind, vietNamDay(now)) : reportPeriod(kind, of),
        unitCode: textOption(options, 'unit'),
        knownOnDay: dayOption(options, 'knownOn'),
        viewer: { kind: 'full' },
      }).catch((error: unknown) => {
        if (error instanceof RangeError) throw new WrongUsage(error.message);
        throw error;
      });
      if (report === undefined) throw new WrongUsage(translator('en')('report.no_unit'));
      const out = textOption(options, 'out');
      if (out !== undefined) await writeFile(out, await fileOf(out, report));
      print(reportAsJson(report), out === undefined ? describe(report) : out);
      return undefined;
    }),
};

async function fileOf(name: string, report: PeriodReport): Promise<string | Buffer> {
  if (name.endsWith('.csv')) return reportAsCsv('vi', report);
  if (name.endsWith('.xlsx')) return reportAsXlsx('vi', report);
  throw new WrongUsage('--out must end in .csv or .xlsx');
}

function describe(report: PeriodReport): string {
  const t = translator('vi');
  const { figures, figuresBefore, activity } = report;
  return [
    `${reportTitle('vi', report.period)} · ${placeText('vi', report)}`,
    columns(
      PUBLISHED_RATES.map((id) => [
        rateTexts(t, id).name,
        figureText(t, 'vi', figures[id]),
        figuresBefore === undefined ? '' : figureText(t, 'vi', figuresBefore[id]),
        changeText('vi', report, id),
      ]),
    ),
    '',
    columns(activity.map(({ measure, total }) => [t(`report.measure_${measure}`), String(total)])),
  ].join('\n');
}
