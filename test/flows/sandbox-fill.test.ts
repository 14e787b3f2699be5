import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { checkFunnel, countEndedAttempts } from '../../src/activation/funnel-store.ts';
import { fillSandbox } from '../../src/fill-sandbox.ts';
import { fillAttempts } from '../../src/fill-sandbox-attempts.ts';
import { describePersonas } from '../../src/sandbox/describe-person.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { activationFunnel } from '../../src/statistics/figures/activation-funnel.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

describe('a new sandbox', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await startTestApp({ env: { SYNTHETIC_PEOPLE: '60' } });
  });
  afterEach(() => test.close());

  const granted = async (): Promise<number> => {
    const [row] = (await test.app.db('activation_events').where({ kind: 'granted' }).count({ total: '*' })) as {
      total: number;
    }[];
    return row?.total ?? 0;
  };

  it('is filled with synthetic people and personas, once', async () => {
    expect(await fillSandbox(test.app)).toEqual({ synthetic: 60, added: 11, reopened: 0 });
    const before = await granted();
    expect(before).toBeGreaterThan(60);
    expect(await fillSandbox(test.app)).toEqual({ synthetic: 0, added: 0, reopened: 0 });
    expect(await granted()).toBe(before);
    expect(await describePersonas(test.app)).toHaveLength(11);
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('has attempts at activation, lost ones too, counted by the same road as real ones', async () => {
    await fillSandbox(test.app);
    const { db } = test.app;
    const now = test.app.clock();
    const { funnel } = await activationFunnel(db, { now, viewer: { kind: 'full' } });
    const losses = (funnel?.rows ?? []).flatMap((row) => row.losses);
    expect(funnel?.started).toBeGreaterThan(0);
    expect(losses.length).toBeGreaterThan(0);
    expect(await fillAttempts(db, now)).toBe(0);
    expect(await countEndedAttempts(db, now)).toBeGreaterThan(0);
    expect((await activationFunnel(db, { now, viewer: { kind: 'full' } })).funnel).toEqual(funnel);
    expect(await checkFunnel(db)).toEqual([]);
  });

  it('goes on where it was stopped, without counting anybody twice', async () => {
    const stopped = { ...test.app, hasher: { ...test.app.hasher, hash: () => Promise.reject(new Error('stopped')) } };
    await expect(fillSandbox(stopped)).rejects.toThrow('stopped');
    const before = await granted();
    test.travel({ seconds: 600 });
    await fillSandbox(test.app);
    expect(await granted()).toBe(before + 12);
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('is left as it is when only personas were asked for', async () => {
    await seedPersonas(test.app, test.app.clock());
    expect(await fillSandbox(test.app)).toMatchObject({ synthetic: 0, added: 0 });
  });
});

describe('a sandbox of the usual size', () => {
  it('has a dashboard of less than 150 kB, for who sees every number too', async () => {
    const test = await startTestApp({ env: { SYNTHETIC_PEOPLE: '5000' } });
    try {
      await fillSandbox(test.app);
      const { token } = await issueApiToken(test.app.db, {
        role: 'statistics_full',
        label: 'all',
        now: test.app.clock(),
      });
      for (const headers of [{}, { Authorization: `Bearer ${token}` }]) {
        const { status, text, $ } = await test.browser().get('/statistics?range=year', headers);
        expect(status).toBe(200);
        expect(Buffer.byteLength(text)).toBeLessThan(150_000);
        expect($('.units tbody tr').length).toBeGreaterThan(100);
      }
    } finally {
      await test.close();
    }
  }, 90_000);
});
