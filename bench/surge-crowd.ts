/** The crowd of bench/surge.ts, a process of its own: people who come whether or not others are served, activations under way, programs. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Endpoints, type Person, Visitor, type World } from './flows.ts';
import { startSmsGateway } from './sms-gateway.ts';

export type Phase = { name: string; seconds: number; perSecond: number };
export type CrowdOrder =
  | { kind: 'target'; issuer: string; people: Person[]; pending: Person[] }
  /** Everybody signs in once, as the others before the surge have: a second time asks for no consent and renews no hash. */
  | { kind: 'introduce'; visitors: number }
  /** How many sign-ins a second there are when `visitors` come one after the other. */
  | { kind: 'capacity'; visitors: number; seconds: number }
  | { kind: 'surge'; phases: Phase[]; tokensPerSecond: number; activations: number };

/** What happened in one second of the test. Latencies in milliseconds. */
export type Second = {
  arrivals: number;
  signIns: number;
  /** Secrets of activations that were hashed: each costs about as much as a sign-in. */
  activationHashes: number;
  waitingMs: number[];
  tokenMs: number[];
  /** Newcomers whose first answer was the waiting page. */
  turnedToWait: number;
};
export type SurgeReport = {
  seconds: Second[];
  leftWaiting: number;
  activationsBegun: number;
  activationsDone: number;
  failures: Record<string, number>;
};
export type CrowdReport =
  | { kind: 'ready'; gatewayUrl: string }
  | { kind: 'targeted' }
  | { kind: 'introduced' }
  | { kind: 'capacity'; perSecond: number }
  | { kind: 'surge'; report: SurgeReport };

/** People close the page sooner or later: between these. */
const PATIENCE_MS = { least: 5_000, most: 45_000 };
/** Between the forms of an activation under way. */
const TYPING_MS = 9_000;
const AFTER_THE_END_MS = 5_000;

const messages = await startSmsGateway();
let world: World;
let people: Person[] = [];
let next = 0;

const newVisitor = (): Visitor => {
  const person = people[next % people.length];
  next += 1;
  if (person === undefined) throw new Error('nobody was made');
  return new Visitor(world, person);
};

async function setTarget(order: CrowdOrder & { kind: 'target' }): Promise<void> {
  const answer = await fetch(`${order.issuer}/.well-known/openid-configuration`);
  const endpoints = (await answer.json()) as Endpoints;
  const pending = [...order.pending];
  ({ people } = order);
  world = { issuer: order.issuer, endpoints, messages, nextPending: () => pending.pop() };
}

async function capacity({ visitors, seconds }: CrowdOrder & { kind: 'capacity' }): Promise<number> {
  const begun = performance.now();
  const done = await oneAfterTheOther(visitors, () => performance.now() - begun < seconds * 1_000);
  return (done * 1_000) / (performance.now() - begun);
}

/** @returns how many have signed in. */
async function oneAfterTheOther(visitors: number, goesOn: () => boolean): Promise<number> {
  let done = 0;
  await Promise.all(
    Array.from({ length: visitors }, async () => {
      while (goesOn()) {
        const visitor = newVisitor();
        await visitor.comeNew(60_000, () => {
          throw new Error('the waiting room is open below capacity');
        });
        visitor.close();
        done += 1;
      }
    }),
  );
  return done;
}

async function surge(order: CrowdOrder & { kind: 'surge' }): Promise<SurgeReport> {
  const length = order.phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const seconds = Array.from({ length: length + 60 }, (): Second => {
    return { arrivals: 0, signIns: 0, activationHashes: 0, waitingMs: [], tokenMs: [], turnedToWait: 0 };
  });
  const report: SurgeReport = { seconds, leftWaiting: 0, activationsBegun: 0, activationsDone: 0, failures: {} };
  const begun = performance.now();
  const second = (): Second =>
    seconds[Math.min(seconds.length - 1, Math.floor((performance.now() - begun) / 1_000))] as Second;
  const running = new Set<Promise<void>>();
  const run = (what: string, work: () => Promise<void>): void => {
    const task = work()
      .catch((error: unknown) => {
        const text = `${what}: ${String(error).slice(0, 120)}`;
        report.failures[text] = (report.failures[text] ?? 0) + 1;
      })
      .finally(() => running.delete(task));
    running.add(task);
  };
  const signIn = async (index: number): Promise<void> => {
    const visitor = newVisitor();
    let hasWaited = false;
    const patienceMs = PATIENCE_MS.least + ((index * 7_919) % 1_000) * ((PATIENCE_MS.most - PATIENCE_MS.least) / 1_000);
    try {
      const isServed = await visitor.comeNew(patienceMs, (ms) => {
        second().waitingMs.push(ms);
        if (!hasWaited) second().turnedToWait += 1;
        hasWaited = true;
      });
      if (isServed) second().signIns += 1;
      else report.leftWaiting += 1;
    } finally {
      visitor.close();
    }
  };
  // Before anything else: their codes are proved, the rest is typed through the surge.
  for (let count = 0; count < order.activations; count += 1) {
    const finish = await new Visitor(world, people[0] as Person).beginActivation();
    report.activationsBegun += 1;
    run('activation', async () => {
      await finish(TYPING_MS, (secrets) => {
        second().activationHashes += secrets;
      });
      report.activationsDone += 1;
    });
  }
  const programs = Array.from({ length: 16 }, () => new Visitor(world, people[0] as Person));
  let tokens = 0;
  const token = async (): Promise<void> => {
    const program = programs.pop();
    if (program === undefined) throw new Error('no program is free');
    const askedAt = performance.now();
    try {
      await program.run('client_credentials');
      second().tokenMs.push(performance.now() - askedAt);
    } finally {
      programs.push(program);
    }
  };
  let arrivals = 0;
  let due = 0;
  const startAt = performance.now();
  let phaseAt = 0;
  for (const phase of order.phases) {
    for (; performance.now() - startAt < (phaseAt + phase.seconds) * 1_000; await sleep(2)) {
      const elapsed = (performance.now() - startAt) / 1_000;
      for (const target = due + (elapsed - phaseAt) * phase.perSecond; arrivals < target; arrivals += 1) {
        second().arrivals += 1;
        run('sign-in', () => signIn(arrivals));
      }
      for (; tokens < elapsed * order.tokensPerSecond; tokens += 1) run('token', token);
    }
    due += phase.seconds * phase.perSecond;
    phaseAt += phase.seconds;
  }
  await Promise.race([Promise.all(running), sleep(AFTER_THE_END_MS)]);
  return { ...report, seconds: seconds.slice(0, length) };
}

const tell = (report: CrowdReport): void => void process.send?.(report);

async function obey(order: CrowdOrder): Promise<CrowdReport> {
  switch (order.kind) {
    case 'target':
      await setTarget(order);
      return { kind: 'targeted' };
    case 'introduce':
      next = 0;
      await oneAfterTheOther(order.visitors, () => next < people.length);
      return { kind: 'introduced' };
    case 'capacity':
      return { kind: 'capacity', perSecond: await capacity(order) };
    case 'surge':
      return { kind: 'surge', report: await surge(order) };
  }
}

process.on('message', (order: CrowdOrder) => {
  obey(order).then(tell, (error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
tell({ kind: 'ready', gatewayUrl: messages.url });
await once(process, 'disconnect');
process.exit(0);
