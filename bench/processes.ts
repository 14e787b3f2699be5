/** `node bench/processes.ts`: two processes on one port (WORKERS=2, as operators run it) against one, on the stores that several can share.
 *  All on one core, so what is compared is the CPU of a flow, of the primary and its workers together: at unchanged CPU two processes with a core each do twice
 *  as much. Each process has as many visitors as the one alone. In the same rounds, to tell what the machine takes from what we do: the bare library as one process and as
 *  two that share nothing; ours with half of the visitors; and our two workers on a core each, with the generator on both.
 *  Needs TEST_DATABASE_URL; TEST_REDIS_URL adds Redis. Writes bench/results/processes.json, if nothing was left out. --rounds, --slice-ms, --warm-up-ms, --flow, --only: as in `npm run bench`. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Contender, type ContenderOptions, startFloor, startServices } from './contenders.ts';
import type { Flow } from './flows.ts';
import { cores, generatorCores, measuredOf, pinning, type Samples, sample, serverCore, startLoad } from './load.ts';
import { machineFacts } from './machine.ts';
import { median } from './result.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    'slice-ms': { type: 'string', default: '500' },
    'warm-up-ms': { type: 'string', default: '5000' },
    flow: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
  },
});
const ROUNDS = Number(options.rounds);
const SLICE_MS = Number(options['slice-ms']);
const VISITORS = 16;
const WARM_UP_MS = Number(options['warm-up-ms']);
const FLOWS = (['sso', 'refresh'] satisfies Flow[]).filter((flow) => options.flow?.includes(flow) ?? true);
const STORES = ['postgres', 'redis+postgres'].filter((store) => options.only?.includes(store) ?? true);
const TWO = ' × 2';

/** Two against one. `speedUp`: what two processes with a core each do, by their CPU; 2 would be all. Of the rounds, the middle one. */
type Comparison = {
  flowsPerCpuSecond: { one: number; two: number };
  speedUp: number;
  p50Ms: { one: number; two: number };
  p99Ms: { one: number; two: number };
};
type Row = Comparison & {
  flow: string;
  store: string;
  /** With half of the visitors, against all of them: what larger batches are worth. */
  flowsPerCpuSecondOfHalf: number;
  /** The workers on a core each, generator and stores on the same two. */
  apart: { flowsPerCpuSecond: number; speedUp: number };
  /** The library alone, in memory, as two processes that share nothing. */
  floor: Comparison;
  /** Ours by what is left to the floor: what two processes lose of their own. */
  speedUpToFloor: number;
};

const machine = machineFacts();
const load = await startLoad();
const common: ContenderOptions = {
  cores: [serverCore],
  nodeFlags: [],
  visitors: 2 * VISITORS,
  smsGatewayUrl: load.gatewayUrl,
};
const started: Contender[] = [];

/** Some visitors of a server, and what its flows have cost so far. */
type Turn = { contender: Contender; visitors: number; samples: Samples; isApart?: true };

const turnOf = (contender: Contender, visitors: number): Turn => ({ contender, visitors, samples: noSamples() });
const noSamples = (): Samples => ({ slices: [], cpuMs: [] });
const rounded = (value: number): number => Math.round(value * 100) / 100;

async function take({ contender, visitors, samples, isApart }: Turn, flow: Flow, ms: number): Promise<void> {
  if (isApart === true) putApart(contender, true);
  await sample(load, contender, { flow, visitors, ms }, samples);
  if (isApart === true) putApart(contender, false);
}

/** The first worker stays where it is, the second gets the generator's core. */
function putApart({ process }: Contender, isApart: boolean): void {
  process.move(2, isApart ? generatorCores : [serverCore]);
  load.move(isApart ? cores : generatorCores);
}

const costsOf = ({ slices, cpuMs }: Samples): number[] =>
  cpuMs.map((ms, round) => ms / (slices[round]?.latencies.length ?? 0));
