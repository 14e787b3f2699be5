import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters, foldCounters } from '../../src/accounts/activation-event-store.ts';
import { checkResidentCounters } from '../../src/accounts/count-residents.ts';
import { markLateGrants, reopenGrant } from '../../src/accounts/grant-level.ts';
import { listResidentTotals } from '../../src/accounts/resident-counter-store.ts';
import { addDays, endOfVietNamDay, startOfVietNamDay } from '../../src/domain/viet-nam-time.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { lateBacklog } from '../../src/statistics/figures/late-backlog.ts';
import { timeToActivate } from '../../src/statistics/figures/time-to-activate.ts';
import { openTestRegister, row, type TestRegister } from './support.ts';

const NOTICE = '2025-03-01';
const NOTIFIED = { notified_at: `${NOTICE}T10:00:00+07:00` };

let register: TestRegister;
beforeEach(async () => {
  register = await openTestRegister();
});
afterEach(() => register.close());

describe('an import that goes on over midnight', () => {
  it('learns each batch on the day on which it comes in', async () => {
    register.setNow('2025-03-01T23:59:59.999+07:00');
    const lines = [1, 2].map((who) =>
      row({ ...NOTIFIED, citizen_id: `99909000000${who}`, phone: `091200000${who}`, unit_code: `00${who}` }),
    );
    const onProgress = () => register.setNow('2025-03-02T00:00:00.000+07:00');
    expect(await register.importLines(lines, { rowsPerBatch: 1, onProgress })).toMatchObject({ added: 2 });
    await foldCounters(register.db);
    const learned = await register
      .db('activation_counters')
      .select('unit_code', 'recorded_on')
      .where({ measure: 'notified' })
      .orderBy('unit_code');
    expect(learned).toEqual([
      { unit_code: '001', recorded_on: '' },
      { unit_code: '002', recorded_on: '2025-03-02' },
    ]);
    const known = (knownOnDay: string) =>
      timeToActivate(register.db, { now: new Date('2025-04-01T03:00:00Z'), asOfDay: NOTICE, knownOnDay });
    expect((await known(NOTICE)).whole).toMatchObject({ notified: 1 });
    expect((await known('2025-03-02')).whole).toMatchObject({ notified: 2 });
    expect(await checkCounters(register.db, { repair: false })).toEqual([]);
  });
});

describe('a file that tells where somebody lives of whom it was not known', () => {
  it('counts her there since the unit granted her a level, as known from then on', async () => {
    const activated = { ...NOTIFIED, activated_at: '2025-03-02T10:00:00+07:00', channel: 'self' };
    await register.importLines([row({ ...activated, account_level: '1' })]);
    // As an older edition left her.
    await register.db('persons').update({ residence_unit_code: null });
    await checkResidentCounters(register.db, { repair: true });
    const units = async (knownOn: string): Promise<Record<string, number>> => {
      const sums: Record<string, number> = {};
      for (const { unitCode, activated: count } of await listResidentTotals(register.db, {
        day: '2025-03-31',
        knownOn,
      }))
        sums[unitCode] = (sums[unitCode] ?? 0) + count;
      return sums;
    };
    expect(await units('2025-10-01')).toMatchObject({ '': 1 });
    register.setNow('2025-10-05T09:00:00+07:00');
    const file = [row({ ...activated, account_level: '1' }), row({ ...activated })];
    expect(await register.importLines(file)).toMatchObject({ updated: 1, added: 1 });
    expect(await units('2025-10-04')).toMatchObject({ '': 1 });
    expect(await units('2025-10-05')).toEqual({ '': 0, '001': 1 });
    expect(await checkResidentCounters(register.db, { repair: false })).toEqual([]);
    expect(await register.importLines(file)).toMatchObject({ unchanged: 2 });
  });
});

describe('a file that tells of an activation whose window had been opened again', () => {
  /** Windows opened on the 10th and the 30th day after the notice; the file comes on the 60th. */
  const REOPENED = [10, 30];
  const LEARNED = 60;

  async function lateOn(age: number, knownAge = LEARNED): Promise<number | null> {
    const query = { asOfDay: addDays(NOTICE, age), knownOnDay: addDays(NOTICE, Math.max(age, knownAge)) };
    const { counts } = await lateBacklog(register.db, { ...query, now: new Date('2026-01-01T03:00:00Z') });
    return counts.all;
  }

  it.each([
    { activated: 5, lateDays: [] },
    { activated: 9, lateDays: [8] },
    { activated: 12, lateDays: [8, 9] },
    { activated: 25, lateDays: [8, 9, 18, 24] },
    { activated: 33, lateDays: [8, 9, 18, 24, 29] },
    { activated: 50, lateDays: [8, 9, 18, 24, 29, 38, 49] },
  ])('$activated days after the notice leaves it late on the days before alone', async ({ activated, lateDays }) => {
    register.setNow(`${NOTICE}T12:00:00+07:00`);
    await register.importLines([row(NOTIFIED)]);
    const { id: grantId } = (await register.db('level_grants').first()) as { id: string };
    for (const age of REOPENED) {
      const now = endOfVietNamDay(addDays(NOTICE, age));
      await markLateGrants(register.db, now);
      const actor = { kind: 'operator', id: 'test' } as const;
      const isReopened = inTransaction(register.db, (tx) => reopenGrant(tx, { grantId, reason: 'test', actor, now }));
      expect(await isReopened).toBe(true);
    }
    const at = new Date(startOfVietNamDay(addDays(NOTICE, activated)).getTime() + 43_200_000).toISOString();
    register.setNow(`${addDays(NOTICE, LEARNED)}T12:00:00+07:00`);
    const told = row({ ...NOTIFIED, activated_at: at, channel: 'hotline' });
    expect(await register.importLines([told])).toMatchObject({ updated: 1 });

    const days = [7, 8, 9, 10, 17, 18, 24, 29, 30, 37, 38, 49, 59, 60, 91, 120];
    const late: number[] = [];
    for (const age of days) if ((await lateOn(age)) === 1) late.push(age);
    expect(late).toEqual(lateDays);
    // What was known before the file came: late but for its windows.
    const before: number[] = [];
    for (const age of days.filter((one) => one < LEARNED)) if ((await lateOn(age, LEARNED - 1)) === 1) before.push(age);
    expect(before).toEqual([8, 9, 18, 24, 29, 38, 49, 59]);
    expect(await checkCounters(register.db, { repair: false })).toEqual([]);
    expect(await register.importLines([told])).toMatchObject({ unchanged: 1 });
  });
});
