import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { verifyPassword } from '../../src/accounts/verify-password.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { givePendingPerson } from '../support/people.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  await seedPersonas(test.app, test.app.clock());
});
afterAll(() => test.close());

type PersonJson = Record<string, string> & { grants: { account_level: number; status: string }[] };

const json = async (path: string, headers: Record<string, string> = {}) => {
  const page = await test.browser().get(path, headers);
  expect(page.headers['content-type']).toContain('application/json');
  return JSON.parse(page.text) as { personas: PersonJson[]; messages: Record<string, string>[] };
};

describe('/sandbox', () => {
  it.each(['vi', 'en'])('shows every persona, what to type, and the ready clients (%s)', async (lang) => {
    const page = await test.browser().get(`/sandbox?lang=${lang}`);
    expect(page.status).toBe(200);
    expect(page.$('html').attr('lang')).toBe(lang);
    expect(page.$('#personas tbody tr')).toHaveLength(11);
    expect(page.$('#totp strong').text()).toMatch(/^\d{6}$/);
    for (const text of [
      'Hoa_sua#2031',
      '472958',
      'sandbox-web-secret',
      'persona:l2-active',
      '/sandbox/inbox?persona=late',
    ])
      expect(page.text).toContain(text);
  });

  it('weighs less than 50 kB', async () => {
    for (const path of ['/sandbox', '/sandbox/personas', '/developers'])
      expect(Buffer.byteLength((await test.browser().get(path)).text), path).toBeLessThan(50_000);
  });
});

describe('/sandbox/personas', () => {
  it('lists everything as JSON, by Accept and by name', async () => {
    const { personas } = await json('/sandbox/personas.json');
    expect((await json('/sandbox/personas', { Accept: 'application/json' })).personas).toEqual(personas);
    expect(personas.find(({ key }) => key === 'l2-active')).toMatchObject({
      login_hint: 'persona:l2-active',
      citizen_id: '999190990001',
      phone_number: '0950000001',
      account_status: 'active',
      account_level: 2,
      secrets_state: 'given',
      password: 'Hoa_sua#2031',
      passcode: '472958',
      totp_code: expect.stringMatching(/^\d{6}$/),
    });
    expect(personas.find(({ key }) => key === 'child')).toMatchObject({ guardian: 'l2-active', account_level: 0 });
    for (const persona of personas)
      for (const field of [
        'citizen_id',
        'phone_number',
        'password',
        'passcode',
        'answer_1',
        'answer_2',
        'card_issued_on',
      ])
        expect(persona[field], `${field} of ${persona['key']}`).toMatch(/./);
  });

  it('is a page for people, with the same', async () => {
    const page = await test.browser().get('/sandbox/personas?lang=en');
    expect(
      page
        .$('section[id]')
        .toArray()
        .map((section) => section.attribs['id']),
    ).toContain('elder');
    expect(page.$('#late').text()).toContain('late since');
  });
});

describe('/sandbox/inbox', () => {
  it('shows a persona her messages, newest first, and the code in one of them', async () => {
    const phone = (await json('/sandbox/personas.json')).personas.find(({ key }) => key === 'elder')?.['phone_number'];
    test.travel({ seconds: 60 });
    await test.app.outbox.enqueue(test.app.db, {
      kind: 'sms',
      payload: { to: `+84${phone?.slice(1)}`, body: 'Ma xac thuc cua ban: 104729.' },
    });
    const { messages } = await json('/sandbox/inbox?persona=elder', { Accept: 'application/json' });
    expect(messages.map(({ code }) => code)).toEqual(['104729', undefined]);
    const page = await test.browser().get('/sandbox/inbox?persona=elder');
    expect(page.$('.message').first().text()).toContain('104729');
  });

  it('takes a phone number by POST alone', async () => {
    const stranger = await givePendingPerson(test.app);
    await test.app.outbox.enqueue(test.app.db, { kind: 'sms', payload: { to: stranger.phone, body: 'Xin chao' } });
    const browser = test.browser();
    await browser.get('/sandbox');
    const page = await browser.post('/sandbox/inbox', { phone_number: `0${stranger.phone.slice(3)}` });
    expect(page.$('.message').text()).toBe('Xin chao');
    expect((await browser.get(`/sandbox/inbox?phone_number=${stranger.phone}`)).path).toBe('/sandbox');
    expect((await browser.post('/sandbox/inbox', { phone_number: '12' })).status).toBe(422);
  });

  it('knows no inbox of anybody else', async () => {
    const stranger = await givePendingPerson(test.app);
    for (const key of ['nobody', stranger.accountId, stranger.phone])
      expect((await test.browser().get(`/sandbox/inbox?persona=${encodeURIComponent(key)}`)).status).toBe(404);
  });
});

