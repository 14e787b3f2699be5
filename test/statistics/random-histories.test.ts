import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCounters, foldCounters } from '../../src/accounts/activation-event-store.ts';
import { checkResidentCounters } from '../../src/accounts/count-residents.ts';
import { grantLevel } from '../../src/accounts/grant-level.ts';
import { listGrants } from '../../src/accounts/level-grant-store.ts';
import { addDays, startOfVietNamDay, vietNamDay } from '../../src/domain/viet-nam-time.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import {
  type ActivationRates,
  activationRates,
  PUBLISHED_RATES,
} from '../../src/statistics/figures/activation-rates.ts';
import { activationTrend } from '../../src/statistics/figures/activation-trend.ts';
import { givePerson } from '../support/people.ts';
import { postgresUrl } from '../support/services.ts';
import { ACTOR, BORN, happening, live, OF_EVERYTHING, ratesAsOf, START, type World } from './random-history.ts';
import { backlogTwice, waitsTwice } from './recount-waits.ts';
import { openStatisticsDb, peopleApp, type StatisticsDb } from './statistics-db.ts';

type Sums = Record<string, { numerator: number; denominator: number }>;

function sumOfRows({ units }: ActivationRates): Sums {
  const sums: Sums = {};
  for (const { figures } of units.rows) {
    for (const id of PUBLISHED_RATES) {
      const figure = figures[id];
      if (figure.kind === 'suppressed') continue;
      const { numerator, denominator } = sums[id] ?? { numerator: 0, denominator: 0 };
      sums[id] = {
        numerator: numerator + figure.numerator,
        denominator: denominator + (figure.kind === 'shown' ? figure.denominator : 0),
      };
    }
  }
  return sums;
}

/** The same numbers from the grants themselves, as they stand now: not a recount of events, but of the facts. */
async function countGrants(
  world: World,
): Promise<{ notified: number; activated: number; due: number; onTime: number }> {
  const today = startOfVietNamDay(vietNamDay(world.now())).getTime();
  const grants = (await Promise.all(world.people.map(({ accountId }) => listGrants(world.app.db, accountId)))).flat();
  const due = grants.filter(({ firstDueAt }) => firstDueAt !== undefined && firstDueAt.getTime() < today);
  return {
    notified: grants.filter(({ notifiedAt }) => notifiedAt !== undefined).length,
    activated: grants.filter(({ firstActivatedAt }) => firstActivatedAt !== undefined).length,
    due: due.length,
    onTime: due.filter(
      ({ firstActivatedAt, firstDueAt }) =>
        firstActivatedAt !== undefined && firstDueAt !== undefined && firstActivatedAt <= firstDueAt,
    ).length,
  };
}

/** The rows add up to the whole, and no rate says more than there was, as of days around every edge. */
async function checkSums({ app, now }: World, lastDay: string): Promise<void> {
  for (const asOfDay of [START, '2025-06-30', '2025-07-01', addDays(lastDay, -1), lastDay]) {
    if (asOfDay > vietNamDay(now())) continue;
    for (const accountLevel of [undefined, 1, 2] as const) {
      const asOf = await activationRates(app.db, { now: now(), asOfDay, accountLevel });
      const sums = sumOfRows(asOf);
      for (const id of PUBLISHED_RATES) {
        const figure = asOf.whole[id];
        if (figure.kind === 'no_basis') expect(sums[id]?.numerator ?? 0).toBe(figure.numerator);
        if (figure.kind === 'shown') {
          expect(sums[id]).toEqual({ numerator: figure.numerator, denominator: figure.denominator });
          expect(figure.numerator).toBeLessThanOrEqual(figure.denominator);
        }
      }
      for (const { figures } of asOf.units.rows)
        for (const id of ['activation_of_granted', 'on_time'] as const) {
          const figure = figures[id];
          if (figure.kind === 'shown') expect(figure.numerator).toBeLessThanOrEqual(figure.denominator);
        }
    }
  }
}

const NO_MISHAPS = { moved: 0, died: 0, again: 0, corrected: 0 };

/** How many moved, died, activated for the second time, and were told otherwise than before. */
async function countMishaps(db: Db): Promise<typeof NO_MISHAPS> {
  const facts = (await db('resident_facts').select('kind')) as { kind: string }[];
  const events = (await db('activation_events').select('kind', 'quantity')) as { kind: string; quantity: number }[];
  return {
    moved: facts.filter(({ kind }) => kind === 'moved').length,
    died: facts.filter(({ kind }) => kind === 'died').length,
    again: events.filter(({ kind }) => kind === 'reactivated').length,
    corrected: events.filter(({ quantity }) => quantity === -1).length,
  };
}

/** What was answered on the way is answered again, and what is late and how long it took is what every grant by itself says.
 *  @returns how many were late on the days looked at. */
