/** `node bench/surge.ts`: what happens when many times more people come than can be served. Server and crowd are processes of their own, pinned apart: the
 *  server with all its hashing on core 0, the crowd on the others. Writes bench/results/surge.json and docs/images/surge.svg.
 *  --times: arrivals as a multiple of the capacity measured just before (default 6).  --seconds: of the surge (default 30).
 *  --surges: how many, each on a server and data of its own (default 1); the one of the middle goodput is shown, and the goodputs of all. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { drawChart } from '../views/statistics/charts/draw.ts';
import { OUR_SETTINGS } from './contenders.ts';
import { machineFacts } from './machine.ts';
import { canPin, freePort, type PinnedProcess, startPinned } from './pinned-process.ts';
import { fillRegister } from './register.ts';
import { median, percentile } from './result.ts';
import type { CrowdOrder, CrowdReport, Phase, Second, SurgeReport } from './surge-crowd.ts';

const { values: options } = parseArgs({
  options: {
    times: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '30' },
    surges: { type: 'string', default: '1' },
  },
});
const SURGES = Number(options.surges);
const TIMES = Number(options.times);
const SURGE_SECONDS = Number(options.seconds);
/** Enough to keep the hashing busy, and not yet a crowd (src/waiting-room/load-meter.ts). */
const VISITORS = 5;
const USUAL = 0.5;
const PEOPLE = 300;
const ACTIVATIONS = 12;
const TOKENS_PER_SECOND = 10;
const SETTLE_SECONDS = 5;
/** A waiting page is to come within it. */
const GOAL_MS = 100;

const cores = Array.from({ length: availableParallelism() }, (_, index) => index);
const [serverCore = 0, ...otherCores] = cores;
const crowdCores = otherCores.length === 0 ? [serverCore] : otherCores;
const root = new URL('..', import.meta.url).pathname;
const machine = machineFacts();
const crowd = startPinned({ args: [join(root, 'bench/surge-crowd.ts')], cores: crowdCores });
const [ready] = (await once(crowd.child, 'message')) as [CrowdReport & { kind: 'ready' }];

async function order<Kind extends CrowdReport['kind']>(
  message: CrowdOrder,
  _kind: Kind,
): Promise<CrowdReport & { kind: Kind }> {
  const gone = once(crowd.child, 'exit').then(() => Promise.reject(new Error('the crowd has gone')));
  const answer = once(crowd.child, 'message');
  crowd.child.send(message);
  const [report] = (await Promise.race([answer, gone])) as [CrowdReport & { kind: Kind }];
  return report;
}

const settings = {
  ...Object.fromEntries(Object.entries(OUR_SETTINGS).map(([key, { value }]) => [key, value])),
  WAITING_ROOM: 'auto',
  SMS_GATEWAY_URL: ready.gatewayUrl,
  SMS_GATEWAY_TOKEN: 'bench-gateway-token',
};

type Capacity = { perSecond: number; perCpuSecond: number };

async function capacity(server: PinnedProcess): Promise<Capacity> {
  const cpuMs = server.cpuMs();
  const begun = performance.now();
  const { perSecond } = await order({ kind: 'capacity', visitors: VISITORS, seconds: 8 }, 'capacity');
  const signIns = (perSecond * (performance.now() - begun)) / 1_000;
  return { perSecond, perCpuSecond: (signIns * 1_000) / (server.cpuMs() - cpuMs) };
}

const flat = (seconds: readonly Second[], of: (second: Second) => number[]): number[] =>
  seconds.flatMap(of).toSorted((a, b) => a - b);
const mean = (seconds: readonly Second[], of: (second: Second) => number): number =>
  seconds.reduce((sum, second) => sum + of(second), 0) / seconds.length;
const rounded2 = (value: number): number => Math.round(value * 100) / 100;
const rounded = (value: number): number => Math.round(value * 10) / 10;

