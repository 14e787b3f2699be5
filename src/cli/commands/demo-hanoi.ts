import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countAccounts } from '../../accounts/account-store.ts';
import type { Register } from '../../assemble-register.ts';
import { HANOI_CODE } from '../../domain/place.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { endOfVietNamDay } from '../../domain/viet-nam-time.ts';
import { HANOI_2023, type HanoiRegister } from '../../register/hanoi-register.ts';
import { hanoiStream } from '../../register/hanoi-stream.ts';
import { importStream, type StreamProgress } from '../../register/import-people.ts';
import { listImportPositions } from '../../register/import-position-store.ts';
import { activationRates, type Figure } from '../../statistics/figures/activation-rates.ts';
import { BASES } from '../../statistics/imports/import-bases.ts';
import { CAMPAIGNS } from '../../statistics/imports/import-campaigns.ts';
import { PUBLISHED_FIGURES } from '../../statistics/imports/import-published-figures.ts';
import { importRecords } from '../../statistics/imports/import-records.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { neededText, wholeOption } from '../option-values.ts';
import { keepHeapSmall } from '../small-heap.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { createProgressLine } from '../terminal.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

/** Below it a district has too few people for its share to mean anything. */
const LEAST_SCALE = 0.001;

export const demoHanoi: CliCommand = {
  usage: 'demo hanoi',
  summary: 'the case of Hà Nội on 28/6/2023: 67,8% counted from 6,220,864 fictional people',
  details:
    'Sandbox only. Makes the people (citizen ids begin with the unassigned 999), brings them in by the road of `people import` into a database of their own, <dir>/hanoi.db, and loads the target, the campaigns and the figures that were published. Interrupted, by Ctrl-C or by a crash, the same command goes on where it was. In full it takes some 24 GB and half an hour of an idle machine; --scale 0.01 less than a minute.',
  example: 'npx dinhdanh demo hanoi --scale 0.01',
  options: [
    { flags: '--scale <share>', description: `how many people: 1 for all, at least ${LEAST_SCALE}`, fallback: '1' },
    { flags: '--seed <n>', description: 'which people', fallback: '1' },
    { flags: '--dir <folder>', description: 'where hanoi.db lies', fallback: 'data' },
  ],
  printsData: true,
  run({ options, print }) {
    const scale = scaleOf(neededText(options, 'scale'));
    const seed = wholeOption(options, 'seed', { least: 0, most: 4_294_967_295 });
    const file = resolve(neededText(options, 'dir'), 'hanoi.db');
    return withRegister(
      async (register) => {
        keepHeapSmall();
        const { register: hanoi, stream } = hanoiStream({ scale, seed });
        await refuseOtherPeople(register, stream.source);
        const stop = stopOnSignal();
        const progress = createProgressLine();
        const started = performance.now();
        const counts = await importStream(register, stream, {
          actor: OPERATOR,
          signal: stop.signal,
          onProgress: progressTeller((text) => progress.show(text)),
        });
        progress.end();
        stop.end();
        const seconds = (performance.now() - started) / 1000;
        if (!counts.isComplete) {
          print(
            { complete: false, rows: counts.rows },
            'Stopped. What is in stays; the same command goes on from there.',
          );
          return EXIT.refused;
        }
        if (counts.refused > 0) throw new CommandFailed(`${counts.refused} rows were refused: this should not happen.`);
        await loadRecords(register, hanoi, scale);
        const answer = await countedRate(register, hanoi);
        print(
          { complete: true, rows: counts.rows, seconds: Math.round(seconds), file, ...answer },
          describe(answer, file),
        );
        return EXIT.done;
      },
      (config) => {
        if (config.isProduction || !config.isSandbox)
          throw new CommandFailed('Fictional people exist only where SANDBOX=true.');
        return { ...config, database: { kind: 'sqlite', file, protocolFile: file.replace(/\.db$/, '-protocol.db') } };
      },
    );
  },
};

function scaleOf(text: string): number {
  const scale = Number(text);
  if (!/^[\d.]+$/.test(text) || !(scale >= LEAST_SCALE && scale <= 1))
    throw new WrongUsage(`--scale must be a number from ${LEAST_SCALE} to 1`);
  return scale;
}

/** These numbers are exact, or they are nothing: no other person may be among them. */
async function refuseOtherPeople({ db }: Register, source: string): Promise<void> {
  const positions = await listImportPositions(db);
  if (positions.some((one) => one.source !== source))
    throw new CommandFailed('This database holds the people of another scale or seed: give another --dir.');
  if (positions.length === 0 && (await countAccounts(db)) > 0)
    throw new CommandFailed('This database holds other people: give another --dir.');
}

