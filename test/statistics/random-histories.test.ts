import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ActivationEvent,
  checkCounters,
  foldCounters,
  recordActivationEvents,
} from '../../src/accounts/activation-event-store.ts';
import { completeActivation } from '../../src/accounts/complete-activation.ts';
import { grantLevel, markLateGrants, notifyGrant, reopenGrant } from '../../src/accounts/grant-level.ts';
import { changeGrant, findGrant, listGrants } from '../../src/accounts/level-grant-store.ts';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import { recordFirstLogin } from '../../src/accounts/record-first-login.ts';
import { activationDueAt, moveGrant } from '../../src/domain/level-grant.ts';
import { addDays, endOfVietNamDay, startOfVietNamDay, vietNamDay } from '../../src/domain/viet-nam-time.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { type ActivationRates, activationRates, PUBLISHED_RATES } from '../../src/statistics/activation-rates.ts';
import { activationTrend } from '../../src/statistics/activation-trend.ts';
import { givePerson, type PeopleApp, type TestPerson } from '../support/people.ts';
import { postgresUrl } from '../support/services.ts';
import { type AsOf, backlogTwice, waitsTwice } from './recount-waits.ts';
import { openStatisticsDb, peopleApp, type StatisticsDb } from './statistics-db.ts';

const UNITS = ['00004', '00070', '001', '99999', undefined];
const ACTOR = { kind: 'operator', id: 'test' } as const;
const START = '2025-06-25';

/** What may happen next, to one of a few people. The due day, midnight and the change of units lie within reach. */
const happening = fc.record({
  who: fc.nat(2),
  what: fc.constantFrom(
    'grant',
    'grant',
    'notify',
    'notify',
    'activate',
    'activate',
    'activate_with_help',
    'sign_in',
    'mark_late',
    'reopen',
    'change_phone',
    'sign_in',
    'lock',
    'unlock',
    'die',
    'late_arrival',
    'fold',
    'ask',
    'ask',
  ),
  level: fc.constantFrom(1 as const, 2 as const),
  unit: fc.constantFrom(...UNITS),
  days: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constantFrom(1, 3, 7, 8, 23, 60) },
  ),
  edge: fc.constantFrom('first_millisecond', 'last_millisecond', 'noon'),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function instantOf(day: string, edge: Happening['edge']): Date {
  if (edge === 'first_millisecond') return startOfVietNamDay(day);
  return edge === 'last_millisecond' ? endOfVietNamDay(day) : new Date(startOfVietNamDay(day).getTime() + 43_200_000);
}

/** An answer of a day that was over, as it was known then. */
type Answer = { asOf: Omit<AsOf, 'now'>; backlog: object; waits: object };
type World = {
  app: PeopleApp;
  people: TestPerson[];
  answers: Answer[];
  setNow: (now: Date) => void;
  now: () => Date;
};

