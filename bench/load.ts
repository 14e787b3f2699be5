/** The load generator of a run, and what a slice of its load costs a server. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Contender } from './contenders.ts';
import type { Flow } from './flows.ts';
import type { Numbered, Order, Report, Slice } from './generator.ts';
import { canGoFirst, canPin, startPinned } from './pinned-process.ts';
import { type Measured, percentile } from './result.ts';

export const cores = Array.from({ length: availableParallelism() }, (_, index) => index);
const [firstCore = 0, ...otherCores] = cores;
/** Servers share it: only the one whose turn it is has work. */
export const serverCore = firstCore;
export const generatorCores = otherCores.length === 0 ? [serverCore] : otherCores;
export const pinning = canPin
  ? `servers on core ${serverCore}, generator on ${generatorCores.join(',')}; servers with real hashing on every core`
  : 'no taskset: nothing is pinned';

export type Load = {
  /** Where servers under test send their text messages. */
  gatewayUrl: string;
  /** May be told more while it is at work. @throws when an answer was not the expected one. */
  order(message: Order): Promise<Slice>;
  /** The generator, to other cores. */
  move(cores: readonly number[]): void;
  stop(): Promise<void>;
};

/** `goesFirst`: before everything else on its cores, where the system allows it, so that what it measures is not its own waiting for a core. With one thread alone: a
 *  loop that goes first and asks again and again whether a helper of V8's on the same core is done would never let it be. */
export async function startLoad({ goesFirst = false } = {}): Promise<Load> {
  const file = new URL('generator.ts', import.meta.url).pathname;
  const generator = startPinned({
    ...(goesFirst && canGoFirst
      ? { command: 'chrt', args: ['--fifo', '1', process.execPath, '--single-threaded', file] }
      : { args: [file] }),
    cores: generatorCores,
  });
  const [ready] = (await once(generator.child, 'message')) as [Report & { kind: 'ready' }];
  const waiting = new Map<number, (slice: Slice) => void>();
  generator.child.on('message', (report: Report & { kind: 'done' }) => {
    waiting.get(report.number)?.(report.slice);
    waiting.delete(report.number);
  });
  let orders = 0;
  return {
    gatewayUrl: ready.gatewayUrl,
    async order(message) {
      orders += 1;
      const number = orders;
      const answer = new Promise<Slice>((resolve) => {
        waiting.set(number, resolve);
      });
      generator.child.send({ number, order: message } satisfies Numbered);
      const slice = await answer;
      if (slice.errors > 0)
        throw new Error(`${JSON.stringify({ ...message, target: undefined })}: ${slice.firstError}`);
      return slice;
    },
    move: (to) => generator.move(0, to),
    stop: () => generator.stop(),
  };
}

/** `cpuMs`: of the server, slice by slice. */
export type Samples = { slices: Slice[]; cpuMs: number[] };

export type ClosedLoop = { flow: Flow; visitors: number; ms: number };

/** One slice of a closed loop; what the flow presupposes is made before it. */
export async function sample(load: Load, contender: Contender, loop: ClosedLoop, samples: Samples): Promise<void> {
  const { flow, visitors, ms } = loop;
  await load.order({ kind: 'prepare', target: contender.name, flow, visitors });
  const before = contender.process.cpuMs();
  samples.slices.push(await load.order({ kind: 'closed', target: contender.name, flow, visitors, ms }));
  samples.cpuMs.push(contender.process.cpuMs() - before);
}

export function measuredOf(flow: string, contender: string, { slices, cpuMs }: Samples): Measured {
  const latencies = slices.flatMap((slice) => slice.latencies).toSorted((a, b) => a - b);
  const elapsedMs = slices.reduce((sum, slice) => sum + slice.elapsedMs, 0);
  return {
    flow,
    contender,
    perSecond: (latencies.length * 1000) / elapsedMs,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cpuMsPerFlow: cpuMs.reduce((sum, ms) => sum + ms, 0) / latencies.length,
    flows: latencies.length,
  };
}