const speedUp = (one: Turn, two: Turn): number => {
  const costs = costsOf(two.samples);
  return rounded(median(costsOf(one.samples).map((cost, round) => (2 * cost) / (costs[round] ?? Number.NaN))));
};
const perCpuSecond = ({ samples }: Turn): number => rounded(1_000 / median(costsOf(samples)));

function comparisonOf(one: Turn, two: Turn): Comparison {
  const [ofOne, ofTwo] = [one, two].map(({ contender, samples }) => measuredOf('', contender.name, samples));
  const both = (of: 'p50Ms' | 'p99Ms') => ({ one: rounded(ofOne?.[of] ?? 0), two: rounded(ofTwo?.[of] ?? 0) });
  return {
    flowsPerCpuSecond: { one: perCpuSecond(one), two: perCpuSecond(two) },
    speedUp: speedUp(one, two),
    p50Ms: both('p50Ms'),
    p99Ms: both('p99Ms'),
  };
}

async function compare(flow: Flow, store: string): Promise<Row> {
  const named = (name: string): Contender => started.find((one) => one.name === name) as Contender;
  const one = turnOf(named(store), VISITORS);
  const half = turnOf(named(store), VISITORS / 2);
  const two = turnOf(named(store + TWO), 2 * VISITORS);
  const apart: Turn = { ...turnOf(named(store + TWO), 2 * VISITORS), isApart: true };
  const floorOne = turnOf(named('floor'), VISITORS);
  const floorTwo = turnOf(named(`floor${TWO}`), 2 * VISITORS);
  // Of two each has half of the core to compile its code on.
  for (const turn of [one, two, floorOne, floorTwo])
    await take({ ...turn, samples: noSamples() }, flow, (WARM_UP_MS * turn.visitors) / VISITORS);
  const turns = [one, two, half, apart, floorOne, floorTwo];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await take(turn, flow, SLICE_MS);
  const [ours, floor] = [comparisonOf(one, two), comparisonOf(floorOne, floorTwo)];
  return {
    flow,
    store,
    ...ours,
    flowsPerCpuSecondOfHalf: perCpuSecond(half),
    apart: { flowsPerCpuSecond: perCpuSecond(apart), speedUp: speedUp(one, apart) },
    floor,
    speedUpToFloor: rounded((2 * ours.speedUp) / floor.speedUp),
  };
}

/** Two that share nothing, as one. */
async function startTwoFloors(): Promise<Contender> {
  const [first, second] = await Promise.all([startFloor('floor', common), startFloor('floor', common)]);
  const name = `floor${TWO}`;
  return {
    ...first,
    name,
    process: { ...first.process, cpuMs: () => first.process.cpuMs() + second.process.cpuMs() },
    target: { ...first.target, name, others: [second.target.issuer] },
    stop: async () => void (await Promise.all([first.stop(), second.stop()])),
  };
}

try {
  started.push(...(await startServices(common)));
  started.push(...(await startServices(common, { suffix: TWO, env: { WORKERS: '2' }, redisDatabase: 1 })));
  if (started.length === 0) throw new Error('TEST_DATABASE_URL names no server');
  started.push(await startFloor('floor', common), await startTwoFloors());
  for (const { target } of started) await load.order({ kind: 'target', target });
  const rows: Row[] = [];
  for (const store of STORES.filter((name) => started.some((one) => one.name === name)))
    for (const flow of FLOWS) {
      rows.push(await compare(flow, store));
      console.log(JSON.stringify(rows.at(-1)));
    }
  const setup = { visitorsOfEachProcess: VISITORS, rounds: ROUNDS, sliceMs: SLICE_MS, pinning };
  const result = { measuredAt: new Date().toISOString(), machine, setup, rows };
  if (options.flow === undefined && options.only === undefined)
    writeFileSync(new URL('results/processes.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  for (const one of [load, ...started]) await one.stop();
}
