/** What the page of rates costs, against counting the events themselves: 126 units × 6 measures × 2 levels over three years of counters, a million events.
 *  Run: `node bench/statistics.ts [events]`. Both answer the same question on the same SQLite file in the same run; the ratio is what counts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCounters, recordActivationEvents } from '../src/accounts/activation-event-store.ts';
import { unitsOf } from '../src/domain/place.ts';
import { addDays, startOfVietNamDay, vietNamDay } from '../src/domain/viet-nam-time.ts';
import { type Db, inTransaction, migrate, openDatabase } from '../src/platform/database.ts';
import { activationRates } from '../src/statistics/figures/activation-rates.ts';
import { activationTrend } from '../src/statistics/figures/activation-trend.ts';
import { lateBacklog } from '../src/statistics/figures/late-backlog.ts';
import { timeToActivate } from '../src/statistics/figures/time-to-activate.ts';

const MEASURES = ['notified', 'activated', 'due', 'on_time', 'person_activated', 'person_first_login'] as const;
const FIRST_DAY = '2023-07-01';
const DAYS = 1095;
const BATCH = 20_000;
const ROUNDS = 15;

const eventCount = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-bench-'));
const db = openDatabase({ kind: 'sqlite', file: join(folder, 'bench.db') });
try {
  await migrate(db);
  const filled = await milliseconds(() => fill(db, eventCount));
  const counters = await rowCount('activation_counters');
  const months = await rowCount('activation_month_counters');
  console.log(`${eventCount} events in ${Math.round(filled)} ms; ${counters} counters of days, ${months} of months`);

  const now = startOfVietNamDay(addDays(FIRST_DAY, DAYS));
  const figures = await median(() => activationRates(db, { now }));
  const publicFigures = await median(() => activationRates(db, { now, viewer: { kind: 'public' } }));
  const trend = await median(() => activationTrend(db, { now }));
  const backlog = await median(() => lateBacklog(db, { now }));
  const waits = await median(() => timeToActivate(db, { now }));
  const grouped = await median(() =>
    db('activation_events')
      .select('unit_code', 'account_level', 'kind')
      .sum({ total: 'quantity' })
      .where('day', '<=', addDays(FIRST_DAY, DAYS))
      .groupBy('unit_code', 'account_level', 'kind'),
  );
  console.table({
    'rates of all units, full view': { ms: round(figures), 'times faster than GROUP BY': round(grouped / figures) },
    'public view (two moments, suppression)': {
      ms: round(publicFigures),
      'times faster than GROUP BY': round(grouped / publicFigures),
    },
    'trend of 30 days': { ms: round(trend), 'times faster than GROUP BY': round(grouped / trend) },
    'late backlog of all units': { ms: round(backlog), 'times faster than GROUP BY': round(grouped / backlog) },
    'time to activate, 13 weeks': { ms: round(waits), 'times faster than GROUP BY': round(grouped / waits) },
    'GROUP BY over the events': { ms: round(grouped), 'times faster than GROUP BY': 1 },
  });
  console.log(`counters that differ from the recount: ${(await checkCounters(db, { repair: false })).length}`);
} finally {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
}

async function fill(db: Db, count: number): Promise<void> {
  const units = unitsOf('hanoi_units_2025').map(({ code }) => code);
  for (let from = 0; from < count; from += BATCH) {
    // Day by day, as life does it; every cell of unit, level and measure gets its share.
    const events = Array.from({ length: Math.min(BATCH, count - from) }, (_, offset) => {
      const index = from + offset;
      const occurredAt = startOfVietNamDay(addDays(FIRST_DAY, Math.floor((index / count) * DAYS)));
      return {
        kind: MEASURES[Math.floor(index / units.length) % MEASURES.length] ?? 'notified',
        accountId: String(index),
        accountLevel: index % 13 < 5 ? (1 as const) : (2 as const),
        unitCode: units[index % units.length] ?? '',
        occurredAt,
        recordedAt: occurredAt,
        // Read of an activation alone.
        notifiedOn: addDays(vietNamDay(occurredAt), -Math.floor(index / 7) % 40),
      };
    });
    await inTransaction(db, (tx) => recordActivationEvents(tx, events));
  }
}

async function rowCount(table: string): Promise<number> {
  const row = (await db(table).count({ count: '*' }).first()) as { count: number | string } | undefined;
  return Number(row?.count ?? 0);
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function median(work: () => PromiseLike<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await milliseconds(async () => work()));
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
