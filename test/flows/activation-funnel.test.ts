import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFunnel, countEndedAttempts } from '../../src/activation/funnel-store.ts';
import { activationFunnel } from '../../src/statistics/figures/activation-funnel.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { ANSWERS, activate, proveOwnPhone, startActivation, walkToQuestions } from '../support/activation-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  giveActivePerson,
  giveLock,
  givePendingPerson,
  syntheticCitizenId,
  type TestPerson,
} from '../support/people.ts';

let test: TestApp;
beforeEach(async () => {
  test = await startTestApp();
});
afterEach(() => test.close());

const WRONG = { code: '000001' };

async function lostReasons(): Promise<Record<string, number>> {
  const { funnel } = await activationFunnel(test.app.db, { now: test.app.clock() });
  const lost = (funnel?.rows ?? []).flatMap(({ steps, losses, open }) => [
    ...losses.map(({ reason, count = 0 }) => [`${steps[0]} ${reason}`, count] as const),
    [`${steps[0]} open`, open ?? 0] as const,
  ]);
  return { ...Object.fromEntries(lost.filter(([, count]) => count > 0)), completed: funnel?.completed ?? 0 };
}

async function person(): Promise<TestPerson> {
  return givePendingPerson(test.app);
}

describe('the funnel of real activations', () => {
  it('tells why each was lost, as soon as it is and again when all are counted', async () => {
    await activate(test, test.browser(), await person());

    const stranger = {
      citizenId: syntheticCitizenId('1990-01-01', 'male'),
      phone: '+84912000321' as TestPerson['phone'],
    };
    await startActivation(test.browser(), stranger);
    await startActivation(test.browser(), await person());

    const clumsy = test.browser();
    await startActivation(clumsy, await person());
    await clumsy.post('/activate/code', WRONG);

    const stubborn = test.browser();
    await startActivation(stubborn, await person());
    for (let guess = 0; guess < 6; guess += 1) await stubborn.post('/activate/code', WRONG);

    const locked = await person();
    await giveLock(test.app, locked);
    await proveOwnPhone(test, test.browser(), locked);

    await proveOwnPhone(test, test.browser(), await person());
    await walkToQuestions(test, test.browser(), await person());

    const mother = await giveActivePerson(test.app);
    const child = await givePendingPerson(test.app, { age: 10, level: 1, guardian: mother });
    const childsBrowser = test.browser();
    await walkToQuestions(test, childsBrowser, child);
    await childsBrowser.post('/activate/questions', ANSWERS);

    const slow = test.browser();
    await startActivation(slow, await person());
    test.travel({ seconds: 200 });
    await slow.post('/activate/code', WRONG);

    const waiting = { 'code open': 5, 'password open': 1, 'questions open': 1, 'guardian open': 1 };
    expect(await lostReasons()).toEqual({ ...waiting, 'account locked': 1, completed: 1 });
    test.travel({ seconds: 2 * 86_400 });
    const settled = {
      'code not_matched': 1,
      'code code_not_typed': 1,
      'code code_mistyped': 1,
      'code code_tries_used_up': 1,
      'code code_expired': 1,
      'account locked': 1,
      'password abandoned': 1,
      'questions abandoned': 1,
      'guardian guardian_silent': 1,
      completed: 1,
    };
    expect(await lostReasons()).toEqual(settled);
    expect(await countEndedAttempts(test.app.db, test.app.clock())).toBe(10);
    expect(await lostReasons()).toEqual(settled);
    expect(await checkFunnel(test.app.db)).toEqual([]);
    // What an attempt carried is not kept for nobody.
    expect(await test.app.db('activation_attempts').whereNotNull('password_hash')).toEqual([]);
  });

  it('shows the public nothing of a few attempts, and a token everything', async () => {
    await activate(test, test.browser(), await person());
    const { token } = await issueApiToken(test.app.db, {
      role: 'statistics_full',
      label: 'test',
      now: test.app.clock(),
    });
    const get = async (query: string, headers = {}) => {
      const response = await test.browser().agent.get(`/statistics/funnel.json${query}`).set(headers);
      return { status: response.status, body: response.body as object };
    };
    expect((await get('')).body).toMatchObject({ status: 'not_published', started: null, steps: [] });
    const full = await get('?channel=self', { Authorization: `Bearer ${token}` });
    expect(full.body).toMatchObject({ status: 'shown', started: 1, completed: 1, activated: 1 });
    expect((await get('?from=2199-01-01')).status).toBe(422);
    expect((await get('?channel=post')).status).toBe(422);
  });
});
