/** What a reader without a role costs: processor time of the whole server per request, on a register that `dinhdanh demo hanoi` made. The server is a process of its own.
 *  Run: node bench/public-statistics.ts data/hanoi.db [day] */

import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { resolve as absolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays } from '../src/domain/viet-nam-time.ts';
import { freePort, startPinned } from './pinned-process.ts';

const [name = 'data/hanoi.db', asOfDay = '2023-06-28'] = process.argv.slice(2);
const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-public-'));
const port = await freePort();
const issuer = `http://localhost:${port}`;
const server = startPinned({
  args: [join(root, 'src/main.ts')],
  cores: [0],
  cwd: folder,
  logFile: join(folder, 'log'),
  env: {
    ISSUER: issuer,
    PORT: String(port),
    DATABASE_URL: `sqlite:${absolute(name)}`,
    SYNTHETIC_PEOPLE: '0',
    DEMO: 'false',
    WAITING_ROOM: 'off',
    OPEN_DATA_PER_ADDRESS_PER_MINUTE: '1000000',
    PUBLIC_STATISTICS_PERCENT: '100',
  },
});

type Ask = { readonly of: string; readonly times: number; readonly path: (turn: number) => string };
const day = (turn: number): string => addDays(asOfDay, -1 - turn);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const BROWSER = { 'Accept-Encoding': 'br, gzip', Accept: 'text/html' };
const ASKS: readonly Ask[] = [
  { of: 'dashboard, a day nobody asked for', times: 15, path: (turn) => `/statistics?as_of=${day(turn)}` },
  { of: 'dashboard', times: 300, path: () => `/statistics?as_of=${asOfDay}` },
  { of: 'unit', times: 300, path: () => `/statistics/units/001?as_of=${asOfDay}` },
  { of: 'report', times: 300, path: () => `/statistics/report?of=${asOfDay.slice(0, 7)}-01` },
  { of: 'drawing', times: 300, path: () => `/statistics/charts/trend.svg?as_of=${asOfDay}` },
  { of: 'JSON', times: 300, path: () => `/statistics/activation.json?as_of=${asOfDay}` },
  { of: 'open data', times: 300, path: () => `/statistics/open-data/rates.csv?as_of=${asOfDay.slice(0, 4)}-05` },
];

try {
  await untilReady();
  const rows: Record<string, Record<string, number | string>> = {};
  for (const { of, times, path } of ASKS) {
    const first = await ask(path(0));
    const again = await each(times, (turn) => ask(path(turn + 1)));
    const etag = first.etag ?? '"none"';
    const unchanged = times < 100 ? undefined : await each(times, () => ask(path(0), { 'If-None-Match': etag }));
    rows[of] = {
      'ms of a core': round(again.cpuMs),
      'kB sent': Math.round(again.last.bytes / 1000),
      'If-None-Match': unchanged === undefined ? '' : unchanged.last.status,
      'ms of a core ': unchanged === undefined ? '' : round(unchanged.cpuMs),
    };
  }
  console.log(`${name}, as of ${asOfDay}`);
  console.table(rows);
} finally {
  agent.destroy();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

type Answer = { readonly status: number; readonly bytes: number; readonly etag: string | undefined };

/** By `node:http`: `fetch` sends `Cache-Control: no-cache` beside If-None-Match, which asks for a whole answer. */
function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(`${issuer}${path}`, { agent, headers: { ...BROWSER, ...headers } }, (response) => {
      const { statusCode: status = 0 } = response;
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (status === 200 || status === 304) resolve({ status, bytes, etag: response.headers.etag });
        else reject(new Error(`${path}: ${status}`));
      });
    });
    request.on('error', reject);
  });
}

async function each(times: number, once: (turn: number) => Promise<Answer>): Promise<{ cpuMs: number; last: Answer }> {
  for (let turn = 0; turn < (times < 100 ? 0 : 50); turn += 1) await once(turn);
  const before = server.cpuMs();
  let last: Answer | undefined;
  for (let turn = 0; turn < times; turn += 1) last = await once(turn);
  if (last === undefined) throw new Error('nothing was asked');
  return { cpuMs: (server.cpuMs() - before) / times, last };
}

async function untilReady(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isReady = await fetch(`${issuer}/readyz`)
      .then(({ ok }) => ok)
      .catch(() => false);
    if (isReady) return;
    await sleep(200);
  }
  throw new Error('the server did not start');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
