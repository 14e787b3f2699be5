import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG_KEYS } from '../../src/config-keys.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(ROOT, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

describe('the files in ops/', () => {
  let test: TestApp;
  let metrics: string;
  beforeAll(async () => {
    test = await startTestApp();
    // A histogram shows itself with its first observation.
    await test.browser().get('/');
    metrics = (await test.browser().get('/metrics')).text;
  });
  afterAll(() => test.close());

  it.each(['ops/prometheus/alerts.yml', 'ops/grafana/dinhdanh.json'])('%s asks for metrics that there are', (path) => {
    const asked = [...new Set(read(path).match(/dinhdanh_[a-z_0-9]+/g))];
    expect(asked.length).toBeGreaterThan(5);
    const shown = new Set(
      [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', kind]) =>
        kind === 'histogram' ? [`${name}_bucket`] : [name],
      ),
    );
    expect(asked.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('every alert says what happened, how grave it is and where to read on', () => {
    const alerts = read('ops/prometheus/alerts.yml')
      .split(/- alert: /)
      .slice(1);
    expect(alerts.length).toBeGreaterThan(8);
    const headings = [...read('docs/operations.md').matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const alert of alerts) {
      expect(alert).toMatch(/expr: .+\n\s+for: \d+m\n\s+labels: \{ severity: (page|ticket) \}/);
      const anchor = /runbook: "docs\/operations\.md#([\w-]+)"/.exec(alert)?.[1];
      expect(headings).toContain(anchor);
    }
  });

  it('every setting in them is one of the provider or of its own', () => {
    const own = new Set(['POSTGRES_PASSWORD', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_INITDB_ARGS', 'TLS_FOLDER']);
    const named = [
      ...[...read('ops/compose.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, key = '']) => key),
      ...[...read('ops/compose.yaml').matchAll(/^\s+([A-Z_]{4,}): /gm)].map(([, key = '']) => key),
      ...[...read('ops/Dockerfile').matchAll(/([A-Z_]+)=\S/g)].map(([, key = '']) => key),
      ...[...read('ops/systemd/dinhdanh.service').matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, key = '']) => key),
    ];
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((key) => !CONFIG_KEYS.has(key) && !own.has(key))).toEqual([]);
  });

  it('the dashboard can be imported: panels of their own ids, no two in one place', () => {
    type Panel = {
      id: number;
      title: string;
      gridPos: { x: number; y: number; w: number; h: number };
      targets: { expr: string }[];
    };
    const { panels } = JSON.parse(read('ops/grafana/dinhdanh.json')) as { panels: Panel[] };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBeLessThanOrEqual(24);
    for (const { targets } of panels)
      for (const { expr } of targets) expect(expr.split('(').length).toBe(expr.split(')').length);
  });

  it('no file holds a secret', () => {
    for (const path of filesBelow('ops'))
      expect(read(path)).not.toMatch(/(KEYS|PEPPER|PASSWORD|TOKEN)=\S*[A-Za-z0-9+/]{16}/);
  });
});
