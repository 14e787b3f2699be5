/** What the dashboard asks, on the register that `dinhdanh demo hanoi` made, against the same questions put to the accounts themselves.
 *  Run: node bench/city-statistics.ts data/hanoi.db [day] */
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { endOfVietNamDay, startOfVietNamDay } from '../src/domain/viet-nam-time.ts';
import { type Db, openDatabase } from '../src/platform/database.ts';
import { activationRates } from '../src/statistics/activation-rates.ts';
import { activationTrend } from '../src/statistics/activation-trend.ts';
import { channelShares } from '../src/statistics/channel-shares.ts';
import { lateBacklog } from '../src/statistics/late-backlog.ts';
import { timeToActivate } from '../src/statistics/time-to-activate.ts';

const [name = 'data/hanoi.db', asOfDay = '2023-06-28'] = process.argv.slice(2);
const file = resolve(name);
const now = new Date();
const end = endOfVietNamDay(asOfDay).getTime();
const ROUNDS = 15;

/** Each question as the page asks it, and the least that answers it without counters. */
const QUESTIONS: readonly {
  readonly of: string;
  readonly ask: (db: Db) => Promise<unknown>;
  readonly groupBy: string;
}[] = [
  {
    of: 'rates of all units, full view',
    ask: (db) => activationRates(db, { now, asOfDay }),
    groupBy: `select unit_code, account_level, count(notified_at), count(first_activated_at), sum(first_activated_at <= first_due_at)
      from level_grants where granted_at <= ${end} group by unit_code, account_level`,
  },
  {
    of: 'rates, public view (two moments)',
    ask: (db) => activationRates(db, { now, asOfDay, viewer: { kind: 'public' } }),
    groupBy: `select residence_unit_code, gender, substr(birth_on, 1, 4), count(*) from accounts join persons on persons.id = person_id
      where first_activated_at <= ${end} group by 1, 2, 3`,
  },
  {
    of: 'trend of 30 days',
    ask: (db) => activationTrend(db, { now, asOfDay }),
    groupBy: `select (first_activated_at + 25200000) / 86400000, account_level, count(*) from level_grants
      where first_activated_at > ${startOfVietNamDay(asOfDay).getTime() - 30 * 86_400_000} group by 1, 2`,
  },
  {
    of: 'channels',
    ask: (db) => channelShares(db, { now, asOfDay }),
    groupBy: `select unit_code, channel, account_level, count(*) from level_grants where first_activated_at <= ${end} group by 1, 2, 3`,
  },
  {
    of: 'late backlog by age',
    ask: (db) => lateBacklog(db, { now, asOfDay }),
    groupBy: `select unit_code, account_level, (${end} - notified_at) / 86400000 > 30, count(*) from level_grants
      where first_due_at <= ${end} and (first_activated_at is null or first_activated_at > ${end}) group by 1, 2, 3`,
  },
  {
    of: 'time to activate, 13 weeks',
    ask: (db) => timeToActivate(db, { now, asOfDay }),
    groupBy: `select notified_at / 604800000, (first_activated_at - notified_at) / 86400000, count(*) from level_grants
      where notified_at > ${end - 13 * 7 * 86_400_000} group by 1, 2`,
  },
];

const raw = new Database(file, { readonly: true });
const accounts = raw.prepare('select count(*) from accounts').pluck().get() as number;
const rows: Record<string, Record<string, number>> = {};
for (const { of, ask, groupBy } of QUESTIONS) {
  // Cold: nothing kept in the process. The file lies in the system's cache for both.
  const db = openDatabase({ kind: 'sqlite', file });
  await db.raw('select 1');
  const cold = await milliseconds(() => ask(db));
  const warm: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) warm.push(await milliseconds(() => ask(db)));
  await db.destroy();
  raw.prepare(groupBy).all();
  const grouped = await milliseconds(() => Promise.resolve(raw.prepare(groupBy).all()));
  const median = warm.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  rows[of] = {
    'cold ms': round(cold),
    'warm ms': round(median),
    'least warm ms': round(Math.min(...warm)),
    'GROUP BY ms': round(grouped),
    'times faster, cold': Math.round(grouped / cold),
    'times faster, warm': Math.round(grouped / median),
  };
}
raw.close();
console.log(`${accounts} accounts, as of ${asOfDay}`);
console.table(rows);

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
