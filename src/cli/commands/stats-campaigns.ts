import { translator } from '../../i18n/translator.ts';
import { campaignsAsJson } from '../../statistics/as-data/campaigns-as-data.ts';
import { campaignReport } from '../../statistics/figures/campaign-figures.ts';
import { CAMPAIGNS } from '../../statistics/imports/import-campaigns.ts';
import { campaignsModel } from '../../statistics/pages/campaigns-model.ts';
import type { CliCommand } from '../command.ts';
import { importRecordFile } from '../import-record-file.ts';
import { pastDayOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsCampaignsImport: CliCommand = {
  usage: 'stats campaigns import <file>',
  summary: 'load campaigns and dated notes (CSV) that are marked on the trend',
  details: 'Corrections and refused rows as in `stats bases import`. Columns and reasons: docs/statistics.md.',
  example: 'npx dinhdanh stats campaigns import examples/hanoi-campaigns.csv',
  printsData: true,
  run: (input) => importRecordFile(input, CAMPAIGNS),
};

export const statsCampaignsList: CliCommand = {
  usage: 'stats campaigns list',
  summary: 'what each campaign brought, per day with --json, beside as many days before it',
  example: 'npx dinhdanh stats campaigns list --as-of 2023-06-28',
  options: [{ flags: '--as-of <day>', description: 'counted to the end of this day; today unless given' }],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const report = await campaignReport(db, { now, asOfDay: pastDayOption(options, 'asOf', now) });
      const model = campaignsModel('vi', report);
      const t = translator('vi');
      const heading = [
        t('analysis.campaign'),
        t('analysis.campaign_days'),
        t('analysis.campaign_units'),
        t('analysis.campaign_persons'),
        t('analysis.campaign_before'),
        t('analysis.campaign_target'),
      ];
      const rows = model.rows.map((row) => [
        row.name,
        row.days,
        row.units,
        row.persons,
        row.personsBefore,
        row.ofTarget,
      ]);
      const table = rows.length === 0 ? 'No campaign is loaded.' : `${model.caption}\n${columns([heading, ...rows])}`;
      print(campaignsAsJson(report, false), [table, ...model.notes.map(({ text }) => text)].join('\n'));
      return undefined;
    }),
};
