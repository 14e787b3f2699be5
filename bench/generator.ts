/** The load generator, a process of its own: told slice by slice what to send to whom. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Endpoints, type Flow, type Person, Visitor, type World } from './flows.ts';
import { monotonicOffsetMs } from './monotonic.ts';
import { startSmsGateway } from './sms-gateway.ts';

/** `others`: servers of the same kind that share nothing with it, each with its part of the visitors. */
export type Target = { name: string; issuer: string; others?: string[]; people: Person[]; pending: Person[] };

export type Order =
  | { kind: 'target'; target: Target }
  /** Gives every visitor what the flow presupposes: a session, a token. */
  | { kind: 'prepare'; target: string; flow: Flow; visitors: number }
  /** `visitors` callers, each starting anew when its answer is there, for `ms`. */
  | { kind: 'closed'; target: string; flow: Flow; visitors: number; ms: number }
  /** A start every 1/`perSecond` whatever the answers do; a late start counts into the latency, unless it is counted `from` what was `sent`: then only waiting for a
   *  visitor who is free does, and not what this process was late itself. */
  | {
      kind: 'open';
      target: string;
      flow: Flow;
      visitors: number;
      perSecond: number;
      ms: number;
      from?: 'due' | 'sent';
    };

/** Several orders may be under way at once: what is told of one bears its number. */
export type Numbered = { number: number; order: Order };

/** `latencies` in milliseconds, one a completed flow. `lateMs`: of an open loop, how late the generator itself was with each start. */
export type Slice = {
  elapsedMs: number;
  latencies: number[];
  lateMs?: number[];
  /** Of an open loop, when each of the `latencies` began to count, by the clock that all processes share. */
  dueMs?: number[];
  errors: number;
  firstError?: string;
};
export type Report = { kind: 'ready'; gatewayUrl: string } | { kind: 'done'; number: number; slice: Slice };

const messages = await startSmsGateway();
const targets = new Map<string, { worlds: World[]; people: Person[]; visitors: Visitor[] }>();

const emptySlice = (): Slice => ({ elapsedMs: 0, latencies: [], errors: 0 });

async function addTarget(target: Target): Promise<void> {
  const pending = [...target.pending];
  const worldOf = async (issuer: string): Promise<World> => {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
    return { issuer, endpoints: (await answer.json()) as Endpoints, messages, nextPending: () => pending.pop() };
  };
  const worlds = await Promise.all([target.issuer, ...(target.others ?? [])].map(worldOf));
  targets.set(target.name, { worlds, people: target.people, visitors: [] });
}

function visitorsOf(target: string, count: number): Visitor[] {
  const known = targets.get(target);
  if (known === undefined) throw new Error(`no target ${target}`);
  const { worlds, people, visitors } = known;
  const turn = <T>(list: readonly T[]): T => list[visitors.length % list.length] as T;
  while (visitors.length < count) visitors.push(new Visitor(turn(worlds), turn(people)));
  return visitors.slice(0, count);
}

/** @returns whether it went well. */
async function attempt(slice: Slice, startedAt: number, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    slice.latencies.push(performance.now() - startedAt);
    return true;
  } catch (error) {
    slice.errors += 1;
    slice.firstError ??= error instanceof Error ? error.message : String(error);
    return false;
  }
}

const AT_ONCE = 16;

async function prepare(order: Order & { kind: 'prepare' }): Promise<Slice> {
  const visitors = visitorsOf(order.target, order.visitors);
  for (let from = 0; from < visitors.length; from += AT_ONCE)
    await Promise.all(visitors.slice(from, from + AT_ONCE).map((visitor) => visitor.prepare(order.flow)));
  return emptySlice();
}

async function closedLoop(order: Order & { kind: 'closed' }): Promise<Slice> {
  const visitors = visitorsOf(order.target, order.visitors);
  const slice = emptySlice();
  const begun = performance.now();
  const end = begun + order.ms;
  await Promise.all(
    visitors.map(async (visitor) => {
      while (performance.now() < end && slice.errors === 0)
        await attempt(slice, performance.now(), () => visitor.run(order.flow));
    }),
  );
  slice.elapsedMs = performance.now() - begun;
  return slice;
}

async function openLoop(order: Order & { kind: 'open' }): Promise<Slice> {
  const idle = visitorsOf(order.target, order.visitors);
  const slice = emptySlice();
  const queue: number[] = [];
  const running = new Set<Promise<void>>();
  const startWaiting = (): void => {
    while (queue.length > 0 && idle.length > 0) {
      const flow = runNext(idle.pop() as Visitor, queue.shift() as number);
      running.add(flow);
    }
  };
  const runNext = async (visitor: Visitor, dueAt: number): Promise<void> => {
    if (await attempt(slice, dueAt, () => visitor.run(order.flow))) dueMs.push(dueAt + monotonicOffsetMs);
    idle.push(visitor);
    startWaiting();
  };
  const lateMs: number[] = [];
  const dueMs: number[] = [];
  Object.assign(slice, { lateMs, dueMs });
  const begun = performance.now();
  // Poisson arrivals would add their own queueing; even ones show the server's.
  const dueAt = (start: number): number => begun + (start * 1000) / order.perSecond;
  for (let started = 0; ; ) {
    const now = performance.now();
    if (now >= begun + order.ms) break;
    for (; dueAt(started) <= now; started += 1) {
      queue.push(order.from === 'sent' ? now : dueAt(started));
      lateMs.push(now - dueAt(started));
    }
    startWaiting();
    // Until the next is due and not a millisecond at a time: several loops that do so keep a core busy with nothing.
    await sleep(Math.max(1, Math.ceil(dueAt(started) - now)));
  }
  // Those under way may start some that still wait.
  for (let known = -1; known < running.size; ) {
    known = running.size;
    await Promise.all(running);
  }
  slice.elapsedMs = performance.now() - begun;
  return slice;
}

async function obey(order: Order): Promise<Slice> {
  switch (order.kind) {
    case 'target':
      await addTarget(order.target);
      return emptySlice();
    case 'prepare':
      return prepare(order);
    case 'closed':
      return closedLoop(order);
    case 'open':
      return openLoop(order);
  }
}

const tell = (report: Report): void => void process.send?.(report);

async function answer({ number, order }: Numbered): Promise<void> {
  try {
    tell({ kind: 'done', number, slice: await obey(order) });
  } catch (error) {
    const firstError = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ kind: 'done', number, slice: { ...emptySlice(), errors: 1, firstError } });
  }
}

process.on('message', (numbered: Numbered) => {
  answer(numbered).catch((error: unknown) => {
    throw error;
  });
});
tell({ kind: 'ready', gatewayUrl: messages.url });
await once(process, 'disconnect');
process.exit(0);
