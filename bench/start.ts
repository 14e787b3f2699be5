/** `node bench/start.ts`: how long a process takes from its beginning to its first discovery answer and until all is ready, on data that is there and with what Node has kept
 *  of its files, as `npm start` starts it; what it computes until then; and what it holds in memory at rest. Writes bench/results/start.json.
 *  --starts: how many (default 10).  --rest-ms: after how long it is looked at (default 15000).  --against: the folder of another state of the program, in turn with this one.
 *  --only: one store (may be repeated).  --node-flag: other flags than those of `npm start`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { createTestDatabase, postgresUrl, redisUrl } from '../test/support/services.ts';
import { machineFacts } from './machine.ts';
import { freePort, startPinned } from './pinned-process.ts';
import { fillRegister } from './register.ts';
import { median } from './result.ts';

const { values: options } = parseArgs({
  options: {
    starts: { type: 'string', default: '10' },
    'rest-ms': { type: 'string', default: '15000' },
    against: { type: 'string' },
    only: { type: 'string', multiple: true },
    'node-flag': { type: 'string', multiple: true },
  },
});
const STARTS = Number(options.starts);
const REST_MS = Number(options['rest-ms']);
const HERE = resolve(import.meta.dirname, '..');
const STATES = options.against === undefined ? [HERE] : [resolve(options.against), HERE];
const CORE = 0;

/** Milliseconds; `cpuMs` is the main thread's until the first answer. Memory in MiB, of which `filesMib` is read from files. */
type Start = { firstAnswerMs: number; readyMs: number; cpuMs: number; restMib: number; filesMib: number };

async function start(state: string, env: Record<string, string>, folder: string): Promise<Start> {
  const begun = performance.now();
  const started = startPinned({
    args: [...nodeFlags, join(state, 'src/start.js')],
    cores: [CORE],
    env,
    cwd: folder,
    logFile: join(folder, 'server.log'),
  });
  const { child } = started;
  const answered = async (path: string): Promise<number> => {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${state} ended with ${child.exitCode}, see ${folder}/server.log`);
      if (await isAnswered(Number(env['PORT']), path)) return performance.now() - begun;
      await sleep(2);
    }
  };
  try {
    const firstAnswerMs = await answered('/.well-known/openid-configuration');
    const cpuMs = Number(readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    const readyMs = await answered('/readyz');
    await sleep(REST_MS);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const mib = (field: string): number =>
      Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
    return { firstAnswerMs, readyMs, cpuMs, restMib: mib('VmRSS'), filesMib: mib('RssFile') + mib('RssShmem') };
  } finally {
    await started.stop();
  }
}

function isAnswered(port: number, path: string): Promise<boolean> {
  return new Promise((tell) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume().once('end', () => tell(response.statusCode === 200));
    }).once('error', () => tell(false));
  });
}

/** What stands between node and the file. */
function flagsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

async function measure(store: string, stored: Record<string, string>): Promise<object[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-start-'));
  const port = await freePort();
  const env = {
    ISSUER: `http://localhost:${port}`,
    PORT: String(port),
    DEMO: 'false',
    SMS_GATEWAY_URL: 'http://127.0.0.1:9',
    SMS_GATEWAY_TOKEN: 'bench-gateway-token',
    ...stored,
  };
  try {
    const loaded = loadConfig({ folder, env });
    if (!loaded.ok) throw new Error(loaded.problems.map(({ key, problem }) => `${key} ${problem}`).join('; '));
    await fillRegister(loaded.config, { people: 1, pending: 0 });
    const runs = STATES.map((state): { state: string; starts: Start[] } => ({ state, starts: [] }));
    // The first of each fills what Node keeps.
    for (let round = 0; round <= STARTS; round += 1)
      for (const { state, starts } of runs) {
        const one = await start(state, env, folder);
        if (round > 0) starts.push(one);
      }
    return runs.map(({ state, starts }) => ({
      store,
      state: state === HERE ? 'here' : 'against',
      ...Object.fromEntries(
        (['firstAnswerMs', 'readyMs', 'cpuMs', 'restMib', 'filesMib'] as const).map((field) => [
          field,
          Math.round(median(starts.map((one) => one[field]))),
        ]),
      ),
      leastFirstAnswerMs: Math.round(Math.min(...starts.map(({ firstAnswerMs }) => firstAnswerMs))),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nodeFlags = options['node-flag'] ?? flagsOfStart();
const isWanted = (store: string): boolean => options.only?.includes(store) ?? true;
const machine = machineFacts();
const rows = isWanted('sqlite') ? await measure('sqlite', {}) : [];
const [server, redis] = [postgresUrl(), redisUrl()];
const onPostgres: readonly (readonly [string, Record<string, string> | undefined])[] = [
  ['postgres', {}],
  ['redis+postgres', redis === undefined ? undefined : { REDIS_URL: redis }],
];
for (const [store, more] of onPostgres) {
  if (server === undefined || more === undefined || !isWanted(store)) continue;
  const database = await createTestDatabase(server);
  rows.push(...(await measure(store, { DATABASE_URL: database.url, ...more })));
  await database.drop();
}
for (const row of rows) console.log(JSON.stringify(row));
const setup = { starts: STARTS, restMs: REST_MS, nodeFlags, core: CORE };
const result = { measuredAt: new Date().toISOString(), machine, setup, rows };
writeFileSync(new URL('results/start.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
