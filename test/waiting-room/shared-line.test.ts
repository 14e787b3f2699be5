import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/platform/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { openSharedTexts, type SharedTexts } from '../../src/platform/shared-texts.ts';
import { createWaitingRoom, type WaitingRoom } from '../../src/waiting-room/waiting-room.ts';

const log = createLog('silent');
const readCodes = () => ({ late: 0, asked: 0, delivered: 0 });

describe('a line before two processes', () => {
  let shared: SharedTexts;
  let now: number;
  let loads: [number, number];
  let rooms: [WaitingRoom, WaitingRoom];
  beforeEach(async () => {
    const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
    shared = await openSharedTexts({ redisUrl: undefined, database: { kind: 'sqlite' } }, { db, log });
    await db.destroy();
    now = 1_800_000_000_000;
    loads = [0, 0];
    const roomOf = (process: 0 | 1): WaitingRoom =>
      createWaitingRoom({ clock: () => new Date(now), log, shared, readCodes, readLoad: () => loads[process] });
    rooms = [roomOf(0), roomOf(1)];
  });

  const ticks = async (count: number): Promise<void> => {
    for (let tick = 0; tick < count; tick += 1) {
      now += 250;
      for (const room of rooms) await room.tick();
    }
  };

  it('is one line: who waits at one waits at the other, and is let in once', async () => {
    const [one, other] = rooms;
    loads = [3, 0.9];
    await ticks(2);
    expect([one.isOpen(), other.isOpen()]).toEqual([true, false]);
    const tickets = Array.from({ length: 6 }, () => one.giveTicket());
    await ticks(6);
    // It is not overloaded itself, but its newcomers may not pass those who wait elsewhere.
    expect(other.isOpen()).toBe(true);
    const [first = '', last = ''] = [tickets[0], tickets[5]];
    expect((await other.judgeTicket(last)).kind).toBe('wait');

    loads = [0.9, 0.9];
    await ticks(100);
    expect(one.figures().waiting).toBe(0);
    expect((await other.judgeTicket(first)).kind).toBe('turn');
    expect((await one.judgeTicket(first)).kind).toBe('invalid');
    expect((await one.judgeTicket(last)).kind).toBe('turn');
  });

  it('moves on when the store is away, and keeps everybody’s place', async () => {
    const [one] = rooms;
    loads = [3, 0];
    await ticks(4);
    const ticket = one.giveTicket();
    shared.change = () => Promise.reject(new Error('away'));
    shared.take = () => Promise.reject(new Error('away'));
    expect((await one.judgeTicket(ticket)).kind).toBe('wait');
    loads = [0.9, 0];
    await ticks(60);
    expect((await one.judgeTicket(ticket)).kind).toBe('turn');
  });

  it('moves faster by those who have gone away', async () => {
    const [one] = rooms;
    loads = [3, 0];
    await ticks(2);
    for (let count = 0; count < 50_000; count += 1) one.giveTicket();
    loads = [0.5, 0];
    const letInWithin = async (seconds: number): Promise<number> => {
      const before = one.figures().waiting;
      await ticks(seconds * 4);
      return before - one.figures().waiting;
    };
    await ticks(1);
    const atFirst = await letInWithin(10);
    await ticks(120);
    // Nobody of them has come in: those who stayed do not wait for them.
    expect(await letInWithin(10)).toBeGreaterThan(5 * atFirst);
  });

  it('gives what nobody took to the next in line at once, where there is nothing else to do', async () => {
    const [one] = rooms;
    loads = [3, 0];
    await ticks(2);
    for (let count = 0; count < 5_000; count += 1) one.giveTicket();
    const letInAgainstPlaces = async (load: number): Promise<number> => {
      loads = [load, load];
      await ticks(4);
      const before = one.figures().waiting;
      let places = 0;
      for (let second = 0; second < 8; second += 1) {
        await ticks(4);
        for (const room of rooms) places += room.figures().perSecond;
      }
      return (before - one.figures().waiting) / places;
    };
    expect(await letInAgainstPlaces(0.9)).toBeLessThan(1.2);
    expect(await letInAgainstPlaces(0.5)).toBeGreaterThan(1.6);
  });

  it('lets no more in than can be served, when all come after all whom it took for gone', async () => {
    const [one] = rooms;
    loads = [3, 0];
    await ticks(2);
    const tickets = Array.from({ length: 2_000 }, () => one.giveTicket());
    loads = [0.9, 0];
    for (let waited = 0; waited < 3_600 && one.figures().waiting > 0; waited += 1) await ticks(4);
    expect(one.figures().waiting).toBe(0);

    const perSecond = one.figures().perSecond;
    const comeIn = async (): Promise<number> => {
      let entered = 0;
      for (const ticket of tickets) if ((await one.judgeTicket(ticket)).kind === 'turn') entered += 1;
      return entered;
    };
    // What a second or two bring at most, and on credit; then at the rate.
    expect(await comeIn()).toBeLessThanOrEqual(2 * perSecond + 2);
    const before = one.figures().admitted;
    for (let second = 0; second < 30; second += 1) {
      await ticks(4);
      await comeIn();
    }
    const entered = one.figures().admitted - before;
    expect(entered).toBeGreaterThan(0);
    expect(entered).toBeLessThanOrEqual(30 * perSecond + 2);
    // Everybody else has kept her place.
    expect((await one.judgeTicket(tickets.at(-1) ?? '')).kind).toBe('wait');
  });

  it('tells the first in line at once when to look again', async () => {
    const [one] = rooms;
    for (let second = 0; second < 60; second += 1) {
      for (let person = 0; person < 10; person += 1) {
        one.entered();
        one.served();
      }
      await ticks(4);
    }
    loads = [3, 0];
    await ticks(1);
    const places = Array.from({ length: 100 }, () => one.placeOf(one.giveTicket()));
    const waits = places.map((place) => (typeof place === 'object' ? place.waitSeconds : undefined));
    // Ten a second were served: so many can be.
    expect(waits[0]).toBeLessThanOrEqual(1);
    now += 1;
    const last = one.placeOf(one.giveTicket());
    expect(last).toMatchObject({ waitSeconds: expect.any(Number), isGuess: true });
    expect(typeof last === 'object' ? last.waitSeconds : 0).toBeGreaterThanOrEqual(9);
    expect(typeof last === 'object' ? last.waitSeconds : 0).toBeLessThanOrEqual(12);
  });
});
