import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivationMeasure } from '../../src/accounts/activation-counters.ts';
import {
  type ActivationEvent,
  checkCounters,
  recordActivationEvents,
} from '../../src/accounts/activation-event-store.ts';
import { endOfVietNamDay, startOfVietNamDay, vietNamDay } from '../../src/domain/viet-nam-time.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { activationRates, momentOf } from '../../src/statistics/figures/activation-rates.ts';
import { activationTrend } from '../../src/statistics/figures/activation-trend.ts';
import { figuresOn, freezeSnapshot, freezeYesterday } from '../../src/statistics/figures/freeze-snapshot.ts';
import { listSnapshotFigures, listSnapshots } from '../../src/statistics/stores/snapshot-store.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, type StatisticsDb } from './statistics-db.ts';

const DAYS = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02', '2026-02-28', '2026-03-01'] as const;
const LAST = new Date('2026-03-05T03:00:00Z');
const TABLES = [
  'statistics_snapshot_figures',
  'statistics_snapshots',
  'activation_events',
  'activation_counters',
  'activation_counter_versions',
  'activation_month_counters',
  'activation_whole_counters',
  'activation_counter_deltas',
  'activation_wait_counters',
];

/** A fact of one day that the system learned on the same day or a later one: by nightly file, by a correction weeks after. */
const fact = fc
  .record({
    kind: fc.constantFrom<ActivationMeasure>('notified', 'activated', 'person_activated', 'applied'),
    unitCode: fc.constantFrom('00004', '00070', '001', undefined),
    level: fc.constantFrom(1 as const, 2 as const),
    occurred: fc.nat(DAYS.length - 1),
    late: fc.nat(3),
    edge: fc.boolean(),
    quantity: fc.constantFrom(1 as const, 1 as const, 1 as const, -1 as const),
  })
  .map(({ kind, unitCode, level, occurred, late, edge, quantity }): ActivationEvent => {
    const day = DAYS[occurred] ?? DAYS[0];
    const learned = DAYS[Math.min(occurred + late, DAYS.length - 1)] ?? DAYS[0];
    return {
      kind,
      accountId: 'a',
      accountLevel: level,
      quantity,
      occurredAt: edge ? startOfVietNamDay(day) : new Date(endOfVietNamDay(day).getTime() - 1),
      recordedAt: endOfVietNamDay(learned),
      ...(unitCode === undefined ? {} : { unitCode }),
    };
  });

/** The truth: facts up to a day, learned up to a day. */
function sumOf(events: readonly ActivationEvent[], kind: ActivationMeasure, asOf: string, knownOn: string): number {
  return events
    .filter((one) => one.kind === kind && vietNamDay(one.occurredAt) <= asOf && vietNamDay(one.recordedAt) <= knownOn)
    .reduce((sum, { quantity = 1 }) => sum + quantity, 0);
}

describe.each([
  { store: 'SQLite', url: () => undefined, isMissing: false },
  { store: 'PostgreSQL', url: postgresUrl, isMissing: postgresUrl() === undefined },
])('what was known when, on $store', ({ url, isMissing }) => {
  let opened: StatisticsDb;
  let db: Db;
  beforeAll(async () => {
    if (isMissing) return;
    opened = await openStatisticsDb(url());
    ({ db } = opened);
  });
  afterAll(async () => {
    if (!isMissing) await opened.close();
  });

  it.skipIf(isMissing)(
    'is told by the counters for any two days, and a snapshot of them never differs from a later count',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fact, { minLength: 5, maxLength: 40 }), async (facts) => {
          for (const table of TABLES) await db(table).delete();
          const inOrder = facts.toSorted((a, b) => a.recordedAt.getTime() - b.recordedAt.getTime());
          const byDay = Map.groupBy(inOrder, ({ recordedAt }) => vietNamDay(recordedAt));
          for (const [learned, events] of byDay) {
            await inTransaction(db, (tx) => recordActivationEvents(tx, events));
            const clock = () => new Date(endOfVietNamDay(learned).getTime() + 600_000);
            for (const asOfOn of DAYS.filter((day) => day <= learned))
              await freezeSnapshot({ db, clock }, { asOfOn, knownOn: learned, actor: { kind: 'system' } });
          }
          expect(await checkCounters(db, { repair: false })).toEqual([]);
          for (const asOfDay of DAYS)
            for (const knownOnDay of DAYS.filter((day) => day >= asOfDay)) {
              const { whole } = await activationRates(db, { now: LAST, asOfDay, knownOnDay });
              expect(whole.activation_of_granted).toEqual({
                kind: 'shown',
                numerator: sumOf(inOrder, 'activated', asOfDay, knownOnDay),
                denominator: sumOf(inOrder, 'notified', asOfDay, knownOnDay),
              });
              const trend = await activationTrend(db, { now: LAST, asOfDay, knownOnDay });
              expect(trend.at(-1)?.figure).toEqual(whole.activation_of_granted);
            }
          for (const { id, asOfOn, knownOn } of await listSnapshots(db, 100)) {
            const { figures } = await figuresOn(db, { now: LAST, asOfOn, knownOn });
            const sorted = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).toSorted();
            expect(sorted(await listSnapshotFigures(db, id))).toEqual(sorted(figures));
          }
        }),
        { numRuns: 12, interruptAfterTimeLimit: 60_000 },
      );
    },
    120_000,
  );

  it.skipIf(isMissing)('is frozen every night, once', async () => {
    for (const table of TABLES) await db(table).delete();
    const clock = () => new Date('2026-03-04T17:10:00Z');
    expect(await freezeYesterday({ db, clock })).toMatchObject({
      kind: 'frozen',
      snapshot: { asOfOn: '2026-03-04', knownOn: '2026-03-04', geography: 'hanoi_units_2025' },
    });
    expect(await freezeYesterday({ db, clock })).toMatchObject({ kind: 'was_frozen' });
    expect(await listSnapshots(db, 10)).toHaveLength(1);
  });
});

describe('a day of knowledge', () => {
  it('is over, well over, and not before the day itself', () => {
    const now = new Date('2026-03-04T17:03:00Z');
    expect(() => momentOf({ now, asOfDay: '2026-03-02', knownOnDay: '2026-03-01' })).toThrow(RangeError);
    expect(() => momentOf({ now, asOfDay: '2026-03-02', knownOnDay: '2026-03-04' })).toThrow(/well over/);
    expect(momentOf({ now, asOfDay: '2026-03-02', knownOnDay: '2026-03-03' })).toMatchObject({ knownOn: '2026-03-03' });
  });

  it('is for the full view: two of them, subtracted, would give small corrections away', async () => {
    const opened = await openStatisticsDb();
    const ask = activationRates(opened.db, { now: LAST, knownOnDay: '2026-03-01', viewer: { kind: 'public' } });
    await expect(ask).rejects.toThrow(TypeError);
    await opened.close();
  });
});
