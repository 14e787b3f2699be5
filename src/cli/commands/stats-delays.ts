import { translator } from '../../i18n/translator.ts';
import { backlogAsJson, waitsAsJson } from '../../statistics/as-data/delays-as-data.ts';
import { lateBacklog } from '../../statistics/figures/late-backlog.ts';
import { timeToActivate } from '../../statistics/figures/time-to-activate.ts';
import { backlogModel } from '../../statistics/pages/backlog-model.ts';
import { waitsModel } from '../../statistics/pages/waits-model.ts';
import type { CliCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { dayOption, isSet, pastDayOption, textOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

const MOMENT_OPTIONS: CliCommand['options'] = [
  { flags: '--as-of <day>', description: 'counted to the end of this day (YYYY-MM-DD); today unless given' },
  {
    flags: '--known-on <day>',
    description: 'only what was known at the end of this day, which is over; the answer never changes',
  },
  { flags: '--level <level>', description: 'one account level', choices: ['1', '2'] },
];

type Options = Parameters<CliCommand['run']>[0]['options'];

function queryOf(options: Options, now: Date) {
  const level = textOption(options, 'level');
  return {
    now,
    asOfDay: pastDayOption(options, 'asOf', now),
    knownOnDay: pastDayOption(options, 'knownOn', now),
    accountLevel: level === undefined ? undefined : level === '1' ? (1 as const) : (2 as const),
  };
}

/** A moment or days that nothing can be said of are the operator's mistake. */
function wrongUsage(error: unknown): never {
  if (error instanceof RangeError) throw new WrongUsage(error.message);
  throw error;
}

export const statsBacklog: CliCommand = {
  usage: 'stats backlog',
  summary: 'grants that are late, by days since the notice',
  details: 'The full view: small cells are not suppressed.',
  example: 'npx dinhdanh stats backlog --as-of 2025-06-30 --units',
  options: [...MOMENT_OPTIONS, { flags: '--units', description: 'also by unit' }],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const backlog = await lateBacklog(db, queryOf(options, clock())).catch(wrongUsage);
      const { caption, rows, units, bandNames } = backlogModel('vi', backlog);
      const byUnit = [['', ...bandNames], ...units.map(({ name, counts }) => [name, ...counts])];
      const text = [caption, columns(rows.map(({ age, grants }) => [age, grants]))];
      print(backlogAsJson(backlog), [...text, ...(isSet(options, 'units') ? ['', columns(byUnit)] : [])].join('\n'));
      return undefined;
    }),
};

export const statsWaits: CliCommand = {
  usage: 'stats waits',
  summary: 'days from the notice to the activation: p50, p90 by week of the notice, and the curve',
  details:
    'Grants not yet activated count as having waited until the day of the count (Kaplan–Meier). Without --from and --to: the last 13 weeks of notices.',
  example: 'npx dinhdanh stats waits --from 2025-04-01 --to 2025-06-30 --unit 00004',
  options: [
    ...MOMENT_OPTIONS,
    { flags: '--from <day>', description: 'first day of the notices' },
    { flags: '--to <day>', description: 'last day of the notices' },
    { flags: '--unit <code>', description: 'one unit' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const waits = await timeToActivate(db, {
        ...queryOf(options, clock()),
        noticesFrom: dayOption(options, 'from'),
        noticesTo: dayOption(options, 'to'),
        unitCode: textOption(options, 'unit'),
      }).catch(wrongUsage);
      const t = translator('vi');
      const { caption, rows, curve } = waitsModel('vi', waits);
      const weeks = [
        [t('delays.week'), t('delays.notified'), t('delays.activated'), t('delays.p50'), t('delays.p90')],
        ...rows.map(({ name, notified, activated, p50, p90 }) => [name, notified, activated, p50, p90]),
      ];
      const steps = [
        [t('delays.curve_days'), t('delays.at_risk'), t('delays.ended'), t('delays.still_waiting')],
        ...curve.map(({ days, atRisk = '', ended = '', waiting }) => [`${days}`, atRisk, ended, waiting]),
      ];
      const text = [caption, columns(weeks), '', t('delays.curve_caption'), columns(steps)].join('\n');
      print(waitsAsJson(waits), text);
      return undefined;
    }),
};
