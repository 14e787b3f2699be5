/** `node bench/processes.ts`: two processes on one port (WORKERS=2, as operators run it) against one, on the stores that several can share.
 *  All on one core, so what is compared is the CPU of a flow, of the primary and its workers together: at unchanged CPU two processes with a core each do twice
 *  as much. Each process has as many visitors as the one alone. Needs TEST_DATABASE_URL; TEST_REDIS_URL adds Redis. Writes bench/results/processes.json.
 *  --rounds, --slice-ms: as in `npm run bench`. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Contender, type ContenderOptions, startServices } from './contenders.ts';
import type { Flow } from './flows.ts';
import { measuredOf, pinning, type Samples, sample, serverCore, startLoad } from './load.ts';
import { machineFacts } from './machine.ts';
import { median } from './result.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '12' }, 'slice-ms': { type: 'string', default: '500' } },
});
const ROUNDS = Number(options.rounds);
const SLICE_MS = Number(options['slice-ms']);
const VISITORS = 16;
const WARM_UP_MS = 5_000;
const FLOWS: Flow[] = ['sso', 'refresh'];
const STORES = ['postgres', 'redis+postgres'];
const TWO = ' × 2';

/** Two against one. `speedUp`: what two processes with a core each do, by their CPU; 2 would be all. Of the rounds, the middle one. */
type Row = {
  flow: string;
  store: string;
  flowsPerCpuSecond: { one: number; two: number };
  speedUp: number;
  p50Ms: { one: number; two: number };
  p99Ms: { one: number; two: number };
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

async function compare(flow: Flow, store: string, [one, two]: readonly [Contender, Contender]): Promise<Row> {
  const samples = { one: noSamples(), two: noSamples() };
  const ofOne = (ms: number, kept: Samples): Promise<void> => sample(load, one, { flow, visitors: VISITORS, ms }, kept);
  const ofTwo = (ms: number, kept: Samples): Promise<void> =>
    sample(load, two, { flow, visitors: 2 * VISITORS, ms }, kept);
  // Each of the two has half of the core to compile its code on.
  await ofOne(WARM_UP_MS, noSamples());
  await ofTwo(2 * WARM_UP_MS, noSamples());
  for (let round = 0; round < ROUNDS; round += 1) {
    const turns = [() => ofOne(SLICE_MS, samples.one), () => ofTwo(SLICE_MS, samples.two)];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  const rows = { one: measuredOf(flow, one.name, samples.one), two: measuredOf(flow, two.name, samples.two) };
  const costOf = ({ slices, cpuMs }: Samples, round: number): number =>
    (cpuMs[round] ?? Number.NaN) / (slices[round]?.latencies.length ?? 0);
  const speedUps = samples.one.cpuMs.map((_, round) => (2 * costOf(samples.one, round)) / costOf(samples.two, round));
  return {
    flow,
    store,
    flowsPerCpuSecond: { one: rounded(1_000 / rows.one.cpuMsPerFlow), two: rounded(1_000 / rows.two.cpuMsPerFlow) },
    speedUp: rounded(median(speedUps)),
    p50Ms: { one: rounded(rows.one.p50Ms), two: rounded(rows.two.p50Ms) },
    p99Ms: { one: rounded(rows.one.p99Ms), two: rounded(rows.two.p99Ms) },
  };
}

const noSamples = (): Samples => ({ slices: [], cpuMs: [] });
const rounded = (value: number): number => Math.round(value * 100) / 100;

try {
  started.push(...(await startServices(common)));
  started.push(...(await startServices(common, { suffix: TWO, env: { WORKERS: '2' }, redisDatabase: 1 })));
  if (started.length === 0) throw new Error('TEST_DATABASE_URL names no server');
  for (const { target } of started) await load.order({ kind: 'target', target });
  const rows: Row[] = [];
  for (const store of STORES)
    for (const flow of FLOWS) {
      const one = started.find(({ name }) => name === store);
      const two = started.find(({ name }) => name === store + TWO);
      if (one === undefined || two === undefined) continue;
      rows.push(await compare(flow, store, [one, two]));
      console.log(JSON.stringify(rows.at(-1)));
    }
  const setup = { visitorsOfEachProcess: VISITORS, rounds: ROUNDS, sliceMs: SLICE_MS, pinning };
  const result = { measuredAt: new Date().toISOString(), machine, setup, rows };
  writeFileSync(new URL('results/processes.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  for (const one of [load, ...started]) await one.stop();
}
