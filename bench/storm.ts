/** `node bench/storm.ts`: what everybody else feels while as many sign in as can be hashed. A closed loop of sign-ins with the real argon2 is the storm; tokens and SSO
 *  come at a steady rate, in slices with and without it in turn. The server as `npm start` runs it, on SQLite, three times: all of it on one core, on all cores, and
 *  with its hashing kept off one of them (HASHING_CORES). Who measures is a process apart from the storm's, and goes before it and before the hashing where they share
 *  a core. Writes bench/results/storm.json.
 *  --rounds, --slice-ms.  --only: one arrangement (may be repeated).  --env: a setting of the server, as in `npm run bench`. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { OUR_SETTINGS, type OurContender, startOurs } from './contenders.ts';
import type { Flow } from './flows.ts';
import type { Slice } from './generator.ts';
import { cores, generatorCores, type Load, serverCore, startLoad } from './load.ts';
import { machineFacts } from './machine.ts';
import { canGoFirst, canPin } from './pinned-process.ts';
import { percentile } from './result.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    'slice-ms': { type: 'string', default: '4000' },
    only: { type: 'string', multiple: true },
    env: { type: 'string', multiple: true, default: [] },
  },
});
const ROUNDS = Number(options.rounds);
const SLICE_MS = Number(options['slice-ms']);
/** Until as many wait for their hash as ever will. */
const GATHERING_MS = 1_000;
const STORM_VISITORS = 16;
const NODE_FLAGS = ['--max-semi-space-size=16'];

/** What is measured: so many starts a second, whatever the answers do. */
const PROBES = [
  { flow: 'sso', perSecond: 10, visitors: 16 },
  { flow: 'client_credentials', perSecond: 40, visitors: 32 },
  { flow: 'refresh', perSecond: 20, visitors: 32 },
] as const satisfies readonly { flow: Flow; perSecond: number; visitors: number }[];

type Arrangement = { name: string; cores: readonly number[]; env: Record<string, string>; shares: string };
const hashingCores = generatorCores.join(',');
const ARRANGEMENTS: Arrangement[] = [
  {
    name: 'one core',
    cores: [serverCore],
    env: {},
    shares: `event loop and hashing on core ${serverCore}; storm and probes on ${hashingCores}`,
  },
  {
    name: 'all cores',
    cores,
    env: {},
    shares: `event loop and hashing wherever the system puts them; storm and probes on ${hashingCores}`,
  },
  {
    name: 'a core for tokens',
    cores,
    env: { HASHING_CORES: hashingCores },
    shares: `hashing on ${hashingCores}, with storm and probes; the event loop wherever the system puts it, core ${serverCore} being free of all these`,
  },
];

type Times = { flows: number; p50Ms: number; p99Ms: number };
type Row = { flow: Flow; idle: Times; storm: Times; p50Ratio: number; p99Ratio: number };
/** `busy`: cores. */
type Busy = { loop: number; pool: number };
type Outcome = {
  arrangement: string;
  shares: string;
  signInsPerSecond: number;
  busy: { idle: Busy; storm: Busy };
  rows: Row[];
};
type Kept = { latencies: Map<Flow, number[]>; elapsedMs: number; loopMs: number; poolMs: number; signIns: number };

const noneKept = (): Kept => ({
  latencies: new Map(PROBES.map(({ flow }) => [flow, []])),
  elapsedMs: 0,
  loopMs: 0,
  poolMs: 0,
  signIns: 0,
});

/** Each probe has visitors of its own: one target each, of the same server. */
async function introduce(server: OurContender, storm: Load, probes: Load): Promise<void> {
  const people = [...server.target.people];
  const target = (name: string, count: number) => ({ ...server.target, name, people: people.splice(0, count) });
  await storm.order({ kind: 'target', target: target('storm', STORM_VISITORS) });
  await storm.order({ kind: 'prepare', target: 'storm', flow: 'sign_in', visitors: STORM_VISITORS });
  for (const { flow, visitors } of PROBES) {
    await probes.order({ kind: 'target', target: target(flow, visitors) });
    await probes.order({ kind: 'prepare', target: flow, flow, visitors });
  }
}

async function probe(server: OurContender, probes: Load, kept: Kept): Promise<void> {
  const begun = performance.now();
  const before = server.process.partsMs();
  const slices = await Promise.all(
    PROBES.map(({ flow, visitors, perSecond }) =>
      probes.order({ kind: 'open', target: flow, flow, visitors, perSecond, ms: SLICE_MS, from: 'sent' }),
    ),
  );
  const after = server.process.partsMs();
  kept.elapsedMs += performance.now() - begun;
  kept.loopMs += after.loop - before.loop;
  kept.poolMs += after.pool - before.pool;
  for (const [index, { flow }] of PROBES.entries())
    kept.latencies.get(flow)?.push(...(slices[index] as Slice).latencies);
}