describe('/sandbox/people', () => {
  const make = async (wish: object) => test.browser().agent.post('/sandbox/people').send(wish);

  it('makes somebody who waits for activation, by one command', async () => {
    const answer = await make({ level: 2, status: 'pending', age: 40 });
    expect(answer.status).toBe(201);
    const person = answer.body as PersonJson;
    expect(person).toMatchObject({ account_status: 'provisional', secrets_state: 'to_choose' });
    expect(person.grants).toMatchObject([{ account_level: 2, status: 'pending_activation' }]);
    expect(person['citizen_id']).toMatch(/^999/);
    expect((await json(`/sandbox/inbox.json?persona=${person['key']}`)).messages).toHaveLength(1);
    expect(await json(answer.headers['location'] ?? '', { Accept: 'application/json' })).toEqual(person);
  });

  it('makes somebody who can sign in', async () => {
    const person = (await make({ level: 1, status: 'activated', full_name: 'Đinh Thử Một' })).body as PersonJson;
    expect(person).toMatchObject({ account_level: 1, full_name: 'Đinh Thử Một', secrets_state: 'given' });
    expect(await verifyPassword(test.app, person['account_id'] ?? '', person['password'] ?? '')).toBe(true);
  });

  it.each([
    ['late', 'provisional', 'late_activation'],
    ['locked', 'locked', 'activated'],
  ])('makes somebody who is %s', async (status, accountStatus, grantStatus) => {
    const person = (await make({ status })).body as PersonJson;
    expect(person).toMatchObject({ account_status: accountStatus, grants: [{ status: grantStatus }] });
  });

  it('makes them by a form too, and shows what to type', async () => {
    const browser = test.browser();
    await browser.get('/sandbox?lang=en');
    const page = await browser.post('/sandbox/people', {
      level: '1',
      status: 'pending',
      age: '12',
      gender: 'male',
      full_name: '',
    });
    expect(page.path).toMatch(/^\/sandbox\/people\/[0-9a-f-]{36}$/);
    expect(page.text).toContain('Level 1: waiting for activation');
  });

  it('keeps to what the law grants, and says which field is wrong', async () => {
    const answer = await make({ level: 2, age: 5 });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'invalid_field', field: 'age' });
    expect((await make({ status: 'blessed' })).body).toMatchObject({ field: 'status' });

    const browser = test.browser();
    await browser.get('/sandbox');
    const page = await browser.post('/sandbox/people', { level: '2', status: 'pending', age: 'old' });
    expect(page.status).toBe(422);
    expect(page.$('.error-summary a').attr('href')).toBe('#age');
  });

  it('takes no form from another site', async () => {
    const browser = test.browser();
    await browser.get('/sandbox');
    const page = await browser.post('/sandbox/people', { level: '2' }, { Origin: 'https://elsewhere.example' });
    expect(page.status).toBe(403);
  });

  it('shows nobody but who was made here', async () => {
    const stranger = await givePendingPerson(test.app);
    expect((await test.browser().get(`/sandbox/people/${stranger.accountId}`)).status).toBe(404);
  });

  it('keeps the counters equal to a recount', async () => {
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });
});

describe('without the sandbox', () => {
  it('has none of its routes', async () => {
    const bare = await startTestApp({
      env: {
        SANDBOX: 'false',
        SMS_GATEWAY_URL: 'http://127.0.0.1:9/sms',
        SMS_GATEWAY_TOKEN: 'not-a-real-token',
        DATA_KEYS: `k1:${randomBytes(32).toString('base64')}`,
        INDEX_KEYS: `k1:${randomBytes(32).toString('base64')}`,
        COOKIE_KEYS: 'a-cookie-key-of-a-test-0123456789-abc',
        PASSWORD_PEPPER: 'a-password-pepper-of-a-test-0123456789',
      },
    });
    try {
      for (const path of ['/sandbox', '/sandbox/personas', '/sandbox/personas.json', '/sandbox/inbox?persona=pending'])
        expect((await bare.browser().get(path)).status, path).toBe(404);
      expect((await bare.browser().agent.post('/sandbox/people').send({})).status).toBe(404);
      const developers = await bare.browser().get('/developers');
      expect(developers.status).toBe(200);
      expect(developers.text).not.toContain('sandbox-web-secret');
      expect(developers.text).not.toContain('persona:');
    } finally {
      await bare.close();
    }
  });
});
