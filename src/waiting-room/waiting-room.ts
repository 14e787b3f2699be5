import type { Clock } from '../platform/clock.ts';
import { newId, newSecret } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { SharedTexts } from '../platform/shared-texts.ts';
import { type AdmissionRate, createAdmissionRate } from './admission-rate.ts';
import { type CodeFigures, createCodeRate } from './code-rate.ts';
import {
  advanceLine,
  emptyLine,
  isTurn,
  isTurnOver,
  joinLine,
  type Line,
  peopleAhead,
  ratePerSecond,
  TURN_MS,
  withRate,
} from './line.ts';
import { createShowUp } from './show-up.ts';

export type WaitingRoomDeps = {
  clock: Clock;
  log: Log;
  /** What the processes of one issuer share. */
  shared: SharedTexts;
  /** 1 is as much as this process should bear. */
  readLoad: () => number;
  readCodes: () => CodeFigures;
};

/** How long somebody has to wait. `isGuess`: too early, or too long, to tell people. */
export type Place = { waitSeconds: number; isGuess: boolean };

export type WaitingRoom = {
  isOpen(): boolean;
  /** Somebody new goes in: for the measure of what is usual. */
  entered(): void;
  served: () => void;
  /** Goes in without a place in line, where there is no line and room for one more. */
  entersAtOnce(): boolean;
  /** A place at the end of the line, as the browser keeps it. */
  giveTicket(): string;
  /** `turn` takes it: a ticket is good for one admission, however many have a copy. */
  judgeTicket(ticket: string): Promise<{ kind: 'turn' } | { kind: 'wait'; place: Place } | { kind: 'invalid' }>;
  /** Whether somebody new has to wait, for certain; takes nothing, and what is not certain is to be judged. */
  mustNewcomersWait(): boolean;
  /** Her place, when she has to wait for certain. */
  mustWait(ticket: string): Place | undefined;
  /** Whether the ticket's turn has come; takes nothing. */
  placeOf(ticket: string): 'turn' | Place | undefined;
  /** What a browser that was let in keeps: good for a while and a few beginnings. */
  givePass(): string;
  /** Counts a use of a pass, or of a cookie that shows something begun. @returns false when it is over or was used too often. */
  passes(cookie: string, kind: 'pass' | 'begun'): boolean;
  figures(): { isOpen: number; issued: number; admitted: number; waiting: number; load: number; perSecond: number };
  /** One step of the clock. Called by the timer; by a test itself. */
  tick(): Promise<void>;
  start(): void;
  stop(): void;
};

const TICK_MS = 250;
/** A ticket lives so long, whatever happens. */
const LONGEST_WAIT_MS = 6 * 3_600_000;
const MOST_USES = { pass: 20, begun: 60 };
/** Overloaded for half a second opens it, doubly overloaded at once; five calm seconds and nobody in line close it. */
const TICKS_TO_OPEN = 2;
const TICKS_TO_CLOSE = 20;
const TICKS_TO_IDLE = 4;
const CALM = 0.7;
/** Before that many ticks an estimate would be a guess. */
const TICKS_TO_ESTIMATE = 20;
const LONGEST_ESTIMATE_SECONDS = 3 * 3_600;

/** Beyond capacity new visitors stand in line, first come first served. It keeps nothing of those who wait: their tickets say when they came, and the line
 *  says until when whoever came is let in. */
