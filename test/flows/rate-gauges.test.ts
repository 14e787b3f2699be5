import { expect, it } from 'vitest';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp } from '../support/app.ts';

it('shows the rates of the whole, read once in half a minute; while they cannot be read, none, and one line in the log', async () => {
  const test = await startTestApp();
  const { db } = test.app;
  const cohort = { unitCode: '00004', notified: 30, activated: 20, onTime: 15 };
  await recordCohort(db, { ...cohort, notifiedAt: new Date('2026-01-10T03:00:00Z') });
  const { agent } = test.browser();
  const lines = async (): Promise<string[]> => {
    const { text } = await agent.get('/metrics');
    return text.split('\n').filter((line) => /^dinhdanh_(activation_rate|late_grants|pending_grants)/.test(line));
  };
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
