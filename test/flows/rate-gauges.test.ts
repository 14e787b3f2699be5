import { expect, it } from 'vitest';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

/** On its own port, which nobody but the operator reaches. */
async function ownPort(test: TestApp): Promise<string[]> {
  const { body } = await test.app.metrics.text();
  return body.split('\n').filter(isRate);
}

const isRate = (line: string): boolean => /^dinhdanh_(activation_rate|late_grants|pending_grants)/.test(line);

it('shows the rates of the whole, read once in half a minute; while they cannot be read, none, and one line in the log', async () => {
  const test = await startTestApp({ env: { METRICS_PORT: '9464' } });
  const { db } = test.app;
  const cohort = { unitCode: '00004', notified: 30, activated: 20, onTime: 15 };
  await recordCohort(db, { ...cohort, notifiedAt: new Date('2026-01-10T03:00:00Z') });
  const lines = () => ownPort(test);
  const first = await lines();
  expect(first).toContain('dinhdanh_activation_rate_numerator{rate="activation_of_granted"} 20');
  expect(first).toContain('dinhdanh_activation_rate_denominator{rate="activation_of_granted"} 30');
  expect(first.some((line) => line.includes('denominator{rate="activation_of_target"}'))).toBe(false);
  expect(first.filter((line) => line.startsWith('dinhdanh_late_grants'))).toHaveLength(3);

  await recordCohort(db, { ...cohort, notifiedAt: new Date('2026-01-11T03:00:00Z') });
  expect(await lines()).toEqual(first);
  test.travel({ seconds: 31 });
  expect(await lines()).toContain('dinhdanh_activation_rate_numerator{rate="activation_of_granted"} 40');

  await db.schema.renameTable('resident_counters', 'resident_counters_away');
  for (let times = 0; times < 3; times += 1) {
    test.travel({ seconds: 31 });
    expect(await lines()).toEqual([]);
  }
  expect(test.traces.logLines.filter((line) => line.includes('rate_gauges.failed'))).toHaveLength(1);
  await db.schema.renameTable('resident_counters_away', 'resident_counters');
  await test.close();
});

it('shows no more than the open view where anybody can read it', async () => {
  const test = await startTestApp();
  const { db } = test.app;
  const notifiedAt = new Date('2026-01-10T03:00:00Z');
  await recordCohort(db, { unitCode: '00004', notified: 60, activated: 51, onTime: 51, notifiedAt });
  const { agent } = test.browser();
  const open = async (): Promise<string[]> => {
    const { text, status } = await agent.get('/metrics');
    expect(status).toBe(200);
    return text.split('\n').filter(isRate);
  };
  expect(await open()).toEqual([]);
  await recordCohort(db, { unitCode: '00008', notified: 60, activated: 30, onTime: 30, notifiedAt });
  test.travel({ seconds: 31 });
  const told = await open();
  expect(told).toContain('dinhdanh_activation_rate_numerator{rate="activation_of_granted"} 81');
  // All that is late is of one age: of a single one nothing is published.
  expect(told.filter((line) => /late_grants|pending_grants/.test(line))).toEqual([]);
  await test.close();
});