/** One on a server and data of its own. */
async function surge(): Promise<ReturnType<typeof judge>> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-surge-'));
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const env = { ...settings, ISSUER: issuer, PORT: String(port) };
  // Made with the cheapest hash, which the first sign-in of each renews.
  const loaded = loadConfig({ folder, env: { ...env, ARGON2_MEMORY_KIB: '8', ARGON2_TIME_COST: '1' } });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const made = await fillRegister(loaded.config, { people: PEOPLE, pending: ACTIVATIONS });
  const server = startPinned({
    args: [join(root, 'src/main.ts')],
    cores: [serverCore],
    env,
    cwd: folder,
    logFile: join(folder, 'server.log'),
  });
  try {
    for (;;) {
      const answer = await fetch(`${issuer}/healthz`).catch(() => undefined);
      if (answer?.ok === true) break;
      await sleep(50);
    }
    await order({ kind: 'target', issuer, ...made }, 'targeted');
    await order({ kind: 'introduce', visitors: VISITORS }, 'introduced');
    const before = await capacity(server);
    const phases: Phase[] = [
      { name: 'usual', seconds: 10, perSecond: before.perSecond * USUAL },
      { name: 'surge', seconds: SURGE_SECONDS, perSecond: before.perSecond * TIMES },
      { name: 'after', seconds: 35, perSecond: before.perSecond * USUAL },
    ];
    const cpuMs: number[] = [server.cpuMs()];
    const sampling = setInterval(() => cpuMs.push(server.cpuMs()), 1_000);
    const { report } = await order(
      { kind: 'surge', phases, tokensPerSecond: TOKENS_PER_SECOND, activations: ACTIVATIONS },
      'surge',
    );
    clearInterval(sampling);
    return judge(report, phases, { before, cpuMs });
  } finally {
    const log = readFileSync(join(folder, 'server.log'), 'utf8').split('\n');
    console.error(log.filter((line) => line.includes('waiting_room.')).join('\n'));
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const surges: ReturnType<typeof judge>[] = [];
  while (surges.length < SURGES) surges.push(await surge());
  const goodputs = surges.map(({ figures }) => figures.goodputToCapacity);
  const middle = surges.find(({ figures }) => figures.goodputToCapacity === median(goodputs));
  if (middle === undefined) throw new Error('no surge was asked for');
  const result = { ...middle, goodputs };
  console.log(JSON.stringify({ ...result.figures, goodputs }, undefined, 2));
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, 'bench/results/surge.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(join(root, 'docs/images/surge.svg'), await plot(result.series, result.setup.phases));
} finally {
  await crowd.stop();
}

