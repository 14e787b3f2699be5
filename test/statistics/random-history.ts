import fc from 'fast-check';
import { expect } from 'vitest';
import {
  type ActivationEvent,
  foldCounters,
  recordActivationEvents,
} from '../../src/accounts/activation-event-store.ts';
import { changeResidence } from '../../src/accounts/change-residence.ts';
import { completeActivation } from '../../src/accounts/complete-activation.ts';
import { countBirthdays } from '../../src/accounts/count-residents.ts';
import { grantLevel, markLateGrants, notifyGrant, reopenGrant } from '../../src/accounts/grant-level.ts';
import { changeGrant, findGrant, listGrants } from '../../src/accounts/level-grant-store.ts';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import { recordFirstLogin } from '../../src/accounts/record-first-login.ts';
import { foldResidentCounters } from '../../src/accounts/resident-counter-store.ts';
import { activationDueAt, moveGrant } from '../../src/domain/level-grant.ts';
import { addDays, endOfVietNamDay, startOfVietNamDay, vietNamDay } from '../../src/domain/viet-nam-time.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { activationRates } from '../../src/statistics/figures/activation-rates.ts';
import { residentsByAgeAndSex } from '../../src/statistics/figures/residents-by-age-and-sex.ts';
import type { PeopleApp, TestPerson } from '../support/people.ts';
import { type AsOf, backlogTwice, waitsTwice } from './recount-waits.ts';

const UNITS = ['00004', '00070', '001', '99999', undefined];
/** Of those to whom it happens: one turns 14 on the day on which the units change, one 60 three days before. */
export const BORN = ['1990-01-01', '2011-07-01', '1965-06-28'];
export const ACTOR = { kind: 'operator', id: 'test' } as const;
export const START = '2025-06-25';

/** What may happen next, to one of a few people: late arrivals, corrections, moves, locks, deaths, activations for the second time. The due day, midnight in
 *  Viet Nam, birthdays and the change of units lie within reach. */
export const happening = fc.record({
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
    'activate_again',
    'sign_in',
    'lock',
    'unlock',
    'die',
    'live_again',
    'move',
    'move',
    'late_arrival',
    'birthdays',
    'fold',
    'ask',
    'ask',
  ),
  level: fc.constantFrom(1 as const, 2 as const),
  unit: fc.constantFrom(...UNITS),
  daysAgo: fc.constantFrom(0, 0, 1, 4),
  days: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constantFrom(1, 3, 7, 8, 23, 60) },
  ),
  edge: fc.constantFrom('first_millisecond', 'last_millisecond', 'noon'),
});
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A history that has all of it, so that a run whose histories happen to lack something tries it all the same: on time and late, a correction, a second
 *  activation, a move, a death, and what is never activated. */
export const OF_EVERYTHING: readonly Happening[] = [
  happened('grant', { who: 0 }),
  happened('notify', { who: 0 }),
  happened('grant', { who: 1, unit: '00070' }),
  happened('notify', { who: 1 }),
  happened('activate', { who: 0, days: 3 }),
  happened('sign_in', { who: 0 }),
  happened('late_arrival', { who: 0, days: 1 }),
  happened('ask', { who: 0, days: 1 }),
  happened('mark_late', { who: 1, days: 8 }),
  happened('activate', { who: 1, edge: 'last_millisecond' }),
  happened('activate_again', { who: 0, days: 1 }),
  happened('move', { who: 1, unit: '00070' }),
  happened('birthdays', { who: 1, days: 1 }),
  happened('grant', { who: 2 }),
  happened('notify', { who: 2 }),
  happened('fold', { who: 2 }),
  happened('die', { who: 1, daysAgo: 1, days: 1 }),
  happened('ask', { who: 1, level: 1, days: 1 }),
];

function happened(what: Happening['what'], more: Partial<Happening>): Happening {
  return { what, who: 0, level: 2, unit: '00004', daysAgo: 0, days: 0, edge: 'noon', ...more };
}