const MOVES: Record<Happening['what'], (world: World, person: TestPerson, one: Happening) => Promise<unknown>> = {
  grant: async ({ app, now }, { accountId }, { level, unit }) => {
    if ((await listGrants(app.db, accountId)).some((grant) => grant.accountLevel === level)) return;
    const unitCode = unit === undefined ? {} : { unitCode: unit };
    await inTransaction(app.db, (tx) =>
      grantLevel(tx, { accountId, accountLevel: level, grantedAt: now(), now: now(), actor: ACTOR, ...unitCode }),
    );
  },
  notify: withGrant(async ({ app, now }, grantId) =>
    inTransaction(app.db, (tx) => notifyGrant(tx, app, { grantId, notifiedAt: now(), now: now() })),
  ),
  activate: withGrant(async ({ app, now }, grantId, { accountId }) =>
    inTransaction(app.db, (tx) =>
      completeActivation(tx, { accountId, grantId, at: now(), channel: 'self', actor: ACTOR }),
    ),
  ),
  activate_with_help: withGrant(async ({ app, now }, grantId, { accountId }) =>
    inTransaction(app.db, (tx) =>
      completeActivation(tx, {
        accountId,
        grantId,
        at: now(),
        channel: 'assist_point',
        unitCode: '00070',
        helperId: 'test',
        actor: ACTOR,
      }),
    ),
  ),
  mark_late: ({ app, now }) => markLateGrants(app.db, now()),
  reopen: withGrant(async ({ app, now }, grantId) =>
    inTransaction(app.db, (tx) => reopenGrant(tx, { grantId, reason: 'test', actor: ACTOR, now: now() })),
  ),
  change_phone: withGrant(async ({ app, now }, grantId) => {
    const grant = await findGrant(app.db, grantId);
    const to = grant && moveGrant(grant.status, 'phone_changed');
    if (grant === undefined || to === undefined) return;
    await changeGrant(
      app.db,
      { id: grantId, from: grant.status },
      { status: to, dueAt: activationDueAt(now()) },
      now(),
    );
  }),
  sign_in: ({ app, now }, { accountId }) => recordFirstLogin(app.db, accountId, now()),
  lock: ({ app, now }, { accountId }) =>
    inTransaction(app.db, (tx) =>
      lockAccount(tx, app, {
        accountId,
        ground: 'holder_request',
        reason: 'test',
        actor: ACTOR,
        requestedBy: 'test',
        now: now(),
      }),
    ),
  unlock: ({ app, now }, { accountId }) =>
    inTransaction(app.db, (tx) =>
      unlockAccount(tx, app, { accountId, ground: 'holder_request', reason: 'test', actor: ACTOR, now: now() }),
    ),
  die: ({ app, now }, { accountId }) =>
    inTransaction(app.db, (tx) =>
      lockAccount(tx, app, {
        accountId,
        ground: 'death',
        reason: 'test',
        actor: ACTOR,
        requestedBy: 'test',
        now: now(),
      }),
    ),
  fold: ({ app }) => foldCounters(app.db, 3),
  ask: async ({ app, now, answers }, _person, { level }) => {
    // Five minutes after midnight it is settled what was known the day before.
    const knownOnDay = addDays(vietNamDay(new Date(now().getTime() - 5 * 60_000)), -1);
    const asOf = { asOfDay: addDays(knownOnDay, level === 1 ? 0 : -9), knownOnDay };
    const backlog = await backlogTwice(app.db, { ...asOf, now: now() });
    const waits = await waitsTwice(app.db, { ...asOf, now: now() });
    expect(backlog.read).toEqual(backlog.counted);
    expect(waits.read).toEqual(waits.counted);
    answers.push({ asOf, backlog: backlog.read, waits: waits.read });
  },
  /** A file shows that a grant was notified and activated three days earlier than was known: what the events said is taken back and told anew. */
  late_arrival: withGrant(async ({ app, now }, grantId, { accountId }) => {
    const grant = await findGrant(app.db, grantId);
    if (grant?.firstActivatedAt === undefined) return;
    const rows = (await app
      .db('activation_events')
      .where({ grant_id: grantId })
      .whereIn('kind', RETOLD)
      .orderBy('occurred_at')) as {
      kind: (typeof RETOLD)[number];
      quantity: 1 | -1;
      occurred_at: number;
      unit_code: string;
      channel: 'self' | '';
      notified_on: string | null;
      due_on: string | null;
    }[];
    if (rows.some((row) => row.quantity === -1)) return;
    const told = rows.map((row) => ({
      kind: row.kind,
      accountId,
      grantId,
      accountLevel: grant.accountLevel,
      occurredAt: new Date(row.occurred_at),
      recordedAt: now(),
      ...(row.unit_code === '' ? {} : { unitCode: row.unit_code }),
      ...(row.channel === '' ? {} : { channel: row.channel }),
      ...(row.notified_on === null ? {} : { notifiedOn: row.notified_on }),
      ...(row.due_on === null ? {} : { dueOn: row.due_on }),
    }));
    await inTransaction(app.db, (tx) =>
      recordActivationEvents(tx, [...told.map((event) => ({ ...event, quantity: -1 as const })), ...retold(told)]),
    );
  }),
};

