import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { givePerson } from '../support/people.ts';

describe('operations', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  it('says that the process lives and that its stores answer', async () => {
    const browser = test.browser();
    expect((await browser.get('/healthz')).status).toBe(200);
    expect(JSON.parse((await browser.get('/readyz')).text)).toEqual({ status: 'ready' });
  });

  it('counts requests by route, never by address', async () => {
    const browser = test.browser();
    await browser.get('/nothing-here/999012345678');
    const { text } = await browser.get('/metrics');
    expect(text).toContain('dinhdanh_http_requests_total{method="GET",route="/healthz",status="200"}');
    expect(text).not.toContain('999012345678');
  });

  it('counts how flows ended, in words of the code alone', async () => {
    const person = await givePerson(test.app, {});
    await test.browser().get('/authorize?client_id=nobody-999012345678');
    const browser = test.browser();
    await browser.get('/activate');
    await browser.post('/activate', { citizen_id: person.citizenId, phone_number: person.phone });
    const { text } = await browser.get('/metrics');
    expect(text).toContain('dinhdanh_flow_outcomes_total{flow="activation",outcome="started"} 1');
    expect(text).toContain('dinhdanh_flow_outcomes_total{flow="oauth",outcome="invalid_client"} 1');
    expect(text).toMatch(/dinhdanh_pool_used \d/);
    for (const secret of [person.citizenId, person.phone, '999012345678']) expect(text).not.toContain(secret);
  });

  it('does not take it for a fault of ours when somebody hangs up, whoever does it and how often', async () => {
    const brokenAnswers = (): unknown[] =>
      test.traces.logLines
        .map((line) => JSON.parse(line) as { level: number; msg: string })
        .flatMap(({ level, msg }) => (msg === 'http.broken_answer' ? [level] : []));
    await test.browser().get('/developers');
    for (let tries = 0; tries < 100 && brokenAnswers().length === 0; tries += 1) {
      const socket = connect(Number(new URL(test.issuer).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('GET /developers HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n'.repeat(5));
      await sleep(3 + (tries % 10));
      socket.resetAndDestroy();
      await sleep(3);
    }
    const WARNING = 40;
    expect(brokenAnswers().filter((level) => level !== WARNING)).toEqual([]);
  });

  it('greets in Vietnamese', async () => {
    const page = await test.browser().get('/');
    expect(page.status).toBe(200);
    expect(page.$('html').attr('lang')).toBe('vi');
  });
});