function instantOf(day: string, edge: Happening['edge']): Date {
  if (edge === 'first_millisecond') return startOfVietNamDay(day);
  return edge === 'last_millisecond' ? endOfVietNamDay(day) : new Date(startOfVietNamDay(day).getTime() + 43_200_000);
}

/** An answer of a day that was over, as it was known then. */
type Answer = { asOf: Omit<AsOf, 'now'>; backlog: object; waits: object; rates: object; residents: object };
export type World = {
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
  activate_again: async (world, person, one) => {
    await MOVES.change_phone(world, person, one);
    await MOVES.activate(world, person, one);
  },
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
  /** Learned today, of a day that may be over. */
  die: async ({ app, now }, { accountId, personId }, { daysAgo }) => {
    const diedAt = startOfVietNamDay(addDays(vietNamDay(now()), -daysAgo)).getTime();
    await app.db('persons').where({ id: personId }).update({ deceased_at: diedAt });
    await inTransaction(app.db, (tx) =>
      lockAccount(tx, app, {
        accountId,
        ground: 'death',
        reason: 'test',
        actor: ACTOR,
        requestedBy: 'test',
        now: now(),
      }),
    );
  },
  /** It was a mistake. */
  live_again: ({ app, now }, { accountId }) =>
    inTransaction(app.db, (tx) =>
      unlockAccount(tx, app, { accountId, ground: 'death', reason: 'test', actor: ACTOR, now: now() }),
    ),
  move: ({ app, now }, { accountId }, { unit = '00082', daysAgo }) =>
    inTransaction(app.db, (tx) =>
      changeResidence(tx, app.vault, {
        accountId,
        unitCode: unit,
        movedOn: addDays(vietNamDay(now()), -daysAgo),
        reason: 'test',
        actor: ACTOR,
        now: now(),
      }),
    ),
  birthdays: ({ app, now }) => countBirthdays(app.db, now()),
  fold: async ({ app }) => {
    await foldCounters(app.db, 3);
    await foldResidentCounters(app.db, 2);
  },
  ask: async ({ app, now, answers }, _person, { level }) => {
    // Five minutes after midnight it is settled what was known the day before.
    const knownOnDay = addDays(vietNamDay(new Date(now().getTime() - 5 * 60_000)), -1);
    const asOf = { asOfDay: addDays(knownOnDay, level === 1 ? 0 : -9), knownOnDay };
    const backlog = await backlogTwice(app.db, { ...asOf, now: now() });
    const waits = await waitsTwice(app.db, { ...asOf, now: now() });
    expect(backlog.read).toEqual(backlog.counted);
    expect(waits.read).toEqual(waits.counted);
    await countBirthdays(app.db, now());
    const { rates, residents } = await ratesAsOf(app.db, { ...asOf, now: now() });
    answers.push({ asOf, backlog: backlog.read, waits: waits.read, rates, residents });
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

/** Every rate of the whole and of each unit, and residents by age band and sex: what must be told again the same for ever. */
export async function ratesAsOf(db: Db, asOf: AsOf): Promise<{ rates: object; residents: object }> {
  const { whole, units } = await activationRates(db, asOf);
  const rows = units.rows.map(({ code, figures }) => ({ code, figures }));
  const residents = await residentsByAgeAndSex(db, asOf);
  return { rates: { whole, rows }, residents: { whole: residents.whole, rows: residents.rows } };
}

function withGrant(move: (world: World, grantId: string, person: TestPerson) => Promise<unknown>) {
  return async (world: World, person: TestPerson, { level }: Happening): Promise<void> => {
    const grants = await listGrants(world.app.db, person.accountId);
    const grant = grants.find((one) => one.accountLevel === level) ?? grants[0];
    if (grant !== undefined) await move(world, grant.id, person);
  };
}

/** @returns the last day. */
export async function live(world: World, history: readonly Happening[]): Promise<string> {
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
