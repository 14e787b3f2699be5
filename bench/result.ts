import type { MachineFacts } from './machine.ts';

/** One row of the table: one flow on one server. */
export type Measured = {
  flow: string;
  contender: string;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMsPerFlow: number;
  flows: number;
  /** Throughput against the floor's in the same rounds; the middle one of the rounds. */
  ratio?: number;
  /** CPU of a flow against the floor's: below 1 is cheaper. */
  cpuRatio?: number;
  ratioToDefault?: number;
  /** Against the hashes a second that argon2 alone does on the same cores, at so many hashes a flow. */
  ratioToHashing?: number;
  /** Of an open loop, whose p50 and p99 are the middle ones of these. */
  windows?: readonly OpenWindow[];
  /** Of the flows of all windows near which the machine took no core away. */
  undisturbed?: { flows: number; p50Ms: number; p99Ms: number };
};

/** `generatorLateP99Ms`: how late the generator itself was with the start of a flow. */
export type OpenWindow = {
  p50Ms: number;
  p99Ms: number;
  generatorLateP99Ms: number;
  /** That the event loop stood in line for its core, behind its own helpers or others. */
  waitedForCoreMs: number;
  /** That the server's core worked for others. */
  coreGivenToOthersMs: number;
  /** From everybody on a core, server's or generator's; all of it, and the longest. */
  machineTookMs?: number;
  machineTookAtOnceMs?: number;
};

export type Result = {
  name: string;
  measuredAt: string;
  machine: MachineFacts;
  setup: { visitors: number; sliceMs: number; rounds: number; pinning: string; nodeFlags: string[]; settings: object };
  rows: Measured[];
  coldStartMs: Record<string, number>;
  residentMib: Record<string, number>;
  argon2PerSecond: number | undefined;
};

export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return percentile(sorted, 0.5);
}

export function print(result: Result): void {
  const { machine, setup } = result;
  console.log(
    `\n${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, Node ${machine.node}, commit ${machine.commit}, load at the start ${machine.loadAtStart}`,
  );
  console.log(
    `one core signs ${machine.signaturesPerSecond.ES256} ES256 or ${machine.signaturesPerSecond.RS256} RS256 a second; argon2id ${result.argon2PerSecond?.toFixed(1) ?? 'not measured'}/s`,
  );
  console.log(
    `${setup.visitors} visitors, ${setup.rounds} rounds of ${setup.sliceMs} ms a flow and server; ${setup.pinning}`,
  );
  console.log(`node ${setup.nodeFlags.join(' ') || '(no flags)'}; ours with ${JSON.stringify(setup.settings)}\n`);
  console.log(
    line([
      'flow',
      'server',
      'flows/s',
      '× floor',
      '× default',
      'p50 ms',
      'p99 ms',
      'CPU ms',
      'CPU × floor',
      '× argon2',
    ]),
  );
  for (const row of result.rows)
    console.log(
      line([
        row.flow,
        row.contender,
        row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
        ratio(row.ratio),
        ratio(row.ratioToDefault),
        row.p50Ms.toFixed(1),
        row.p99Ms.toFixed(1),
        row.cpuMsPerFlow.toFixed(2),
        ratio(row.cpuRatio),
        ratio(row.ratioToHashing),
      ]),
    );
  for (const row of result.rows) printWindows(row);
  console.log('\ncold start ms', result.coldStartMs, '\nresident MiB at the end', result.residentMib);
}

function printWindows({ flow, contender, windows = [], undisturbed }: Measured): void {
  if (windows.length === 0) return;
  console.log(
    `\n${flow}, ${contender}: each window's p50 and p99; the core was waited for, was others', was taken by the machine (longest), ms`,
  );
  for (const one of windows) {
    const took =
      one.machineTookMs === undefined
        ? 'not measured'
        : `${one.machineTookMs.toFixed(0)} (${one.machineTookAtOnceMs?.toFixed(0)})`;
    const core = [one.waitedForCoreMs, one.coreGivenToOthersMs].map((ms) => ms.toFixed(0).padStart(6));
    console.log(`${one.p50Ms.toFixed(1).padStart(6)}${one.p99Ms.toFixed(1).padStart(7)}${core.join('')}  ${took}`);
  }
  if (undisturbed !== undefined)
    console.log(
      `where the machine took nothing within 50 ms (${undisturbed.flows} flows): ${undisturbed.p50Ms.toFixed(1)}, ${undisturbed.p99Ms.toFixed(1)}`,
    );
}

const WIDTHS = [24, 16, 9, 8, 10, 8, 8, 8, 12, 9];

function line(cells: string[]): string {
  return cells
    .map((cell, index) => (index < 2 ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join('');
}

function ratio(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}