function judge(
  report: SurgeReport,
  phases: readonly Phase[],
  measured: { before: Capacity; cpuMs: readonly number[] },
) {
  const peak = measured.before.perSecond;
  const [usual, surge] = phases;
  const surgeFrom = usual?.seconds ?? 0;
  const surgeTo = surgeFrom + (surge?.seconds ?? 0);
  const before = report.seconds.slice(1, surgeFrom);
  const during = report.seconds.slice(surgeFrom + SETTLE_SECONDS, surgeTo);
  const after = report.seconds.slice(surgeTo);
  const waiting = flat(report.seconds, ({ waitingMs }) => waitingMs);
  // Recovered: from then on nobody who comes has to wait.
  const recoveredAfter = after.findLastIndex(({ turnedToWait }) => turnedToWait > 0) + 1;
  // Who came during the surge may still be in line, and goes first: until they are in, only the answers can be as they were.
  const usualTokenMs = percentile(
    flat(before, ({ tokenMs }) => tokenMs),
    0.99,
  );
  const isSlow = ({ waitingMs, tokenMs }: Second): boolean =>
    Math.max(...waitingMs, 0) > GOAL_MS || Math.max(...tokenMs, 0) > Math.max(GOAL_MS, usualTokenMs);
  const answersAsUsualAfter = after.findLastIndex(isSlow) + 1;
  const signIns = mean(during, (second) => second.signIns);
  const goodput = signIns + mean(during, ({ activationHashes }) => activationHashes);
  const cpuMs = (measured.cpuMs[surgeTo] ?? Number.NaN) - (measured.cpuMs[surgeFrom + SETTLE_SECONDS] ?? Number.NaN);
  const perCpuSecond = (goodput * during.length * 1_000) / cpuMs;
  const tokens = { before: flat(before, (one) => one.tokenMs), during: flat(during, (one) => one.tokenMs) };
  return {
    measuredAt: new Date().toISOString(),
    machine,
    setup: {
      pinning: canPin
        ? `server with its hashing on core ${serverCore}, crowd on ${crowdCores.join(',')}`
        : 'not pinned',
      settings: { ...settings, SMS_GATEWAY_URL: undefined, SMS_GATEWAY_TOKEN: undefined },
      phases,
    },
    figures: {
      capacityPerSecond: rounded(peak),
      capacityPerCpuSecond: rounded(measured.before.perCpuSecond),
      arrivalsPerSecond: rounded(peak * TIMES),
      signInsPerSecond: rounded(signIns),
      /** With the activations under way, each of whose secrets is hashed as a sign-in's is. */
      goodputPerSecond: rounded(goodput),
      goodputToCapacity: rounded2(goodput / peak),
      goodputPerCpuSecond: rounded(perCpuSecond),
      goodputToCapacityPerCpu: rounded2(perCpuSecond / measured.before.perCpuSecond),
      waitingPages: waiting.length,
      waitingPageP50Ms: rounded(percentile(waiting, 0.5)),
      waitingPageP99Ms: rounded(percentile(waiting, 0.99)),
      tokenP50Ms: { before: rounded(median(tokens.before)), during: rounded(median(tokens.during)) },
      tokenP99Ms: {
        before: rounded(percentile(tokens.before, 0.99)),
        during: rounded(percentile(tokens.during, 0.99)),
      },
      activationsBegun: report.activationsBegun,
      activationsDone: report.activationsDone,
      leftTheLine: report.leftWaiting,
      answersAsUsualAfterSeconds: answersAsUsualAfter,
      nobodyNewWaitsAfterSeconds: recoveredAfter,
      failures: report.failures,
    },
    series: report.seconds.map(({ arrivals, signIns, turnedToWait, waitingMs, tokenMs }) => ({
      arrivals,
      signIns,
      turnedToWait,
      waitingP99Ms: rounded(
        percentile(
          waitingMs.toSorted((a, b) => a - b),
          0.99,
        ),
      ),
      tokenP99Ms: rounded(
        percentile(
          tokenMs.toSorted((a, b) => a - b),
          0.99,
        ),
      ),
    })),
  };
}

async function plot(series: ReturnType<typeof judge>['series'], phases: readonly Phase[]): Promise<string> {
  const [usual, surge] = phases;
  const from = usual?.seconds ?? 0;
  const line = (name: string, of: (second: (typeof series)[number]) => number, grid = 0) => ({
    name,
    type: 'line' as const,
    showSymbol: false,
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: series.map((second, index) => [index, Number.isNaN(of(second)) ? null : of(second)]),
  });
  const xAxis = (gridIndex: number, name: string) => ({ type: 'value' as const, gridIndex, name, max: series.length });
  return drawChart({
    title: 'A surge: arrivals, sign-ins and answer times by second',
    width: 860,
    height: 560,
    option: {
      animation: false,
      legend: { top: 0 },
      grid: [
        { left: 60, right: 20, top: 50, height: 210 },
        { left: 60, right: 20, top: 320, height: 190 },
      ],
      xAxis: [xAxis(0, ''), xAxis(1, 's')],
      yAxis: [
        { type: 'log', gridIndex: 0, name: 'a second', min: 1 },
        { type: 'log', gridIndex: 1, name: 'ms', min: 1 },
      ],
      series: [
        {
          ...line('people who come', ({ arrivals }) => Math.max(1, arrivals)),
          markArea: { silent: true, data: [[{ xAxis: from }, { xAxis: from + (surge?.seconds ?? 0) }]] },
        },
        line('sign-ins completed', ({ signIns }) => Math.max(1, signIns)),
        line('waiting page, p99', ({ waitingP99Ms }) => waitingP99Ms, 1),
        line('token, p99', ({ tokenP99Ms }) => tokenP99Ms, 1),
      ],
    },
  });
}
