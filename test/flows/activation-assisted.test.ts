import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { listActivations } from '../../src/accounts/activation-store.ts';
import { listGrants } from '../../src/accounts/level-grant-store.ts';
import { type AssistInput, startAssistedAttempt } from '../../src/activation/start-assisted-attempt.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { ANSWERS, activate, proveOwnPhone, walkToQuestions } from '../support/activation-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  accountOf,
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

afterEach(async () => {
  await test.close();
});

function assist(person: Pick<TestPerson, 'citizenId'>, input: Partial<AssistInput> = {}) {
  return startAssistedAttempt(test.app, {
    citizenId: person.citizenId,
    channel: 'assist_point',
    unitCode: '00070',
    helperId: 'post-office-12',
    reason: 'identity card seen at the counter',
    now: test.app.clock(),
    ...input,
  });
}

describe('at an assist point', () => {
  it('the citizen activates with her own phone; channel, unit and helper are the point’s, and the audit names both', async () => {
    const person = await givePendingPerson(test.app, { unitCode: '00004', age: 78 });
    expect(await assist(person)).toMatchObject({ kind: 'opened', accountId: person.accountId });
    const done = await activate(test, test.browser(), person);
    expect(done.$('h1').text()).toBe('Đã kích hoạt tài khoản');
    expect(await listActivations(test.app.db, person.accountId)).toMatchObject([
      { channel: 'assist_point', unitCode: '00070', helperId: 'post-office-12' },
    ]);
    const audit = await listAuditOfAccount(test.app.db, person.accountId);
    expect(audit.find((one) => one.action === 'activation.assisted')).toMatchObject({
      actorKind: 'officer',
      actorId: 'post-office-12',
      reason: 'identity card seen at the counter',
    });
    expect(audit.find((one) => one.action === 'grant.activated')).toMatchObject({
      actorKind: 'citizen',
      actorId: person.accountId,
      detail: { helper: 'post-office-12' },
    });
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('a late grant opens again in the same go', async () => {
    const person = await givePendingPerson(test.app, { status: 'late_activation' });
    await assist(person, { channel: 'police', helperId: 'officer-3' });
    expect((await activate(test, test.browser(), person)).$('h1').text()).toBe('Đã kích hoạt tài khoản');
    const reopened = (await listAuditOfAccount(test.app.db, person.accountId)).find(
      (one) => one.action === 'grant.reopened',
    );
    expect(reopened).toMatchObject({
      actorKind: 'officer',
      actorId: 'officer-3',
      reason: 'identity card seen at the counter',
    });
    expect(await test.app.db('activation_events').where({ kind: 'on_time' })).toEqual([]);
  });

  it('the helper’s device keeps nothing: no attempt, no session, and the page sends the citizen to a device of her own', async () => {
    const person = await givePendingPerson(test.app);
    await assist(person);
    const counter = test.browser();
    const done = await activate(test, counter, person);
    expect(done.$('main').text()).toContain('Thiết bị này không giữ lại gì');
    expect(done.$('main a[href="/account"]')).toHaveLength(0);
    expect((await counter.get('/activate/done')).path).toBe('/activate');
    expect(await test.app.db('known_devices')).toEqual([]);
  });

  it('an attempt left lying on the helper’s device is over after a quarter of an hour', async () => {
    const person = await givePendingPerson(test.app);
    await assist(person);
    const counter = test.browser();
    await walkToQuestions(test, counter, person);
    test.travel({ seconds: 901 });
    expect((await counter.post('/activate/questions', ANSWERS)).path).toBe('/activate?over');
    expect((await accountOf(test.app, person)).status).toBe('provisional');
  });

  it('help opens nothing without the citizen’s phone, and ends after an hour', async () => {
    const person = await givePendingPerson(test.app, { status: 'late_activation' });
    await assist(person);
    expect((await listGrants(test.app.db, person.accountId))[0]?.status).toBe('late_activation');
    expect(await test.messages(person.phone)).toEqual([]);
    test.travel({ seconds: 3_600 });
    expect((await proveOwnPhone(test, test.browser(), person)).$('h1').text()).toBe('Đã quá hạn tự kích hoạt');
  });

  it('help is used up by the activation', async () => {
    const person = await givePendingPerson(test.app);
    await assist(person);
    await activate(test, test.browser(), person);
    expect(await test.app.db('activation_assistances').whereNull('closed_at')).toEqual([]);
  });

  it('the helper is told when there is nothing to help with', async () => {
    expect(await assist({ citizenId: syntheticCitizenId('1990-01-01', 'male') })).toEqual({ kind: 'unknown_person' });
    expect(await assist(await giveActivePerson(test.app))).toEqual({ kind: 'already_active' });
    const locked = await givePendingPerson(test.app);
    await giveLock(test.app, locked);
    expect(await assist(locked)).toEqual({ kind: 'locked' });
    expect(await assist(await givePendingPerson(test.app), { channel: 'self' })).toEqual({
      kind: 'not_an_assisted_channel',
    });
  });
});