async function inTheStorm(storm: Load, work: () => Promise<void>, kept: Kept): Promise<void> {
  const ms = GATHERING_MS + SLICE_MS;
  const raging = storm.order({ kind: 'closed', target: 'storm', flow: 'sign_in', visitors: STORM_VISITORS, ms });
  await sleep(GATHERING_MS);
  await work();
  const { latencies, elapsedMs } = await raging;
  kept.signIns += (latencies.length / elapsedMs) * SLICE_MS;
}

async function measure({ name, shares, cores: own, env }: Arrangement): Promise<Outcome> {
  const storm = await startLoad();
  const probes = await startLoad({ goesFirst: true });
  const visitors = STORM_VISITORS + PROBES.reduce((sum, one) => sum + one.visitors, 0);
  const common = { cores: own, nodeFlags: NODE_FLAGS, visitors, smsGatewayUrl: storm.gatewayUrl };
  const server = await startOurs({ name, hash: 'real', env: { ...env, ...extraEnv } }, common);
  try {
    await introduce(server, storm, probes);
    // Until the compiler has seen both.
    await inTheStorm(storm, () => probe(server, probes, noneKept()), noneKept());
    const idle = noneKept();
    const raging = noneKept();
    for (let round = 0; round < ROUNDS; round += 1) {
      await probe(server, probes, idle);
      await inTheStorm(storm, () => probe(server, probes, raging), raging);
      // Those who were still in line have gone.
      await sleep(300);
    }
    return {
      arrangement: name,
      shares: canPin ? shares : 'nothing is pinned',
      signInsPerSecond: rounded((raging.signIns * 1_000) / (ROUNDS * SLICE_MS)),
      busy: { idle: busyOf(idle), storm: busyOf(raging) },
      rows: PROBES.map(({ flow }) => rowOf(flow, idle, raging)),
    };
  } finally {
    for (const one of [probes, storm, server]) await one.stop();
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const busyOf = ({ loopMs, poolMs, elapsedMs }: Kept): Busy => ({
  loop: rounded(loopMs / elapsedMs),
  pool: rounded(poolMs / elapsedMs),
});

function rowOf(flow: Flow, idle: Kept, storm: Kept): Row {
  const before = timesOf(idle.latencies.get(flow) ?? []);
  const during = timesOf(storm.latencies.get(flow) ?? []);
  const [p50Ratio, p99Ratio] = [rounded(during.p50Ms / before.p50Ms), rounded(during.p99Ms / before.p99Ms)];
  return { flow, idle: before, storm: during, p50Ratio, p99Ratio };
}

function timesOf(latencies: readonly number[]): Times {
  const sorted = latencies.toSorted((a, b) => a - b);
  return { flows: sorted.length, p50Ms: rounded(percentile(sorted, 0.5)), p99Ms: rounded(percentile(sorted, 0.99)) };
}

function show({ arrangement, shares, signInsPerSecond, busy, rows }: Outcome): void {
  console.log(`\n${arrangement}: ${shares}`);
  console.log(
    `${signInsPerSecond} sign-ins/s in the storm; busy cores of the loop ${busy.idle.loop} → ${busy.storm.loop}, of the pool ${busy.idle.pool} → ${busy.storm.pool}`,
  );
  for (const { flow, idle, storm, p50Ratio, p99Ratio } of rows)
    console.log(
      `${flow.padEnd(20)} p50 ${idle.p50Ms} → ${storm.p50Ms} ms (${p50Ratio} ×)   p99 ${idle.p99Ms} → ${storm.p99Ms} ms (${p99Ratio} ×)   of ${idle.flows} and ${storm.flows}`,
    );
}

const machine = machineFacts();
const extraEnv = Object.fromEntries(options.env.map((pair) => pair.split('=', 2) as [string, string]));
const outcomes: Outcome[] = [];
for (const arrangement of ARRANGEMENTS) {
  if (options.only !== undefined && !options.only.includes(arrangement.name)) continue;
  const outcome = await measure(arrangement);
  show(outcome);
  outcomes.push(outcome);
}
const setup = {
  stormVisitors: STORM_VISITORS,
  probes: PROBES,
  probesGoFirst: canGoFirst,
  rounds: ROUNDS,
  sliceMs: SLICE_MS,
  nodeFlags: NODE_FLAGS,
  settings: {
    ...Object.fromEntries(Object.entries(OUR_SETTINGS).map(([key, { value }]) => [key, value])),
    ...extraEnv,
  },
};
const result = { measuredAt: new Date().toISOString(), machine, setup, outcomes };
writeFileSync(new URL('results/storm.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
