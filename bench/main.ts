/** `npm run bench`: the provider against bare oidc-provider, flow by flow, in one run.
 *  Servers, generator and hashing are processes of their own, the servers on one core and the generator on the others; for each flow, short slices of
 *  every server alternate, so that the machine's noise hits all alike.
 *  --quick: about a minute.  --flow, --only: one flow or server (may be repeated).  --name: bench/results/<name>.json (default latest).
 *  TEST_DATABASE_URL and TEST_REDIS_URL add PostgreSQL, and Redis with PostgreSQL. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Contender, OUR_SETTINGS, startFloor, startOurs, startServices } from './contenders.ts';
import { FLOWS, type Flow } from './flows.ts';
import type { Slice } from './generator.ts';
import { cores, measuredOf, pinning, type Samples, sample, serverCore, startLoad } from './load.ts';
import { machineFacts } from './machine.ts';
import { compareOpenLoops } from './open-loop.ts';
import { type Measured, median, print, type Result } from './result.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    flow: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    'slice-ms': { type: 'string' },
    visitors: { type: 'string', default: '16' },
    name: { type: 'string', default: 'latest' },
    'node-flag': { type: 'string', multiple: true, default: [] },
    env: { type: 'string', multiple: true, default: [] },
    'no-open-loop': { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds ?? (options.quick ? 4 : 20));
const SLICE_MS = Number(options['slice-ms'] ?? 350);
const VISITORS = Number(options.visitors);
const HASHING_SLICE_MS = options.quick ? 1_500 : 4_000;
const HASHING_ROUNDS = options.quick ? 2 : 4;
const ACTIVATIONS = options.quick ? 160 : 600;
const OPEN_LOOP = options.quick ? { rounds: 3, ms: 1_500 } : { rounds: 7, ms: 3_000 };

const isWanted = (name: string): boolean => options.only === undefined || options.only.includes(name);
const isFlowWanted = (flow: string): boolean => options.flow === undefined || options.flow.includes(flow);

const machine = machineFacts();
const load = await startLoad();
const common = {
  cores: [serverCore],
  nodeFlags: options['node-flag'],
  visitors: VISITORS,
  smsGatewayUrl: load.gatewayUrl,
};
const extraEnv = Object.fromEntries(options.env.map((pair) => pair.split('=', 2) as [string, string]));

const started: Contender[] = [];

async function startAll(): Promise<void> {
  const add = async (name: string, start: () => Promise<Contender | Contender[]>): Promise<void> => {
    if (isWanted(name)) started.push(...[await start()].flat());
  };
  await add('floor', () => startFloor('floor', common));
  await add('default', () => startFloor('default', common));
  await add('sqlite', () => startOurs({ name: 'sqlite', hash: 'cheap', env: extraEnv }, common));
  const full = { ...extraEnv, SQLITE_SYNCHRONOUS: 'FULL' };
  await add('sqlite-full', () => startOurs({ name: 'sqlite-full', hash: 'cheap', env: full }, common));
  await add('services', () => startServices(common));
  for (const { target } of started) await load.order({ kind: 'target', target });
}

const rateOf = (slice: Slice | undefined): number =>
  slice === undefined ? Number.NaN : slice.latencies.length / slice.elapsedMs;

/** One flow on every server, slice by slice in turn. */
async function compare(flow: Flow, contenders: readonly Contender[]): Promise<Measured[]> {
  const all = new Map<string, Samples>(contenders.map(({ name }) => [name, { slices: [], cpuMs: [] }]));
  const loop = { flow, visitors: VISITORS, ms: SLICE_MS };
  const warmUp = { slices: [], cpuMs: [] };
  for (const contender of contenders) await sample(load, contender, loop, warmUp);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed())
      await sample(load, contender, loop, all.get(contender.name) as Samples);

  const rows = new Map([...all].map(([name, samples]) => [name, measuredOf(flow, name, samples)]));
  const against = (name: string, base: string): number | undefined => {
    const others = all.get(base)?.slices;
    if (others === undefined) return undefined;
    return median((all.get(name)?.slices ?? []).map((slice, round) => rateOf(slice) / rateOf(others[round])));
  };
  return [...rows.values()].map((row) => {
    const ratio = against(row.contender, 'floor');
    const ratioToDefault = against(row.contender, 'default');
    const floorCpu = rows.get('floor')?.cpuMsPerFlow;
    return {
      ...row,
      ...(ratio === undefined ? {} : { ratio }),
      ...(ratioToDefault === undefined ? {} : { ratioToDefault }),
      ...(floorCpu === undefined ? {} : { cpuRatio: row.cpuMsPerFlow / floorCpu }),
    };
  });
}

