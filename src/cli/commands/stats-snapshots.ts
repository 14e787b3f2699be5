import { HANOI_CODE } from '../../domain/place.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { addDays, vietNamDay } from '../../domain/viet-nam-time.ts';
import { freezeSnapshot } from '../../statistics/figures/freeze-snapshot.ts';
import {
  findSnapshot,
  listSnapshotFigures,
  listSnapshots,
  type Snapshot,
} from '../../statistics/stores/snapshot-store.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { dayOption, wholeOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

export const statsSnapshotsFreeze: CliCommand = {
  usage: 'stats snapshots freeze',
  summary: 'keep the figures as of a day, as known on a day',
  details:
    'The provider freezes every day ten minutes after its end. There is one snapshot of two days; asking again changes nothing.',
  example: 'npx dinhdanh stats snapshots freeze --as-of 2026-06-30 --known-on 2026-07-15',
  options: [
    { flags: '--as-of <day>', description: 'counted to the end of this day; yesterday unless given' },
    { flags: '--known-on <day>', description: 'as known at the end of this day; that of --as-of unless given' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const asOfOn = dayOption(options, 'asOf') ?? addDays(vietNamDay(clock()), -1);
      const knownOn = dayOption(options, 'knownOn') ?? asOfOn;
      const frozen = freezeSnapshot({ db, clock }, { asOfOn, knownOn, actor: OPERATOR });
      const { kind, snapshot } = await frozen.catch((error: unknown) => {
        if (error instanceof RangeError) throw new WrongUsage(error.message);
        throw error;
      });
      const said = kind === 'frozen' ? 'Frozen' : 'Was frozen before';
      print({ kind, ...asData(snapshot) }, `${said}: ${snapshot.id}`);
      return undefined;
    }),
};

export const statsSnapshotsList: CliCommand = {
  usage: 'stats snapshots list',
  summary: 'the snapshots there are, the latest day first',
  example: 'npx dinhdanh stats snapshots list --limit 7',
  options: [{ flags: '--limit <n>', description: 'how many at most', fallback: '50' }],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db }) => {
      const snapshots = await listSnapshots(db, wholeOption(options, 'limit', { least: 1, most: 10_000 }));
      const rows = snapshots.map((one) => [
        one.id,
        one.asOfOn,
        one.knownOn,
        one.geography,
        one.frozenAt.toISOString(),
        `v${one.definitionsVersion}`,
      ]);
      print(snapshots.map(asData), rows.length === 0 ? 'There is no snapshot.' : columns(rows));
      return undefined;
    }),
};

export const statsSnapshotsShow: CliCommand = {
  usage: 'stats snapshots show <id>',
  summary: 'the frozen figures; with --json of every unit and level',
  example: 'npx dinhdanh stats snapshots show 0192f0c1-2b3c-7d4e-8f50-123456789abc',
  printsData: true,
  run: ({ args, print }) =>
    withRegister(async ({ db }) => {
      const snapshot = await findSnapshot(db, { id: args[0] ?? '' });
      if (snapshot === undefined) throw new CommandFailed('There is no such snapshot.');
      const figures = await listSnapshotFigures(db, snapshot.id);
      const data = figures.map((one) => ({
        unit_code: one.unitCode,
        account_level: one.accountLevel === 0 ? null : one.accountLevel,
        rate: one.rate,
        numerator: one.numerator,
        denominator: one.denominator ?? null,
      }));
      const whole = figures.filter(({ unitCode, accountLevel }) => unitCode === HANOI_CODE && accountLevel === 0);
      const rows = whole.map((one) => [
        one.rate,
        percentText(one, 'vi'),
        integerText(one.numerator, 'vi'),
        one.denominator === undefined ? '–' : integerText(one.denominator, 'vi'),
      ]);
      print({ ...asData(snapshot), figures: data }, columns(rows));
      return undefined;
    }),
};

function asData({ id, asOfOn, knownOn, geography, frozenAt, definitionsVersion }: Snapshot): object {
  const days = { as_of_on: asOfOn, known_on: knownOn };
  return { id, ...days, geography, frozen_at: frozenAt.toISOString(), definitions_version: definitionsVersion };
}
