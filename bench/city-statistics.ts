/** What the dashboard asks, on the register that `dinhdanh demo hanoi` made, against the same questions put to the accounts themselves. That register has no attempts and no
 *  relying parties: the funnel and adoption are asked of a database of their own (`city-uses.ts`). Run: node bench/city-statistics.ts data/hanoi.db [day] */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { addDays, endOfVietNamDay, startOfVietNamDay } from '../src/domain/viet-nam-time.ts';
import { type Db, openDatabase } from '../src/platform/database.ts';
import { activationFunnel } from '../src/statistics/figures/activation-funnel.ts';
import { activationRates } from '../src/statistics/figures/activation-rates.ts';
import { activationTrend } from '../src/statistics/figures/activation-trend.ts';
import { channelShares } from '../src/statistics/figures/channel-shares.ts';
import { lateBacklog } from '../src/statistics/figures/late-backlog.ts';
import { rpAdoption } from '../src/statistics/figures/rp-adoption.ts';
import { statisticsReader } from '../src/statistics/figures/statistics-reader.ts';
import { timeToActivate } from '../src/statistics/figures/time-to-activate.ts';
import { fillUses, SERVICES } from './city-uses.ts';
import { median } from './result.ts';

type Moment = { readonly now: Date; readonly asOfDay: string };
type Question = {
  readonly of: string;
  readonly ask: (db: Db, at: Moment) => Promise<unknown>;
  readonly groupBy: string;
};

const [name = 'data/hanoi.db', asOfDay = '2023-06-28'] = process.argv.slice(2);
const file = resolve(name);
const now = new Date();
const end = endOfVietNamDay(asOfDay).getTime();
/** Each in a process's new memory. */
const TIMES = 3;
const ROUNDS = 15;

/** Each question as the page asks it, and the least that answers it without counters. */
const QUESTIONS: readonly Question[] = [
  {
    of: 'rates of all units, full view',
    ask: activationRates,
    groupBy: `select unit_code, account_level, count(notified_at), count(first_activated_at), sum(first_activated_at <= first_due_at)
      from level_grants where granted_at <= ${end} group by unit_code, account_level`,
  },
  {
    of: 'rates, public view (two moments)',
    ask: (db, at) => activationRates(db, { ...at, viewer: { kind: 'public' } }),
    groupBy: `select residence_unit_code, gender, substr(birth_on, 1, 4), count(*) from accounts join persons on persons.id = person_id
      where first_activated_at <= ${end} group by 1, 2, 3`,
  },
  {
    of: 'trend of 30 days',
    ask: activationTrend,
    groupBy: `select (first_activated_at + 25200000) / 86400000, account_level, count(*) from level_grants
      where first_activated_at > ${startOfVietNamDay(asOfDay).getTime() - 30 * 86_400_000} group by 1, 2`,
  },
  {
    of: 'trend of a year',
    ask: (db, at) => activationTrend(db, { ...at, range: 'year' }),
    groupBy: `select (first_activated_at + 25200000) / 86400000, account_level, count(*) from level_grants
      where first_activated_at > ${startOfVietNamDay(asOfDay).getTime() - 365 * 86_400_000} group by 1, 2`,
  },
  {
    of: 'channels',
    ask: channelShares,
    groupBy: `select unit_code, channel, account_level, count(*) from level_grants where first_activated_at <= ${end} group by 1, 2, 3`,
  },
  {
    of: 'late backlog by age',
    ask: lateBacklog,
    groupBy: `select unit_code, account_level, (${end} - notified_at) / 86400000 > 30, count(*) from level_grants
      where first_due_at <= ${end} and (first_activated_at is null or first_activated_at > ${end}) group by 1, 2, 3`,
  },
  {
    of: 'time to activate, 13 weeks',
    ask: timeToActivate,
    groupBy: `select notified_at / 604800000, (first_activated_at - notified_at) / 86400000, count(*) from level_grants
      where notified_at > ${end - 13 * 7 * 86_400_000} group by 1, 2`,
  },
];

