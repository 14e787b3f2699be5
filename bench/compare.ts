/** `npm run bench:compare [name]`: bench/results/<name>.json as it lies there against its last committed state, row by row. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Measured, Result } from './result.ts';

const name = process.argv[2] ?? 'latest';
const path = `bench/results/${name}.json`;
const now = JSON.parse(readFileSync(new URL(`results/${name}.json`, import.meta.url), 'utf8')) as Result;
const then = JSON.parse(execFileSync('git', ['show', `HEAD:${path}`], { encoding: 'utf8' })) as Result;

if (now.measuredAt === then.measuredAt) console.log('Nothing was measured since the last commit: run npm run bench.');
console.log(`${then.machine.commit} (${then.measuredAt}) → ${now.machine.commit} (${now.measuredAt})`);
if (then.machine.cpu !== now.machine.cpu || then.machine.node !== now.machine.node)
  console.log('Another machine or another Node: compare the ratios, not the rates.');

const keyOf = ({ flow, contender }: Measured): string => `${flow} / ${contender}`;
const before = new Map(then.rows.map((row) => [keyOf(row), row]));
const change = (from: number | undefined, to: number | undefined, digits: number): string => {
  if (to === undefined) return '';
  return from === undefined ? to.toFixed(digits) : `${from.toFixed(digits)} → ${to.toFixed(digits)}`;
};
console.table(
  Object.fromEntries(
    now.rows.map((row) => {
      const old = before.get(keyOf(row));
      const cells = {
        '× floor': change(old?.ratio, row.ratio, 2),
        'CPU × floor': change(old?.cpuRatio, row.cpuRatio, 2),
        'flows/s': change(old?.perSecond, row.perSecond, 0),
        'p99 ms': change(old?.p99Ms, row.p99Ms, 1),
        '× argon2': change(old?.ratioToHashing, row.ratioToHashing, 2),
      };
      return [keyOf(row), cells];
    }),
  ),
);