const RETOLD = ['notified', 'activated', 'person_activated', 'reopened'] as const;

/** The same three days earlier, but for windows, which were opened when they were; those that were opened after the activation are told no more. */
function retold(events: readonly ActivationEvent[]): ActivationEvent[] {
  const earlier = (date: Date): Date => new Date(date.getTime() - 3 * 86_400_000);
  const activatedAt = earlier(events.find(({ kind }) => kind === 'activated')?.occurredAt ?? new Date(Number.NaN));
  const windows = events.filter(({ kind, occurredAt }) => kind === 'reopened' && occurredAt < activatedAt);
  const dueOn = windows.at(-1)?.dueOn;
  const notice = ({ notifiedOn }: ActivationEvent) =>
    notifiedOn === undefined ? {} : { notifiedOn: addDays(notifiedOn, -3) };
  return [
    ...windows.map((event) => ({ ...event, ...notice(event) })),
    ...events
      .filter(({ kind }) => kind !== 'reopened')
      .map(({ dueOn: _past, ...event }) => ({
        ...event,
        ...notice(event),
        ...(event.kind === 'activated' && dueOn !== undefined ? { dueOn } : {}),
        occurredAt: earlier(event.occurredAt),
      })),
  ];
}

function withGrant(move: (world: World, grantId: string, person: TestPerson) => Promise<unknown>) {
  return async (world: World, person: TestPerson, { level }: Happening): Promise<void> => {
    const grants = await listGrants(world.app.db, person.accountId);
    const grant = grants.find((one) => one.accountLevel === level) ?? grants[0];
    if (grant !== undefined) await move(world, grant.id, person);
  };
}

async function live(world: World, history: readonly Happening[]): Promise<string> {
  let day = START;
  for (const one of history) {
    day = addDays(day, one.days);
    const at = instantOf(day, one.edge);
    // Time only goes forward, also within a day.
    if (at.getTime() > world.now().getTime()) world.setNow(at);
    const person = world.people[one.who];
    if (person !== undefined) await MOVES[one.what](world, person, one);
  }
  return day;
}

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

/** What was answered on the way is answered again, and what is late and how long it took is what every grant by itself says.
 *  @returns how many were late on the days looked at. */
async function checkLatenessAndWaits({ app, answers, setNow, now }: World, lastDay: string): Promise<number> {
  for (const { asOf, backlog, waits } of answers) {
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
      const seen = { activated: 0, onTime: 0, late: 0, answers: 0, backlog: 0 };
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 30, maxLength: 90, size: 'max' }), async (history) => {
          await clear();
          setNow(startOfVietNamDay(START));
          const people = await Promise.all([1, 2, 3].map(() => givePerson(app)));
          const world: World = { app, people, answers: [], setNow, now };
          const lastDay = await live(world, history);

          const rates = await activationRates(app.db, { now: now() });
          expect(await checkCounters(app.db, { repair: false })).toEqual([]);
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

          for (const asOfDay of [START, '2025-06-30', '2025-07-01', addDays(lastDay, -1), lastDay]) {
            if (asOfDay > vietNamDay(now())) continue;
            for (const accountLevel of [undefined, 1, 2] as const) {
              const asOf = await activationRates(app.db, { now: now(), asOfDay, accountLevel });
              const sums = sumOfRows(asOf);
              for (const id of PUBLISHED_RATES) {
                const figure = asOf.whole[id];
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
          seen.backlog += await checkLatenessAndWaits(world, lastDay);
          const trend = await activationTrend(app.db, { now: now() });
          expect(trend.at(-1)?.figure).toEqual(rates.whole.activation_of_granted);
        }),
        // On a busy machine fewer of them: what was tried still stands.
        { numRuns: runs, interruptAfterTimeLimit: 60_000 },
      );
      // The histories are not empty ones.
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
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
