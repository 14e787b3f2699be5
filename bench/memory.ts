/** `node bench/memory.ts`: the resident set of one process at rest, with 100,000 live sessions each of which has just been used, and under load, on SQLite
 *  as Node sets itself up and with the flags that `npm start` gives it; TEST_DATABASE_URL with TEST_REDIS_URL: on those too. Writes bench/results/memory.json.
 *  --sessions: how many (default 100,000).  --only: one store (may be repeated).  --node-flag: other flags than those of `npm start`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type ContenderOptions, type OurContender, startOurs, startServices } from './contenders.ts';
import { authorizationOf, CLIENTS, type Flow, REDIRECT_URI } from './flows.ts';
import { measuredOf, pinning, type Samples, sample, serverCore, startLoad } from './load.ts';
import { machineFacts } from './machine.ts';
import { Connection } from './raw-http.ts';
import { writeSessions } from './sessions.ts';

const { values: options } = parseArgs({
  options: {
    sessions: { type: 'string', default: '100000' },
    only: { type: 'string', multiple: true },
    'node-flag': { type: 'string', multiple: true },
  },
});
const SESSIONS = Number(options.sessions);
const VISITORS = 16;
const ROUNDS = 8;
const SLICE_MS = 1_000;
const SIGN_IN_MS = 8_000;
const REST_MS = 15_000;

/** In MiB. `files`: what is read from files and can be given up at any time, most of it the program itself. */
type Resident = { all: number; files: number };
type Row = {
  store: string;
  nodeFlags: string[];
  atRest: Resident;
  withSessions: Resident;
  underLoad: Resident;
  ssoCpuMs: number;
};

const machine = machineFacts();
const load = await startLoad();
const started: OurContender[] = [];

function residentOf({ process: { child } }: OurContender): Resident {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const mib = (field: string): number =>
    Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024);
  return { all: mib('VmRSS'), files: mib('RssFile') + mib('RssShmem') };
}

/** Each signed-in person goes to the relying party once. */
async function useAll(contender: OurContender, cookies: readonly string[]): Promise<void> {
  const port = Number(new URL(contender.target.issuer).port);
  let next = 0;
  const visit = async (): Promise<void> => {
    const connection = new Connection('localhost', port);
    for (let at = next++; at < cookies.length; at = next++) {
      const { path } = authorizationOf('/authorize', CLIENTS.web);
      const headers = { Cookie: cookies[at] ?? '' };
      const answer = await connection.request({ method: 'GET', path, headers });
      if (answer.location?.startsWith(`${REDIRECT_URI}?code=`) !== true)
        throw new Error(`a session is not known: ${answer.status} ${answer.location}`);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: VISITORS }, visit));
}

async function underLoad(contender: OurContender, flow: Flow, ms: number): Promise<Samples> {
  const samples: Samples = { slices: [], cpuMs: [] };
  for (let done = 0; done < ms; done += SLICE_MS)
    await sample(load, contender, { flow, visitors: VISITORS, ms: SLICE_MS }, samples);
  return samples;
}

async function measure(contender: OurContender, store: string, nodeFlags: string[]): Promise<Row> {
  await load.order({ kind: 'target', target: contender.target });
  await sleep(REST_MS);
  const atRest = residentOf(contender);
  await useAll(contender, await writeSessions(contender.config, SESSIONS));
  await sleep(REST_MS);
  const withSessions = residentOf(contender);
  const { cpuMsPerFlow } = measuredOf('sso', store, await underLoad(contender, 'sso', ROUNDS * SLICE_MS));
  await underLoad(contender, 'sign_in', SIGN_IN_MS);
  const ssoCpuMs = Math.round(cpuMsPerFlow * 1_000) / 1_000;
  return { store, nodeFlags, atRest, withSessions, underLoad: residentOf(contender), ssoCpuMs };
}

/** The flags of `npm start`: what stands between node and the file. */
function flagsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

const STORES: Record<string, (common: ContenderOptions) => Promise<OurContender[]>> = {
  sqlite: async (common) => [await startOurs({ name: 'sqlite', hash: 'real' }, common)],
  'redis+postgres': (common) => startServices(common, { hash: 'real', redisDatabase: 3, only: 'redis+postgres' }),
};

const startFlags = options['node-flag'] ?? flagsOfStart();
/** Node as it is by itself once, for comparison. */
const PLAN = [
  { store: 'sqlite', nodeFlags: [] },
  { store: 'sqlite', nodeFlags: startFlags },
  { store: 'redis+postgres', nodeFlags: startFlags },
].filter(({ store }) => options.only === undefined || options.only.includes(store));

try {
  const rows: Row[] = [];
  for (const { store, nodeFlags } of PLAN) {
    const common = { cores: [serverCore], nodeFlags, visitors: VISITORS, smsGatewayUrl: load.gatewayUrl };
    for (const one of (await STORES[store]?.(common)) ?? []) {
      started.push(one);
      rows.push(await measure(one, store, nodeFlags));
      console.log(JSON.stringify(rows.at(-1)));
      await one.stop();
    }
  }
  const setup = { sessions: SESSIONS, visitors: VISITORS, pinning };
  const result = { measuredAt: new Date().toISOString(), machine, setup, rows };
  writeFileSync(new URL('results/memory.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  for (const one of [load, ...started]) await one.stop();
}
