import { publishedRatio } from '../../domain/published-figure.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { PUBLISHED_FIGURES } from '../../statistics/imports/import-published-figures.ts';
import { listPublishedFigures } from '../../statistics/stores/published-figure-store.ts';
import type { CliCommand } from '../command.ts';
import { importRecordFile } from '../import-record-file.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsPublishedImport: CliCommand = {
  usage: 'stats published import <file>',
  summary: 'load figures that others published (CSV), as published',
  details:
    'They are shown beside our own and never mixed with them: each names its basis, or that none was published. Corrections and refused rows as in `stats bases import`. Columns and reasons: docs/statistics.md.',
  example: 'npx dinhdanh stats published import examples/hanoi-published-figures.csv',
  printsData: true,
  run: (input) => importRecordFile(input, PUBLISHED_FIGURES),
};

export const statsPublishedList: CliCommand = {
  usage: 'stats published list',
  summary: 'figures as published, each with its basis or "unknown"',
  example: 'npx dinhdanh stats published list',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ db, clock }) => {
      const figures = await listPublishedFigures(db, clock());
      const data = figures.map((one) => ({
        topic: one.topic,
        unit_code: one.unitCode,
        as_of_on: one.asOfOn ?? null,
        numerator: one.numerator,
        denominator: one.denominator ?? null,
        is_rounded: one.isRounded,
        percent_as_published: one.percent ?? null,
        basis: one.basis,
        source: one.source,
        version: one.version,
        reason: one.reason ?? null,
        recorded_at: one.recordedAt.toISOString(),
      }));
      const rows = figures.map((one) => [
        one.topic,
        one.asOfOn ?? '–',
        percentText(publishedRatio(one), 'vi', one.percent?.split('.')[1]?.length ?? 1),
        integerText(one.numerator, 'vi'),
        one.denominator === undefined ? '–' : integerText(one.denominator, 'vi'),
        one.basis,
        one.source,
      ]);
      print(data, rows.length === 0 ? 'No published figure is loaded.' : columns(rows));
      return undefined;
    }),
};