async function hashesPerSecond(ms: number): Promise<number> {
  const child = fork(new URL('argon2-limit.ts', import.meta.url), [String(ms)]);
  const [rate] = (await once(child, 'message')) as [number];
  return rate;
}

const HASHES: Partial<Record<Flow, number>> = { sign_in: 1, activation: 4 };

/** Sign-ins and activations with the real parameters, between measurements of the hashing alone on the same cores. */
async function compareWithHashing(): Promise<{ rows: Measured[]; argon2PerSecond: number }> {
  const contender = await startOurs(
    { name: 'sqlite', hash: 'real', cores, pending: isFlowWanted('activation') ? ACTIVATIONS : 0, env: extraEnv },
    common,
  );
  started.push(contender);
  await load.order({ kind: 'target', target: contender.target });
  const flows = (['sign_in', 'activation'] as const).filter(isFlowWanted);
  const all = new Map<Flow, Samples>(flows.map((flow) => [flow, { slices: [], cpuMs: [] }]));
  const limits: number[] = [];
  for (let round = 0; round < HASHING_ROUNDS; round += 1) {
    limits.push(await hashesPerSecond(HASHING_SLICE_MS / 2));
    for (const [flow, samples] of all)
      await sample(load, contender, { flow, visitors: VISITORS, ms: HASHING_SLICE_MS }, samples);
    limits.push(await hashesPerSecond(HASHING_SLICE_MS / 2));
  }
  const argon2PerSecond = median(limits);
  const rows = [...all].map(([flow, samples]) => {
    const row = measuredOf(`${flow} with argon2`, 'sqlite', samples);
    return { ...row, ratioToHashing: (row.perSecond * (HASHES[flow] ?? 1)) / argon2PerSecond };
  });
  return { rows, argon2PerSecond };
}

try {
  await startAll();
  const rows: Measured[] = [];
  for (const flow of FLOWS.filter((one) => one !== 'activation' && isFlowWanted(one))) {
    const isOfMap = flow === 'discovery' || flow === 'jwks';
    const measured = await compare(
      flow,
      started.filter(({ name }) => !isOfMap || ['floor', 'default', 'sqlite'].includes(name)),
    );
    rows.push(...measured);
    process.stderr.write(`${flow} `);
  }
  if (isFlowWanted('sso') && !options['no-open-loop']) {
    const contenders = started.filter(({ name }) => name === 'floor' || name === 'sqlite');
    rows.push(...(await compareOpenLoops(load, contenders, { flow: 'sso', ...OPEN_LOOP })));
  }
  const residentMib = Object.fromEntries(
    started.map((one) => [one.name, Math.round(one.process.residentMibs()[0] ?? Number.NaN)]),
  );
  const wantsHashing = isWanted('argon2') && (isFlowWanted('sign_in') || isFlowWanted('activation'));
  const hashing = wantsHashing ? await compareWithHashing() : undefined;
  const result: Result = {
    name: options.name,
    measuredAt: new Date().toISOString(),
    machine,
    setup: {
      visitors: VISITORS,
      sliceMs: SLICE_MS,
      rounds: ROUNDS,
      pinning,
      nodeFlags: options['node-flag'],
      settings: {
        ...Object.fromEntries(Object.entries(OUR_SETTINGS).map(([key, { value }]) => [key, value])),
        ...extraEnv,
      },
    },
    rows: [...rows, ...(hashing?.rows ?? [])],
    coldStartMs: Object.fromEntries(started.map((one) => [one.name, Math.round(one.coldStartMs)])),
    residentMib,
    argon2PerSecond: hashing?.argon2PerSecond,
  };
  print(result);
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${options.name}.json`, folder), `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  for (const one of [load, ...started]) await one.stop();
}
