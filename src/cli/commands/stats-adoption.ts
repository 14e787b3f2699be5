import { integerText, percentText } from '../../domain/rate.ts';
import { translator } from '../../i18n/translator.ts';
import { listClients } from '../../relying-parties/client-store.ts';
import { adoptionAsJson, rpTotalFields } from '../../statistics/as-data/adoption-as-data.ts';
import { rpAdoption } from '../../statistics/figures/rp-adoption.ts';
import { RP_TOTALS } from '../../statistics/imports/import-rp-totals.ts';
import { adoptionModel } from '../../statistics/pages/adoption-model.ts';
import { listRpTotalVersions } from '../../statistics/stores/rp-total-store.ts';
import type { CliCommand } from '../command.ts';
import { importRecordFile } from '../import-record-file.ts';
import { pastDayOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsAdoption: CliCommand = {
  usage: 'stats adoption',
  summary: 'who uses which relying party: persons, sign-ins, coverage, share of dossiers',
  details: 'Persons and sign-ins (lượt) are two counts. Definitions: docs/statistics.md.',
  example: 'npx dinhdanh stats adoption --as-of 2026-06-30',
  options: [{ flags: '--as-of <day>', description: 'counted to the end of this day; today unless given' }],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const deps = { db, listClients: () => listClients(db) };
      const asOfDay = pastDayOption(options, 'asOf', now);
      const adoption = await rpAdoption(deps, { now, asOfDay, viewer: { kind: 'full' } });
      const model = adoptionModel('vi', adoption);
      const t = translator('vi');
      const heading = [t('adoption.service'), t('adoption.subjects'), t('adoption.sign_ins'), t('adoption.coverage')];
      const rows = model.rows.map(({ name, subjects, signIns, coverage }) => [
        name,
        subjects,
        signIns,
        coverage.map(({ basis, figure }) => `${basis} ${figure.text}`).join('; '),
      ]);
      const totals = model.totals.map((one) => [one.name, one.topic, one.period, one.share, one.fraction]);
      const text = rows.length + totals.length === 0 ? model.caption : columns([heading, ...rows]);
      print(adoptionAsJson(adoption), [text, columns(totals)].join('\n').trim());
      return undefined;
    }),
};

export const statsTotalsImport: CliCommand = {
  usage: 'stats totals import <file>',
  summary: 'load totals of dossiers (CSV) that relying parties report',
  details:
    'For those that do not send them to /relying-parties/totals. Corrections and refused rows as in `stats bases import`. Columns and reasons: docs/statistics.md.',
  example: 'npx dinhdanh stats totals import totals.csv',
  printsData: true,
  run: (input) => importRecordFile(input, RP_TOTALS),
};

export const statsTotalsList: CliCommand = {
  usage: 'stats totals list',
  summary: 'every version of every reported total',
  example: 'npx dinhdanh stats totals list --json',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ db }) => {
      const versions = await listRpTotalVersions(db);
      const rows = versions.map((one) => [
        one.clientId,
        one.topic,
        `${one.fromOn} – ${one.toOn}`,
        percentText({ numerator: one.throughIdentity, denominator: one.dossiers || undefined }, 'vi', 2),
        `${integerText(one.throughIdentity, 'vi')} / ${integerText(one.dossiers, 'vi')}`,
        one.basis,
        `v${one.version}`,
        one.source,
      ]);
      print(versions.map(rpTotalFields), rows.length === 0 ? 'No total is reported.' : columns(rows));
      return undefined;
    }),
};
