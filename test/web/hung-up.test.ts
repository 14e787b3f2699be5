import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/operations/metrics.ts';
import { createLog } from '../../src/platform/log.ts';
import { createLoadMeter, type LoadMeter } from '../../src/waiting-room/load-meter.ts';
import { programRequests } from '../../src/web/program-requests.ts';

const LIMITS = { surgeLagMs: 100, surgePages: 10, surgeHashes: 10, surgePrograms: 10 };

/** Whoever hangs up while it is looked at whether she needs a page: nothing of hers stays behind. */
describe('Who hangs up before it is known whose request it is', () => {
  let server: Server;
  let meter: LoadMeter;
  let logged: string[];
  let seen: number;
  const metrics = createMetrics({});

  beforeEach(async () => {
    logged = [];
    seen = 0;
    meter = createLoadMeter(LIMITS, () => 0);
    const deps = {
      log: createLog('info', { write: (line) => void logged.push(line) }),
      issuer: 'http://localhost',
      admitsProgram: meter.admitsProgram,
      isCrowded: () => false,
      watchPage: (response: ServerResponse) => meter.watchPage(response),
      countVisit: () => undefined,
      metrics,
    };
    const answer = programRequests(deps, (path) => ({
      route: path,
      prepare: async (request) => {
        await new Promise((resolve) => {
          request.once('close', resolve);
        });
        seen += 1;
        return path === '/back' ? { status: 200, fields: [], body: '' } : undefined;
      },
    }));
    server = createServer((request, response) => answer(request, response, () => meter.watchPage(response)));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterEach(() => {
    meter.stop();
    server.close();
  });

  const hangUp = async (path: string): Promise<void> => {
    const before = seen;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    socket.destroy();
    await expect.poll(() => seen).toBe(before + 1);
  };

  it('is no page on its way for ever: a few of them would open the waiting room for good', async () => {
    for (let times = 0; times < 3; times += 1) await hangUp('/page');
    await expect.poll(() => meter.now().pages).toBe(0);
  });

  it('is in the log and in the figures like all others', async () => {
    await hangUp('/back');
    await expect
      .poll(() => logged.map((line) => JSON.parse(line) as object))
      .toMatchObject([{ msg: 'http.request', route: '/back', isComplete: false }]);
    expect((await metrics.text()).body).toContain('route="/back"');
  });
});
