import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cheerio from 'cheerio';
import supertest from 'supertest';
import { vi } from 'vitest';
import { type App, assembleApp } from '../../src/assemble.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/platform/log.ts';
import { createServer } from '../../src/server.ts';
import { flowDatabase } from './flow-store.ts';

export type TestAgent = ReturnType<typeof supertest.agent>;

export type TestApp = {
  app: App;
  issuer: string;
  /** Where this process itself listens; the issuer unless told otherwise. */
  ownAddress: string;
  /** A new browser: its own cookies, answers of redirects are not followed. */
  browser(): TestBrowser;
  /** Delivers everything in the outbox and lists what the phone got, newest first. */
  messages(phone: string): Promise<string[]>;
  /** The newest six-digit code sent to the phone. */
  code(phone: string): Promise<string>;
  /** Moves the clock of `Date` (ours and the provider's); timers keep running. */
  travel(to: Date | { seconds: number }): void;
  /** Every line logged and every request line seen so far: what a test searches for things that must not be there. */
  traces: { logLines: string[]; requestLines: string[] };
  close(): Promise<void>;
};

export type TestBrowser = {
  agent: TestAgent;
  /** Follows redirects within the issuer and remembers the page, for its `csrf_token`. */
  get(path: string, headers?: Record<string, string>): Promise<TestPage>;
  /** Sends the form as the last page's browser would: with its token and Origin. Follows redirects within the issuer. */
  post(path: string, fields: Record<string, string | string[]>, headers?: Record<string, string>): Promise<TestPage>;
};

/** `path` is where the redirects ended (with the query); `location` is set when they left the issuer. */
export type TestPage = {
  status: number;
  path: string;
  location?: string;
  text: string;
  $: cheerio.CheerioAPI;
  headers: Record<string, string | undefined>;
};

/** The whole provider on an ephemeral port with a temporary SQLite, cheap argon2 and only `Date` under the test's control. */
export async function startTestApp(
  options: { now?: Date; env?: Record<string, string>; readLoad?: () => number } = {},
): Promise<TestApp> {
  vi.useFakeTimers({ toFake: ['Date'], now: options.now ?? new Date('2026-03-02T03:00:00Z') });
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-test-'));
  const server: Server = createHttpServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const traces: TestApp['traces'] = { logLines: [], requestLines: [] };
  server.on('request', (request) => {
    traces.requestLines.push(`${request.method} ${request.url}`);
  });
  const database = await flowDatabase();
  const stored: Record<string, string> = database === undefined ? {} : { DATABASE_URL: database.url };
  const app = await assembleApp(testConfig(folder, { ISSUER: issuer, ...stored, ...options.env }), {
    log: createLog('trace', { write: (line) => void traces.logLines.push(line) }),
    ...(options.readLoad === undefined ? {} : { readLoad: options.readLoad }),
  });
  server.on('request', createServer(app));

  const messages = async (phone: string): Promise<string[]> => {
    await app.outbox.drain();
    return (await app.inbox?.list(phone))?.map((one) => one.body) ?? [];
  };
  return {
    app,
    issuer: app.config.issuer,
    ownAddress: issuer,
    traces,
    browser: () => newBrowser(issuer),
    messages,
    async code(phone) {
      const found = (await messages(phone))
        .map((body) => /\b(\d{6})\b/.exec(body)?.[1])
        .find((code) => code !== undefined);
      if (found === undefined) throw new Error('no code was sent');
      return found;
    },
    travel(to) {
      vi.setSystemTime(to instanceof Date ? to : new Date(Date.now() + to.seconds * 1000));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await app.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
      vi.useRealTimers();
    },
  };
}

export function testConfig(folder: string, env: Record<string, string> = {}): Config {
  const loaded = loadConfig({
    folder,
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DEMO: 'false',
      SYNTHETIC_PEOPLE: '0',
      // A slow machine is no crowd: its own tests switch it on.
      WAITING_ROOM: 'off',
      // A test asks more in a minute than a reader, and sees each change at once.
      OPEN_DATA_PER_ADDRESS_PER_MINUTE: '1000000',
      PUBLIC_STATISTICS_SECONDS: '0',
      PUBLIC_STATISTICS_PERCENT: '100',
      ARGON2_MEMORY_KIB: '8',
      ARGON2_TIME_COST: '1',
      ...env,
    },
  });
  if (!loaded.ok) throw new Error(loaded.problems.map((one) => `${one.key} ${one.problem}`).join('; '));
  return loaded.config;
}

function newBrowser(issuer: string): TestBrowser {
  const agent = supertest.agent(issuer);
  let csrfToken = '';
  const settle = async (response: supertest.Response, path: string): Promise<TestPage> => {
    let current = response;
    let at = path;
    for (let hops = 0; hops < 12 && [301, 302, 303, 307].includes(current.status); hops += 1) {
      const target = new URL(current.headers['location'] ?? '', new URL(at, issuer));
      if (target.origin !== issuer) return pageOf(current, at, target.href);
      at = target.pathname + target.search;
      current = await agent.get(at).redirects(0);
    }
    const page = pageOf(current, at);
    csrfToken = page.$('input[name="csrf_token"]').first().attr('value') ?? csrfToken;
    return page;
  };
  return {
    agent,
    async get(path, headers = {}) {
      return settle(await agent.get(path).set(headers).redirects(0), path);
    },
    async post(path, fields, headers = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries({ csrf_token: csrfToken, ...fields }))
        for (const one of [value].flat()) body.append(name, one);
      return settle(
        await agent
          .post(path)
          .set({ Origin: issuer, ...headers })
          .type('form')
          .redirects(0)
          .send(body.toString()),
        path,
      );
    },
  };
}

function pageOf(response: supertest.Response, path: string, location?: string): TestPage {
  const text = response.text ?? '';
  return {
    status: response.status,
    path,
    text,
    $: cheerio.load(text),
    headers: response.headers,
    ...(location === undefined ? {} : { location }),
  };
}
