import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetricsServer } from '../../src/server.ts';
import { freePort } from '../processes/support/provider-process.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { activate } from '../support/activation-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson, givePendingPerson } from '../support/people.ts';
import { startRecovery } from '../support/recovery-walk.ts';
import { authorizePath, redeem, signInWholly, typePassword, userinfo } from '../support/sign-in-walk.ts';
import { hasTool } from './support/tools.ts';

const OPS = join(import.meta.dirname, '../../ops');
const ALERTS = join(OPS, 'prometheus/alerts.yml');

/** Something of everything that is counted: flows that end well and badly, protocol errors, statistics, rates. */
async function makeTraffic(test: TestApp): Promise<void> {
  const { db } = test.app;
  const cohort = { unitCode: '00004', notified: 30, activated: 20, onTime: 15 };
  await recordCohort(db, { ...cohort, notifiedAt: new Date('2026-01-10T03:00:00Z') });
  await activate(test, test.browser(), await givePendingPerson(test.app));
  const person = await giveActivePerson(test.app);
  const guessing = test.browser();
  await typePassword(guessing, await guessing.get(authorizePath()), { ...person, password: 'Sai#12345678' });
  await userinfo(test, await redeem(test, await signInWholly(test, test.browser(), person)));
  await startRecovery(test.browser(), person);
  await test.browser().get('/authorize?client_id=nobody');
  await test.browser().get('/statistics');
  await fetch(`${test.issuer}/introspect`, { method: 'POST' });
}

describe.skipIf(!hasTool('prometheus'))('a provider that Prometheus watches', () => {
  let test: TestApp;
  let metrics: Server;
  let prometheus: ChildProcess;
  let address: string;
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-prometheus-'));

  const ask = async (path: string, query = ''): Promise<unknown> => {
    const response = await fetch(`${address}/api/v1/${path}?${new URLSearchParams({ query }).toString()}`);
    const answer = (await response.json()) as { status: string; error?: string; data: unknown };
    expect(answer.error, query).toBeUndefined();
    return answer.data;
  };
  const seriesOf = async (query: string): Promise<unknown[]> => ((await ask('query', query)) as { result: [] }).result;

  beforeAll(async () => {
    test = await startTestApp({ env: { METRICS_PORT: '9464' } });
    metrics = createServer(createMetricsServer(test.app.metrics));
    metrics.listen(0, '127.0.0.1');
    await once(metrics, 'listening');
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const config = readFileSync(join(OPS, 'prometheus/prometheus.yml'), 'utf8')
      .replaceAll('15s', '1s')
      .replace('alerts.yml', ALERTS)
      .replace(/targets: \[.*\]/, `targets: ["127.0.0.1:${(metrics.address() as AddressInfo).port}"]`);
    writeFileSync(join(folder, 'prometheus.yml'), config);
    const paths = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    prometheus = spawn('prometheus', [...paths, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const isReady = (): Promise<boolean> =>
      fetch(`${address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) await sleep(100);
    await makeTraffic(test);
    // A rate is between two scrapes of what is there by now.
    const scrapes = 'count_over_time(dinhdanh_flow_outcomes_total{flow="recovery"}[5m]) >= 3';
    while ((await seriesOf(scrapes)).length === 0) await sleep(250);
  }, 120_000);
  afterAll(async () => {
    const gone = once(prometheus, 'exit');
    prometheus.kill();
    await gone;
    metrics.close();
    await test.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('each panel of the dashboard has something to show', async () => {
    type Panel = { title: string; targets?: { expr: string }[] };
    const { panels } = JSON.parse(readFileSync(join(OPS, 'grafana/dinhdanh.json'), 'utf8')) as { panels: Panel[] };
    const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(queries.length).toBeGreaterThan(25);
    const empty: typeof queries = [];
    for (const query of queries) if ((await seriesOf(query.expr)).length === 0) empty.push(query);
    expect(empty).toEqual([]);
  });

  it('each label that an alert asks for is one that there is', async () => {
    const selectors = new Set(
      readFileSync(ALERTS, 'utf8')
        .match(/\bdinhdanh_\w+(\{[^}]*\})?/g)
        // Nothing has failed here: another answer has the same labels.
        ?.map((selector) => selector.replace('5..', '200')),
    );
    expect(selectors.size).toBeGreaterThan(15);
    const empty: string[] = [];
    for (const selector of selectors) if ((await seriesOf(selector)).length === 0) empty.push(selector);
    expect(empty).toEqual([]);
  });

  it('no alert rings, and each can be judged', async () => {
    const { groups } = (await ask('rules')) as {
      groups: { rules: { name: string; health: string; state: string }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(12);
    expect(rules.filter(({ health, state }) => health !== 'ok' || state === 'firing')).toEqual([]);
  });

  it('the alerts ring when they should, and only then', () => {
    const run = (...args: string[]): string => execFileSync('promtool', args, { encoding: 'utf8', cwd: OPS });
    expect(run('check', 'config', 'prometheus/prometheus.yml')).toContain('SUCCESS');
    expect(run('test', 'rules', 'prometheus/alerts.test.yml')).toContain('SUCCESS');
    const tested = readFileSync(join(OPS, 'prometheus/alerts.test.yml'), 'utf8');
    const alerts = [...readFileSync(ALERTS, 'utf8').matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
    expect(alerts.filter((name) => !tested.includes(`alertname="${name}"`))).toEqual([]);
  });
});