async function checkLatenessAndWaits({ app, answers, setNow, now }: World, lastDay: string): Promise<number> {
  for (const { asOf, backlog, waits, ...told } of answers) {
    expect(await ratesAsOf(app.db, { ...asOf, now: now() })).toEqual(told);
    expect((await backlogTwice(app.db, { ...asOf, now: now() })).read).toEqual(backlog);
    expect((await waitsTwice(app.db, { ...asOf, now: now() })).read).toEqual(waits);
  }
  const end = now();
  setNow(startOfVietNamDay(addDays(lastDay, 40)));
  let late = 0;
  for (const days of [2, 9, 20, 38]) {
    const asOf = { now: now(), asOfDay: addDays(lastDay, days), knownOnDay: addDays(lastDay, 38) };
    const backlog = await backlogTwice(app.db, asOf);
    expect(backlog.read).toEqual(backlog.counted);
    late += backlog.counted.counts.all;
    for (const narrow of [{}, { unitCode: '00004' }, { accountLevel: 2 as const }]) {
      const waits = await waitsTwice(app.db, { ...asOf, ...narrow });
      expect(waits.read).toEqual(waits.counted);
    }
  }
  setNow(end);
  return late;
}

describe.each([
  { store: 'SQLite', url: () => undefined, runs: 40, isMissing: false },
  { store: 'PostgreSQL', url: postgresUrl, runs: 20, isMissing: postgresUrl() === undefined },
])('after any history, on $store', ({ url, runs, isMissing }) => {
  let opened: StatisticsDb;
  beforeAll(async () => {
    if (!isMissing) opened = await openStatisticsDb(url());
  });
  afterAll(async () => {
    if (!isMissing) await opened.close();
  });

  it.skipIf(isMissing)(
    'the counters are the recount, the rows add up to the whole, and no rate says more than there was',
    async () => {
      const { app, setNow, now, clear } = peopleApp(opened.db);
      const seen = { activated: 0, onTime: 0, late: 0, answers: 0, backlog: 0, ...NO_MISHAPS };
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 30, maxLength: 90, size: 'max' }), async (history) => {
          await clear();
          setNow(startOfVietNamDay(START));
          await app.db('resident_progress').update({ counted_on: addDays(START, -1) });
          const people = await Promise.all(BORN.map((birthOn) => givePerson(app, { birthOn })));
          const world: World = { app, people, answers: [], setNow, now };
          const lastDay = await live(world, history);

          const rates = await activationRates(app.db, { now: now() });
          expect(await checkCounters(app.db, { repair: false })).toEqual([]);
          expect(await checkResidentCounters(app.db, { repair: false })).toEqual([]);
          const facts = await countGrants(world);
          seen.answers += world.answers.length;
          seen.activated += facts.activated;
          seen.onTime += facts.onTime;
          seen.late += facts.due - facts.onTime;
          expect(rates.whole.activation_of_granted).toMatchObject({
            numerator: facts.activated,
            denominator: facts.notified,
          });
          expect(rates.whole.on_time).toMatchObject({ numerator: facts.onTime, denominator: facts.due });

          await checkSums(world, lastDay);
          seen.backlog += await checkLatenessAndWaits(world, lastDay);
          const mishaps = await countMishaps(app.db);
          for (const one of ['moved', 'died', 'again', 'corrected'] as const) seen[one] += mishaps[one];
          const trend = await activationTrend(app.db, { now: now() });
          expect(trend.at(-1)?.figure).toEqual(rates.whole.activation_of_granted);
        }),
        // On a busy machine fewer of them: what was tried still stands.
        { numRuns: runs, interruptAfterTimeLimit: 60_000, examples: [[[...OF_EVERYTHING]]] },
      );
      expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
    },
    120_000,
  );
});

describe('a counter that was damaged', () => {
  it('is found and repaired, the month with the day', async () => {
    const opened = await openStatisticsDb();
    try {
      const { app, setNow } = peopleApp(opened.db);
      setNow(new Date('2026-03-02T03:00:00Z'));
      const person = await givePerson(app);
      await inTransaction(app.db, (tx) =>
        grantLevel(tx, {
          accountId: person.accountId,
          accountLevel: 2,
          unitCode: '00004',
          grantedAt: app.clock(),
          now: app.clock(),
          actor: ACTOR,
        }),
      );
      await foldCounters(app.db);
      await app.db('activation_counters').update({ total: 5 });
      await app.db('activation_month_counters').delete();
      const found = await checkCounters(app.db, { repair: true });
      expect(found.map(({ day, counted, recounted }) => [day, counted, recounted])).toEqual([
        ['2026-03-02', 5, 1],
        ['2026-03', 0, 1],
      ]);
      expect(await checkCounters(app.db, { repair: false })).toEqual([]);
    } finally {
      await opened.close();
    }
  });
});
