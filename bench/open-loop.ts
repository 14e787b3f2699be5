/** Latency at a steady load below capacity, counted from when each flow should have begun. The bare library stands beside ours, at the same share of its own capacity:
 *  what both have is the machine's, and beside each window stands what the machine and others took of the cores. */
import type { Contender } from './contenders.ts';
import type { Flow } from './flows.ts';
import type { Slice } from './generator.ts';
import { generatorCores, type Load, measuredOf, type Samples, sample, serverCore } from './load.ts';
import { type Measured, median, type OpenWindow, percentile } from './result.ts';
import type { Stall } from './stall-meter.ts';
import { type CoreUse, coreUseOf, isNearStall, startStallMeters } from './stalls.ts';

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

  const open = new Map(contenders.map(({ name }) => [name, { ...noSamples(), ...noWindows() }]));
  const meters = startStallMeters([serverCore, ...generatorCores]);
  await inTurn(async (one) => {
    const loop = { target: one.name, flow, visitors: VISITORS.open, perSecond: capacityOf(one.name) * LOAD };
    const { slices, cpuMs, windows, undisturbed } = open.get(one.name) as OpenSamples;
    // Connections that were idle for some seconds are closed.
    await load.order({ kind: 'prepare', ...loop });
    await load.order({ kind: 'open', ...loop, ms: RUN_UP_MS });
    await meters.read();
    const { pid = 0 } = one.process.child;
    const before = { cpuMs: one.process.cpuMs(), core: coreUseOf(pid, serverCore) };
    const slice = await load.order({ kind: 'open', ...loop, ms });
    const core = coreUseOf(pid, serverCore);
    slices.push(slice);
    cpuMs.push(one.process.cpuMs() - before.cpuMs);
    const stalls = await meters.read();
    windows.push(
      windowOf(slice, stalls, { waited: core.waited - before.core.waited, others: core.others - before.core.others }),
    );
    const { latencies, dueMs = [] } = slice;
    if (stalls !== undefined)
      undisturbed.push(...latencies.filter((_, flow) => !isNearStall(stalls, dueMs[flow] ?? 0)));
  });
  meters.stop();
  return [...open].map(([name, samples]) => rowOf(`${flow} open loop ${LOAD * 100}%`, name, samples));
}

/** `undisturbed`: latencies of the flows of all windows near which the machine took no core away. */
type OpenSamples = Samples & { windows: OpenWindow[]; undisturbed: number[] };

const noSamples = (): Samples => ({ slices: [], cpuMs: [] });
const noWindows = (): Pick<OpenSamples, 'windows' | 'undisturbed'> => ({ windows: [], undisturbed: [] });

function windowOf({ latencies, lateMs = [] }: Slice, stalls: readonly Stall[] | undefined, core: CoreUse): OpenWindow {
  const lengths = stalls?.map(([from, to]) => to - from);
  return {
    p50Ms: part(latencies, 0.5),
    p99Ms: part(latencies, 0.99),
    generatorLateP99Ms: part(lateMs, 0.99),
    waitedForCoreMs: core.waited,
    coreGivenToOthersMs: core.others,
    ...(lengths === undefined
      ? {}
      : { machineTookMs: lengths.reduce((sum, one) => sum + one, 0), machineTookAtOnceMs: Math.max(0, ...lengths) }),
  };
}

function rowOf(flow: string, name: string, samples: OpenSamples): Measured {
  const { windows, undisturbed } = samples;
  return {
    ...measuredOf(flow, name, samples),
    p50Ms: median(windows.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(windows.map(({ p99Ms }) => p99Ms)),
    windows,
    ...(undisturbed.length === 0
      ? {}
      : { undisturbed: { flows: undisturbed.length, p50Ms: part(undisturbed, 0.5), p99Ms: part(undisturbed, 0.99) } }),
  };
}

const part = (numbers: readonly number[], share: number): number =>
  percentile(
    numbers.toSorted((a, b) => a - b),
    share,
  );
