/** `node bench/peers.ts --keycloak <folder>`: ours and Keycloak beside each other, both on the PostgreSQL of TEST_DATABASE_URL (a database each), both on core 0, in
 *  alternating slices: flows per CPU-second of the server, without and with that of the store's connections. Writes bench/results/peers.json.
 *  The folder is that of Keycloak's distribution, after `bin/kc.sh build --db=postgres`.
 *  --rounds, --slice-ms, --warm-up-ms: the last is Keycloak's, which compiles its code meanwhile; ours has a tenth. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createTestDatabase, postgresUrl } from '../test/support/services.ts';
import { type OurContender, startServices } from './contenders.ts';
import { type Endpoints, type Flow, Visitor } from './flows.ts';
import { startKeycloak } from './keycloak.ts';
import { generatorCores, pinning, serverCore } from './load.ts';
import { machineFacts } from './machine.ts';
import { canPin, cpuOf, type PinnedProcess } from './pinned-process.ts';
import { median, percentile } from './result.ts';
import { startSmsGateway } from './sms-gateway.ts';

const { values: options } = parseArgs({
  options: {
    keycloak: { type: 'string' },
    rounds: { type: 'string', default: '8' },
    'slice-ms': { type: 'string', default: '2000' },
    'warm-up-ms': { type: 'string', default: '30000' },
  },
});
const ROUNDS = Number(options.rounds);
const SLICE_MS = Number(options['slice-ms']);
const WARM_UP_MS = Number(options['warm-up-ms']);
const VISITORS = 16;

type Caller = { prepare(flow: Flow): Promise<void>; run(flow: Flow): Promise<void>; close(): void };
type Peer = { name: string; process: PinnedProcess; databaseUrl: string; callers: Caller[]; warmUpMs: number };
/** Of a slice: `storeCpuMs` of the connections to its database. */
type Cost = { flows: number; elapsedMs: number; cpuMs: number; storeCpuMs: number; latencies: number[] };

/** The flow that does the same as the other's: Keycloak's tokens for machines are always JWTs. */
const FLOWS: { ours: Flow; theirs: Flow }[] = [
  { ours: 'client_credentials', theirs: 'client_credentials' },
  { ours: 'client_credentials_jwt', theirs: 'client_credentials' },
  { ours: 'refresh', theirs: 'refresh' },
  { ours: 'sso', theirs: 'sso' },
];

async function slice(peer: Peer, flow: Flow, ms: number): Promise<Cost> {
  await Promise.all(peer.callers.map((caller) => caller.prepare(flow)));
  const storeBefore = await storeCpu(peer.databaseUrl);
  const cpuBefore = peer.process.cpuMs();
  const latencies: number[] = [];
  const begun = performance.now();
  await Promise.all(
    peer.callers.map(async (caller) => {
      while (performance.now() - begun < ms) {
        const startedAt = performance.now();
        await caller.run(flow);
        latencies.push(performance.now() - startedAt);
      }
    }),
  );
  const elapsedMs = performance.now() - begun;
  const cpuMs = peer.process.cpuMs() - cpuBefore;
  const storeAfter = await storeCpu(peer.databaseUrl);
  const storeCpuMs = [...storeAfter].reduce((sum, [pid, after]) => sum + after - (storeBefore.get(pid) ?? 0), 0);
  return { flows: latencies.length, elapsedMs, cpuMs, storeCpuMs, latencies };
}

/** By process; empty where the server runs elsewhere. */
async function storeCpu(databaseUrl: string): Promise<Map<number, number>> {
  const sql = 'select pid from pg_stat_activity where datname = $1';
  const { rows } = await admin.query<{ pid: number }>(sql, [new URL(databaseUrl).pathname.slice(1)]);
  const here = new Set(readdirSync('/proc'));
  return new Map(rows.filter(({ pid }) => isPostgres(pid, here)).map(({ pid }) => [pid, cpuOf(pid)]));
}

function isPostgres(pid: number, here: ReadonlySet<string>): boolean {
  return here.has(String(pid)) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
}

const perCpuSecond = (costs: readonly Cost[], cpuOfCost: (cost: Cost) => number): number =>
  median(costs.map((cost) => (cost.flows * 1_000) / cpuOfCost(cost)));
const rounded = (value: number): number => Math.round(value * 100) / 100;