/** Rows, their rate since this run began, and when it will be over. */
function progressTeller(show: (text: string) => void): (progress: StreamProgress) => void {
  let first: { at: number; lines: number } | undefined;
  return ({ rows, lines, linesTotal }) => {
    const now = performance.now();
    first ??= { at: now, lines };
    const seconds = (now - first.at) / 1000;
    const linesEachSecond = seconds === 0 ? undefined : (lines - first.lines) / seconds;
    const left = linesEachSecond === undefined ? undefined : Math.ceil((linesTotal - lines) / linesEachSecond);
    const people = `${integerText(Math.floor(lines / 2), 'vi')} / ${integerText(linesTotal / 2, 'vi')} people`;
    const pace = linesEachSecond === undefined ? '' : `  ${Math.round(linesEachSecond / 2)}/s`;
    const eta = left === undefined ? '' : `  about ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
    show(`${people}  ${Math.floor((100 * lines) / linesTotal)}%${pace}${eta}  (${rows} rows in this run)`);
  };
}

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** The target of the city and, by the made-up shares, of its districts; campaigns; what others published. */
async function loadRecords(register: Register, hanoi: HanoiRegister, scale: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dinhdanh-hanoi-'));
  try {
    const bases = join(folder, 'bases.csv');
    await writeFile(bases, basesFile(hanoi, scale));
    const loads = [
      () => importRecords(register, BASES, { file: bases, actor: OPERATOR }),
      () => importRecords(register, CAMPAIGNS, { file: join(EXAMPLES, 'hanoi-campaigns.csv'), actor: OPERATOR }),
      () =>
        importRecords(register, PUBLISHED_FIGURES, {
          file: join(EXAMPLES, 'hanoi-published-figures.csv'),
          actor: OPERATOR,
        }),
    ];
    for (const load of loads) {
      const outcome = await load();
      if (outcome.kind !== 'read' || outcome.refused > 0)
        throw new CommandFailed('The records of Hà Nội cannot be read: is the examples folder there?');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function basesFile({ people, districts }: HanoiRegister, scale: number): string {
  const published = 'Hà Nội, công bố ngày 28/6/2023: số tài khoản phải kích hoạt';
  const ofCity = scale === 1 ? published : `${published} (× ${scale})`;
  const rows = [
    [HANOI_CODE, people, ofCity],
    ...districts.map((one) => [one.code, one.people, 'Dữ liệu tổng hợp: chia theo trọng số, không phải số chính thức']),
  ];
  const lines = rows.map(
    ([code, quantity, source]) => `assigned_target,${code},${HANOI_2023.asOfOn},0,${quantity},"${source}",`,
  );
  return `basis,unit_code,as_of_on,age_min,quantity,source,reason\n${lines.join('\n')}\n`;
}

type Answer = {
  readonly activated: number;
  readonly target: number;
  readonly percent: string;
  /** The same, counted in the accounts themselves. */
  readonly activated_rows: number;
  readonly rows_of_people: number;
  readonly url: string;
};

async function countedRate({ db, clock, config }: Register, hanoi: HanoiRegister): Promise<Answer> {
  const { whole } = await activationRates(db, { now: clock(), asOfDay: HANOI_2023.asOfOn });
  const rate: Figure = whole.activation_of_target;
  const activatedRows = await countAccounts(db, endOfVietNamDay(HANOI_2023.asOfOn));
  const people = await countAccounts(db);
  if (rate.kind !== 'shown' || rate.numerator !== activatedRows || activatedRows !== hanoi.activated)
    throw new CommandFailed('The counters and the rows do not say the same: run npx dinhdanh stats check.');
  return {
    activated: rate.numerator,
    target: rate.denominator,
    percent: percentText(rate, 'vi'),
    activated_rows: activatedRows,
    rows_of_people: people,
    url: `${config.issuer}/statistics?as_of=${HANOI_2023.asOfOn}`,
  };
}

function describe(answer: Answer, file: string): string {
  const [activated, target] = [integerText(answer.activated, 'vi'), integerText(answer.target, 'vi')];
  return [
    `${integerText(answer.rows_of_people, 'vi')} people are in ${file}, with their histories from 2022 to 28/6/2023.`,
    `As of 28/6/2023: ${answer.percent} = ${activated} / ${target}, from the counters; the accounts, counted one by one, say ${integerText(answer.activated_rows, 'vi')}.`,
    'Also loaded: the target, the campaigns, and the published figures of 8/5/2023 (33,7% of the accounts taken in) and 1/7/2023 (74,7%,',
    'basis not told). Each divides by something else, so they stand beside this rate and make no series with it.',
    '',
    'Look at it:',
    `  DATABASE_URL=sqlite:${file} npm start`,
    `  ${answer.url}`,
  ].join('\n');
}
