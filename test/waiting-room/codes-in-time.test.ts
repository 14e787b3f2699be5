import { expect, it } from 'vitest';
import { openDatabase } from '../../src/platform/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { openSharedTexts } from '../../src/platform/shared-texts.ts';
import { createWaitingRoom } from '../../src/waiting-room/waiting-room.ts';

const TICK_SECONDS = 0.25;
const CODE_SECONDS = 180;
const LATE_SECONDS = 20;
/** From the first page to the password. */
const READING_SECONDS = 10;

type Day = { arrivalsPerSecond: number; taken: number; minutes: number; isWatched: boolean };

/** A day in which everybody who comes in asks for a code, and the gateway takes only so many a second. */
async function liveThrough({ arrivalsPerSecond, taken, minutes, isWatched }: Day) {
  const log = createLog('silent');
  const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
  const shared = await openSharedTexts({ redisUrl: undefined, database: { kind: 'sqlite' } }, { db, log });
  await db.destroy();
  let now = 1_800_000_000_000;
  const codes: number[] = [];
  const figures = { asked: 0, delivered: 0 };
  const lateSeconds = (): number => (codes[0] === undefined ? 0 : (now - codes[0]) / 1_000);
  const readCodes = () => ({ ...figures, late: isWatched ? lateSeconds() / LATE_SECONDS : 0 });
  const room = createWaitingRoom({ clock: () => new Date(now), log, shared, readLoad: () => 0, readCodes });
  const line: string[] = [];
  const reading: number[] = [];
  const measured: { late: number; sent: number; waiting: number }[] = [];
  const comeIn = (): void => {
    room.entered();
    reading.push(now + READING_SECONDS * 1_000);
  };
  let newcomers = 0;
  let sendable = 0;
  for (let second = 0; second < minutes * 60; second += TICK_SECONDS) {
    now += TICK_SECONDS * 1_000;
    await room.tick();
    while (line[0] !== undefined && (await room.judgeTicket(line[0])).kind === 'turn') {
      line.shift();
      comeIn();
    }
    for (newcomers += arrivalsPerSecond * TICK_SECONDS; newcomers >= 1; newcomers -= 1)
      if (!room.isOpen() || room.entersAtOnce()) comeIn();
      else line.push(room.giveTicket());
    while (reading[0] !== undefined && reading[0] <= now) {
      reading.shift();
      room.served();
      figures.asked += 1;
      codes.push(now);
    }
    sendable = Math.min(sendable + taken * TICK_SECONDS, codes.length);
    const sent = codes.splice(0, Math.floor(sendable)).length;
    figures.delivered += sent;
    sendable -= sent;
    measured.push({ late: lateSeconds(), sent, waiting: line.length });
  }
  const lastHalf = measured.slice(measured.length / 2);
  const sentPerSecond = lastHalf.reduce((sum, { sent }) => sum + sent, 0) / (lastHalf.length * TICK_SECONDS);
  const latest = measured.reduce((most, { late }) => Math.max(most, late), 0);
  return { latest, sentPerSecond, waiting: line.length };
}

it('lets in as many as the SMS gateway has codes for, so that a code arrives while it is good', async () => {
  const day = { arrivalsPerSecond: 30, taken: 10, minutes: 15 };
  const watched = await liveThrough({ ...day, isWatched: true });
  expect(watched.latest).toBeLessThan(CODE_SECONDS / 2);
  expect(watched.sentPerSecond).toBeGreaterThan(0.9 * day.taken);
  expect(watched.waiting).toBeGreaterThan(0);
  // Without it every code leaves when it is worth nothing any more.
  expect((await liveThrough({ ...day, isWatched: false })).latest).toBeGreaterThan(CODE_SECONDS);
});

it('keeps nobody out for codes that leave in time', async () => {
  const usual = await liveThrough({ arrivalsPerSecond: 9, taken: 10, minutes: 10, isWatched: true });
  expect(usual).toMatchObject({ waiting: 0 });
  expect(usual.latest).toBeLessThan(5);
});