function summary(costs: readonly Cost[]): object {
  const latencies = costs.flatMap((cost) => cost.latencies).toSorted((a, b) => a - b);
  return {
    perCpuSecond: rounded(perCpuSecond(costs, ({ cpuMs }) => cpuMs)),
    perCpuSecondWithStore: rounded(perCpuSecond(costs, ({ cpuMs, storeCpuMs }) => cpuMs + storeCpuMs)),
    perSecond: rounded(median(costs.map(({ flows, elapsedMs }) => (flows * 1_000) / elapsedMs))),
    p50Ms: rounded(percentile(latencies, 0.5)),
    p99Ms: rounded(percentile(latencies, 0.99)),
  };
}

async function compare(ours: Peer, theirs: Peer, flows: (typeof FLOWS)[number]): Promise<object> {
  await slice(theirs, flows.theirs, theirs.warmUpMs);
  await slice(ours, flows.ours, ours.warmUpMs);
  const costs = { ours: [] as Cost[], theirs: [] as Cost[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    costs.theirs.push(await slice(theirs, flows.theirs, SLICE_MS));
    costs.ours.push(await slice(ours, flows.ours, SLICE_MS));
  }
  const ratioOf = (cost: (one: Cost) => number): number =>
    rounded(perCpuSecond(costs.ours, cost) / perCpuSecond(costs.theirs, cost));
  return {
    flow: flows.ours,
    ours: summary(costs.ours),
    [theirs.name]: summary(costs.theirs),
    ratio: ratioOf(({ cpuMs }) => cpuMs),
    ratioWithStore: ratioOf(({ cpuMs, storeCpuMs }) => cpuMs + storeCpuMs),
  };
}

const server = postgresUrl();
if (options.keycloak === undefined || server === undefined)
  throw new Error('--keycloak and TEST_DATABASE_URL are needed');
const machine = machineFacts();
const admin = new pg.Client({ connectionString: server });
await admin.connect();
const messages = await startSmsGateway();
const database = await createTestDatabase(server);
const ending: (() => Promise<unknown>)[] = [];
try {
  pinMyself();
  const common = { cores: [serverCore], nodeFlags: [], visitors: VISITORS, smsGatewayUrl: messages.url };
  const [contender] = await startServices(common, { redisDatabase: 2, only: 'postgres' });
  if (contender === undefined) throw new Error('ours did not start');
  ending.push(() => contender.stop());
  const { issuer, people } = contender.target;
  const discovered = await fetch(`${issuer}/.well-known/openid-configuration`);
  const world = { issuer, endpoints: (await discovered.json()) as Endpoints, messages, nextPending: () => undefined };
  const ours: Peer = {
    name: 'ours',
    process: contender.process,
    databaseUrl: databaseOf(contender),
    callers: people.map((person) => new Visitor(world, person)),
    warmUpMs: WARM_UP_MS / 10,
  };
  const keycloak = await startKeycloak({
    folder: options.keycloak,
    databaseUrl: database.url,
    core: serverCore,
    visitors: VISITORS,
    logFile: '/dev/null',
  });
  ending.push(() => keycloak.process.stop());
  const theirs: Peer = {
    name: 'keycloak',
    process: keycloak.process,
    databaseUrl: database.url,
    callers: Array.from({ length: VISITORS }, (_, index) => keycloak.visitor(index)),
    warmUpMs: WARM_UP_MS,
  };
  const rows: object[] = [];
  for (const flows of FLOWS) {
    rows.push(await compare(ours, theirs, flows));
    console.log(JSON.stringify(rows.at(-1)));
  }
  const residentMib = { ours: resident(ours), keycloak: resident(theirs) };
  console.log(residentMib);
  const setup = {
    visitors: VISITORS,
    rounds: ROUNDS,
    sliceMs: SLICE_MS,
    pinning,
    versions: { keycloak: keycloak.version },
  };
  const result = { measuredAt: new Date().toISOString(), machine, setup, rows, residentMib };
  writeFileSync(new URL('results/peers.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
  for (const { callers } of [ours, theirs]) for (const caller of callers) caller.close();
} finally {
  for (const end of ending) await end();
  await database.drop();
  await admin.end();
  messages.close();
}

function databaseOf({ config: { database: own } }: OurContender): string {
  if (own.kind !== 'postgres') throw new Error('not on PostgreSQL');
  return own.url;
}

/** The visitors are this process. */
function pinMyself(): void {
  if (canPin) execFileSync('taskset', ['-apc', generatorCores.join(','), String(process.pid)], { stdio: 'ignore' });
}

function resident({ process }: Peer): number {
  return Math.round(process.residentMibs().reduce((sum, one) => sum + one, 0));
}
