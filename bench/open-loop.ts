/** Latency at a steady load below capacity, counted from when each flow should have begun. The bare library stands beside ours, at the same share of its own capacity:
 *  what both have is the machine's. */
import type { Contender } from './contenders.ts';
import type { Flow } from './flows.ts';
import { type Load, measuredOf, type Samples, sample } from './load.ts';
import { type Measured, median, percentile } from './result.ts';

/** `rounds`: windows of `ms` a server, all servers in turn. */
export type OpenLoops = { flow: Flow; rounds: number; ms: number };

const LOAD = 0.7;
const VISITORS = { closed: 16, open: 256 };
const WARM_UP_MS = 5_000;
const CAPACITY_MS = 400;
const RUN_UP_MS = 500;

/** First as many flows as it takes until the compiler's threads, a tenth of a core at first, have done most of their work. Of the windows the middle p50 and p99: one
 *  of which the machine took half a second for something else says nothing about a server. */
export async function compareOpenLoops(
  load: Load,
  contenders: readonly Contender[],
  { flow, rounds, ms }: OpenLoops,
): Promise<Measured[]> {
  const closedLoop = { flow, visitors: VISITORS.closed };
  for (const one of contenders) await sample(load, one, { ...closedLoop, ms: WARM_UP_MS }, noSamples());
  const closed = new Map(contenders.map(({ name }) => [name, noSamples()]));
  const inTurn = async (visit: (contender: Contender) => Promise<void>): Promise<void> => {
    for (let round = 0; round < rounds; round += 1)
      for (const one of round % 2 === 0 ? contenders : contenders.toReversed()) await visit(one);
  };
  await inTurn((one) => sample(load, one, { ...closedLoop, ms: CAPACITY_MS }, closed.get(one.name) as Samples));
  const capacityOf = (name: string): number =>
    median((closed.get(name) as Samples).slices.map((slice) => (slice.latencies.length * 1_000) / slice.elapsedMs));

  const open = new Map(contenders.map(({ name }) => [name, noSamples()]));
  await inTurn(async (one) => {
    const loop = { target: one.name, flow, visitors: VISITORS.open, perSecond: capacityOf(one.name) * LOAD };
    const { slices, cpuMs } = open.get(one.name) as Samples;
    // Connections that were idle for some seconds are closed.
    await load.order({ kind: 'prepare', ...loop });
    await load.order({ kind: 'open', ...loop, ms: RUN_UP_MS });
    const before = one.process.cpuMs();
    slices.push(await load.order({ kind: 'open', ...loop, ms }));
    cpuMs.push(one.process.cpuMs() - before);
  });
  return [...open].map(([name, samples]) => rowOf(`${flow} open loop ${LOAD * 100}%`, name, samples));
}

const noSamples = (): Samples => ({ slices: [], cpuMs: [] });

function rowOf(flow: string, name: string, samples: Samples): Measured {
  const windows = samples.slices.map(({ latencies, lateMs = [] }) => ({
    p50Ms: part(latencies, 0.5),
    p99Ms: part(latencies, 0.99),
    generatorLateP99Ms: part(lateMs, 0.99),
  }));
  return {
    ...measuredOf(flow, name, samples),
    p50Ms: median(windows.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(windows.map(({ p99Ms }) => p99Ms)),
    windows,
  };
}

const part = (numbers: readonly number[], share: number): number =>
  percentile(
    numbers.toSorted((a, b) => a - b),
    share,
  );
