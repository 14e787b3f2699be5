import { integerText } from '../../domain/rate.ts';
import { BASES } from '../../statistics/imports/import-bases.ts';
import { listDenominatorVersions } from '../../statistics/stores/denominator-store.ts';
import type { CliCommand } from '../command.ts';
import { importRecordFile } from '../import-record-file.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsBasesImport: CliCommand = {
  usage: 'stats bases import <file>',
  summary: 'load populations and targets (CSV) that rates are divided by',
  details:
    'Nothing is overwritten: what differs from what is known becomes the next version, and needs a reason. Refused rows are listed by line, field and reason in <file>.rejected.csv, and the exit code is 1. Columns and reasons: docs/statistics.md.',
  example: 'npx dinhdanh stats bases import examples/hanoi-bases.csv',
  printsData: true,
  run: (input) => importRecordFile(input, BASES),
};

export const statsBasesList: CliCommand = {
  usage: 'stats bases list',
  summary: 'every version of every base, with its source',
  example: 'npx dinhdanh stats bases list --json',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ db }) => {
      const versions = await listDenominatorVersions(db);
      const data = versions.map((one) => ({
        basis: one.basis,
        unit_code: one.unitCode,
        as_of_on: one.asOfOn,
        age_min: one.ageMin,
        quantity: one.quantity,
        version: one.version,
        source: one.source,
        reason: one.reason ?? null,
        recorded_at: one.recordedAt.toISOString(),
      }));
      const rows = data.map((one) => [
        one.basis,
        one.unit_code,
        one.as_of_on,
        `≥ ${one.age_min}`,
        integerText(one.quantity, 'vi'),
        `v${one.version}`,
        one.source,
      ]);
      print(data, rows.length === 0 ? 'No base is loaded.' : columns(rows));
      return undefined;
    }),
};