export function createWaitingRoom({ clock, log, shared, readLoad, readCodes }: WaitingRoomDeps): WaitingRoom {
  const me = newId();
  const rate: AdmissionRate = createAdmissionRate();
  const codes = createCodeRate(readCodes);
  const showUp = createShowUp();
  const state = { isOpen: false, hot: 0, calm: 0, ticks: 0, load: 0, issued: 0, admitted: 0, cameIn: 0, entered: 0 };
  /** `turns` the line may give; `entries` that may follow. More turns than entries, because not everybody comes whose turn it is: the entries keep a crowd
   *  that comes after all from coming all at once. */
  const open = { turns: 0, entries: 0, idleTicks: 0 };
  let line = emptyLine(clock().getTime());
  /** Came since the line was last shared. */
  let came = new Map<number, number>();
  let uses = new Map<string, number>();
  let usesSince = clock().getTime();
  let timer: NodeJS.Timeout | undefined;
  let isTicking = false;
  let isCutOff = false;

  /** More at once would come in each other's way. */
  const mostEntries = (): number => rate.perSecond() / 2 + 1;
  const now = (): number => clock().getTime();
  const isLineEmpty = (): boolean => line.waiting.length === 0 && came.size === 0;

  const share = async (): Promise<void> => {
    const mine = came;
    came = new Map();
    const ratio = showUp.ratio();
    const offered = state.isOpen ? Math.floor(open.turns / ratio) : 0;
    let left = offered;
    try {
      const text = await shared.change('line', (kept) => {
        const instant = now();
        const joined = joinLine(kept === undefined ? emptyLine(instant) : (JSON.parse(kept) as Line), mine);
        const moved = advanceLine(joined, offered, instant);
        left = moved.placesLeft;
        return JSON.stringify(withRate(moved.line, me, rate.perSecond() / ratio, instant));
      });
      line = JSON.parse(text) as Line;
      isCutOff = false;
    } catch (error) {
      // Alone it goes on with the line as it knows it.
      const moved = advanceLine(joinLine(line, mine), offered, now());
      left = moved.placesLeft;
      line = withRate(moved.line, me, rate.perSecond() / ratio, now());
      if (!isCutOff) log.error({ err: error }, 'waiting_room.not_shared');
      isCutOff = true;
    }
    showUp.tick(offered - left, state.cameIn);
    state.cameIn = 0;
    // What nobody took is not saved up beyond a second's worth.
    open.turns = Math.min(open.turns - (offered - left) * ratio, rate.perSecond() + 1);
  };

  const watchOthers = async (): Promise<void> => {
    const text = await shared.read('line').catch(() => undefined);
    if (text !== undefined) line = JSON.parse(text) as Line;
  };

  const openOrClose = (): void => {
    state.hot = state.load >= 1 ? state.hot + Math.floor(Math.min(state.load, TICKS_TO_OPEN)) : 0;
    state.calm = state.load < CALM && isLineEmpty() ? state.calm + 1 : 0;
    if (!state.isOpen && (state.hot >= TICKS_TO_OPEN || line.waiting.length > 0)) {
      Object.assign(state, { isOpen: true, ticks: 0, calm: 0 });
      Object.assign(open, { turns: 0, entries: 0, idleTicks: 0 });
      log.warn({ load: state.load, perSecond: rate.perSecond() }, 'waiting_room.opened');
    } else if (state.isOpen && state.calm >= TICKS_TO_CLOSE) {
      state.isOpen = false;
      log.info({ issued: state.issued, admitted: state.admitted }, 'waiting_room.closed');
    }
  };

  const forgetUses = (): void => {
    if (now() - usesSince < TURN_MS) return;
    uses = new Map();
    usesSince = now();
  };

  const tick = async (): Promise<void> => {
    forgetUses();
    const seconds = TICK_MS / 1_000;
    const lateness = codes.tick(seconds, state.entered);
    state.entered = 0;
    const ownLoad = readLoad();
    state.load = Math.max(ownLoad, lateness);
    rate.tick(ownLoad, seconds, state.isOpen, codes.mostPerSecond());
    state.ticks += 1;
    openOrClose();
    if (state.isOpen) {
      const places = (rate.perSecond() * TICK_MS) / 1_000;
      const untaken = Math.max(0, open.entries + places - mostEntries());
      // With nothing else to do they are for the next in line, before it is learned how many have gone (show-up.ts).
      open.turns += places + (state.load < CALM ? untaken : 0);
      open.entries = Math.min(open.entries + places, mostEntries());
      open.idleTicks = open.entries === mostEntries() ? open.idleTicks + 1 : 0;
      await share();
    } else if (state.ticks % 4 === 0) await watchOthers();
  };

  const estimate = (at: number): Place => {
    // Until the first sharing its own rate is not in the line.
    const perSecond = Math.max(ratePerSecond(line, now()), rate.perSecond());
    let ahead = peopleAhead(line, at);
    for (const [cameAt, people] of came) if (cameAt < at) ahead += people;
    const seconds = Math.ceil(ahead / perSecond);
    return {
      waitSeconds: Math.min(LONGEST_ESTIMATE_SECONDS, seconds),
      isGuess: state.ticks < TICKS_TO_ESTIMATE || seconds > LONGEST_ESTIMATE_SECONDS,
    };
  };
  /** Once for each, however often she has to try. */
  const countShowUp = (id: string): void => {
    if (uses.has(id)) return;
    uses.set(id, 1);
    state.cameIn += 1;
  };
  /** For a second nobody has come in who could have: those whose turn it is have gone, and whoever is there takes nobody's place. */
  const isEmptyInside = (): boolean => open.idleTicks >= TICKS_TO_IDLE;
  /** Whose turn has come goes before newcomers, on credit if need be. */
  const mayEnter = (hasTurn: boolean): boolean => {
    if (open.entries < (hasTurn ? 1 - mostEntries() : 1)) return false;
    open.entries -= 1;
    open.idleTicks = 0;
    return true;
  };

  const readTicket = (ticket: string): { at: number; id: string } | undefined => {
    const match = /^(\d{12,14})\.([\w-]{16,32})$/.exec(ticket);
    if (match === null) return undefined;
    const at = Number(match[1]);
    return now() - at > LONGEST_WAIT_MS || isTurnOver(line, at, now()) ? undefined : { at, id: match[2] ?? '' };
  };

  return {
    isOpen: () => state.isOpen,
    entered() {
      rate.entered();
      state.entered += 1;
    },
    served: () => rate.served(),
    entersAtOnce() {
      if (!(isLineEmpty() || isEmptyInside()) || !mayEnter(false)) return false;
      open.turns -= 1;
      state.admitted += 1;
      return true;
    },
    giveTicket() {
      const at = now();
      came.set(at, (came.get(at) ?? 0) + 1);
      state.issued += 1;
      return `${at}.${newSecret(15)}`;
    },
    async judgeTicket(ticket) {
      const read = readTicket(ticket);
      if (read === undefined) return { kind: 'invalid' };
      const hasTurn = isTurn(line, read.at, now());
      if (hasTurn) countShowUp(read.id);
      if (!(hasTurn || isEmptyInside()) || !mayEnter(true)) return { kind: 'wait', place: estimate(read.at) };
      // Where it cannot be written down that it was used, people rather come in twice than not at all.
      const isFirst = await shared.take(`spent:${read.id}`, (3 * TURN_MS) / 1_000).catch(() => true);
      if (!isFirst) {
        open.entries += 1;
        return { kind: 'invalid' };
      }
      state.admitted += 1;
      return { kind: 'turn' };
    },
    mustNewcomersWait: () => !(isLineEmpty() || isEmptyInside()) || open.entries < 1,
    mustWait(ticket) {
      const read = readTicket(ticket);
      if (read === undefined || isTurn(line, read.at, now()) || isEmptyInside()) return undefined;
      return estimate(read.at);
    },
    placeOf(ticket) {
      const read = readTicket(ticket);
      if (read === undefined) return undefined;
      return isTurn(line, read.at, now()) ? 'turn' : estimate(read.at);
    },
    givePass: () => `${now() + TURN_MS}.${newSecret(15)}`,
    passes(cookie, kind) {
      if (kind === 'pass' && Number(cookie.split('.')[0]) < now()) return false;
      const used = uses.get(cookie) ?? 0;
      if (used >= MOST_USES[kind]) return false;
      uses.set(cookie, used + 1);
      return true;
    },
    figures: () => ({
      isOpen: state.isOpen ? 1 : 0,
      issued: state.issued,
      admitted: state.admitted,
      waiting: line.waiting.reduce((sum, [, people]) => sum + people, 0),
      load: state.load,
      perSecond: state.isOpen ? rate.perSecond() : 0,
    }),
    tick,
    start() {
      timer ??= setInterval(() => {
        if (isTicking) return;
        isTicking = true;
        tick()
          .catch((error: unknown) => log.error({ err: error }, 'waiting_room.failed'))
          .finally(() => {
            isTicking = false;
          });
      }, TICK_MS).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