const OF_USES: readonly Question[] = [
  {
    of: 'funnel of 30 days',
    ask: (db, at) => activationFunnel(db, { ...at, fromOn: addDays(at.asOfDay, -29), toOn: at.asOfDay }),
    groupBy: `select step, outcome, silence, has_password, needs_guardian, account_id is null, count(*) from activation_attempts
      where created_at > ${end - 30 * 86_400_000} and created_at <= ${end} group by 1, 2, 3, 4, 5, 6`,
  },
  {
    of: 'adoption by relying party and month',
    ask: (db, at) =>
      rpAdoption({ db, listClients: () => Promise.resolve(SERVICES) }, { ...at, viewer: { kind: 'full' } }),
    groupBy: `select client_id, substr(first_day, 1, 7), count(*), sum(sign_ins) from (select client_id, account_id, min(used_on) as first_day, sum(sign_ins) as sign_ins
      from rp_subject_days where used_on <= '${asOfDay}' group by client_id, account_id) group by 1, 2`,
  },
];

const rows: Record<string, Record<string, number>> = {};
const raw = new Database(file, { readonly: true });
const accounts = raw.prepare('select count(*) from accounts').pluck().get() as number;
for (const question of QUESTIONS) rows[question.of] = await compare(file, raw, question);
raw.close();
const page = await wholePage();
const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-uses-'));
try {
  const uses = await fillUses(join(folder, 'uses.db'), asOfDay);
  const rawUses = new Database(uses.file, { readonly: true });
  for (const question of OF_USES) rows[question.of] = await compare(uses.file, rawUses, question);
  rawUses.close();
  console.log(
    `${accounts} accounts, as of ${asOfDay}; ${uses.attempts} attempts and ${uses.signIns} sign-ins of a year`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(rows);
console.log(
  `All data of the dashboard, warm: ${page.full} ms of a core with the full view, ${page.public} ms for the public`,
);

/** What the page reads, each part once; relying parties are those of the register. */
async function wholePage(): Promise<Record<'full' | 'public', number>> {
  const db = openDatabase({ kind: 'sqlite', file });
  const read = async (kind: 'full' | 'public'): Promise<void> => {
    const { query: _, ...parts } = statisticsReader(
      { db, listClients: () => Promise.resolve([]) },
      { now, asOfDay, viewer: { kind }, range: '30d', dueOn: `${asOfDay.slice(0, 4)}-12-31` },
    );
    for (const part of Object.values(parts)) await part();
  };
  // Processor time of this thread: parts are read one after the other, and others may use the machine.
  const middle = async (kind: 'full' | 'public'): Promise<number> => {
    const took: number[] = [];
    for (let turn = 0; turn <= ROUNDS; turn += 1) {
      const before = process.threadCpuUsage();
      await read(kind);
      const { user, system } = process.threadCpuUsage(before);
      if (turn > 0) took.push((user + system) / 1000);
    }
    return round(median(took));
  };
  const took = { full: await middle('full'), public: await middle('public') };
  await db.destroy();
  return took;
}

/** Cold: nothing kept in the process, and the file in the system's cache for both. Another day: after one was asked for. */
async function compare(
  path: string,
  plain: Database.Database,
  { ask, groupBy }: Question,
): Promise<Record<string, number>> {
  const grouped = await each(3, () => Promise.resolve(plain.prepare(groupBy).all()));
  const cold: number[] = [];
  const another: number[] = [];
  const warm: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const db = openDatabase({ kind: 'sqlite', file: path });
    await db.raw('select 1');
    cold.push(await milliseconds(() => ask(db, { now, asOfDay })));
    for (let turn = 0; turn < ROUNDS; turn += 1) warm.push(await milliseconds(() => ask(db, { now, asOfDay })));
    for (let back = 1; back <= ROUNDS; back += 1)
      another.push(await milliseconds(() => ask(db, { now, asOfDay: addDays(asOfDay, -back) })));
    await db.destroy();
  }
  return {
    'cold ms': round(median(cold)),
    'another day ms': round(median(another)),
    'warm ms': round(median(warm)),
    'GROUP BY ms': round(median(grouped)),
    'times faster, cold': Math.round(median(grouped) / median(cold)),
    'another day': Math.round(median(grouped) / median(another)),
    warm: Math.round(median(grouped) / median(warm)),
  };
}

async function each(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) took.push(await milliseconds(work));
  return took;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
