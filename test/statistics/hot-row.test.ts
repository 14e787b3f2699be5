import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActivationEvent,
  checkCounters,
  foldCounters,
  recordActivationEvents,
} from '../../src/accounts/activation-event-store.ts';
import { vietNamDay } from '../../src/domain/viet-nam-time.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { activationRates } from '../../src/statistics/figures/activation-rates.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, type StatisticsDb } from './statistics-db.ts';

const AT = new Date('2026-03-10T03:00:00Z');
const NOW = new Date('2026-03-16T03:00:00Z');
const TABLES = [
  'activation_events',
  'activation_counters',
  'activation_counter_versions',
  'activation_month_counters',
  'activation_whole_counters',
  'activation_counter_deltas',
  'activation_wait_counters',
];

/** What an activation writes to one and the same unit. */
function activation(unitCode = '00004', at = AT): ActivationEvent[] {
  const base = { accountId: 'a', accountLevel: 2, unitCode, channel: 'self', occurredAt: at, recordedAt: at } as const;
  return [
    { ...base, kind: 'notified' },
    { ...base, kind: 'activated', notifiedOn: vietNamDay(at) },
    { ...base, kind: 'person_activated' },
  ];
}

async function activated(db: Db): Promise<number> {
  const { whole } = await activationRates(db, { now: NOW });
  return whole.activation_of_granted.kind === 'suppressed' ? -1 : whole.activation_of_granted.numerator;
}

describe.skipIf(postgresUrl() === undefined)('activations in one unit at once, on PostgreSQL', () => {
  let opened: StatisticsDb;
  let db: Db;
  beforeAll(async () => {
    opened = await openStatisticsDb(postgresUrl());
    ({ db } = opened);
  });
  beforeEach(async () => {
    for (const table of TABLES) await db(table).delete();
  });
  afterAll(() => opened.close());

  it('do not wait for each other: one commits while another, of the same unit, is still open', async () => {
    await db.transaction(async (open) => {
      await recordActivationEvents(open, activation());
      await db.transaction(async (other) => {
        await other.raw(`set local lock_timeout = '2s'`);
        await recordActivationEvents(other, activation());
      });
      // Nor does folding wait for one that is open, or take what may yet be rolled back.
      // Its three events, its notice and its wait; what the notice makes late on three later days, and how the activation takes that back.
      expect(await foldCounters(db)).toBe(11);
      expect(await activated(db)).toBe(1);
    });
    expect(await activated(db)).toBe(2);
  });

  it('are read exactly, a thousand of them, while they come and while they are folded', async () => {
    const count = { begun: 0, acknowledged: 0 };
    const activate = async (): Promise<void> => {
      count.begun += 1;
      await inTransaction(db, (tx) => recordActivationEvents(tx, activation()));
      count.acknowledged += 1;
    };
    const watch = async (): Promise<void> => {
      while (count.acknowledged < 1000) {
        const before = count.acknowledged;
        const seen = await activated(db);
        expect(seen).toBeGreaterThanOrEqual(before);
        expect(seen).toBeLessThanOrEqual(count.begun);
        await foldCounters(db, 100);
      }
    };
    await Promise.all([...Array.from({ length: 1000 }, activate), watch(), watch()]);
    expect(await activated(db)).toBe(1000);
    while ((await foldCounters(db)) > 0);
    expect(await activated(db)).toBe(1000);
    expect(await db('activation_counter_deltas')).toEqual([]);
    expect(await checkCounters(db, { repair: false })).toEqual([]);
  }, 60_000);

  it('count the same whether they are folded or not, in whatever order, months past too', async () => {
    const step = fc.oneof(
      fc.record({
        unit: fc.constantFrom('00004', '00070'),
        at: fc.constantFrom(AT, new Date('2026-01-31T16:59:59.999Z'), new Date('2026-01-31T17:00:00Z')),
        isRolledBack: fc.boolean(),
      }),
      fc.constantFrom('fold' as const, 'batch' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        for (const table of TABLES) await db(table).delete();
        let expected = 0;
        for (const one of steps) {
          if (one === 'fold') await foldCounters(db, 4);
          else if (one === 'batch') {
            await inTransaction(db, (tx) =>
              recordActivationEvents(tx, Array.from({ length: 50 }, () => activation()).flat()),
            );
            expected += 50;
          } else {
            const write = db.transaction(async (tx) => {
              await recordActivationEvents(tx, activation(one.unit, one.at));
              if (one.isRolledBack) throw new Error('rolled back');
            });
            await write.catch(() => undefined);
            if (!one.isRolledBack) expected += 1;
          }
          expect(await activated(db)).toBe(expected);
        }
        expect(await checkCounters(db, { repair: false })).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});
