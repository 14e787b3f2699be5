import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_DENIED_TEXT } from '../../src/domain/refusal.ts';
import { type DescribedPerson, describePerson } from '../../src/sandbox/describe-person.ts';
import type { PersonaKey } from '../../src/sandbox/personas.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import {
  ACR,
  agree,
  answerOf,
  authorizePath,
  redeem,
  typeCode,
  typePassword,
  userinfo,
} from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  await seedPersonas(test.app, test.app.clock());
});
afterAll(() => test.close());

const listed = async (key: PersonaKey): Promise<DescribedPerson> => {
  const person = await describePerson(test.app, key);
  if (person === undefined) throw new Error(`${key} is not there`);
  return person;
};

const MAY = [
  ['l2-active', 2],
  ['l1-active', 1],
  ['l1-active-l2-pending', 1],
  ['teen', 2],
  ['foreigner', 2],
] as const;
const MAY_NOT = ['pending', 'late', 'locked', 'deceased', 'child', 'elder'] as const;

describe('a persona without a page', () => {
  it.each(MAY)('%s gets a code in one redirect, and is of level %i', async (key, level) => {
    const page = await test.browser().get(authorizePath({ login_hint: `persona:${key}`, scope: 'openid account' }));
    const tokens = await redeem(test, page);
    expect(tokens.idToken).toMatchObject({ acr: ACR(1) });
    expect(await userinfo(test, tokens)).toMatchObject({ account_level: level, account_status: 'active' });
  });

  it.each(MAY_NOT)('%s is refused in the same redirect, and the service learns no more', async (key) => {
    const page = await test.browser().get(authorizePath({ login_hint: `persona:${key}` }));
    expect(answerOf(page)).toMatchObject({
      error: 'access_denied',
      error_description: ACCESS_DENIED_TEXT,
    });
  });

  it('may be somebody made at /sandbox/people', async () => {
    const made = await test.browser().agent.post('/sandbox/people').send({ level: 1, status: 'activated' });
    const hint = String((made.body as Record<string, unknown>)['login_hint']);
    const page = await test.browser().get(authorizePath({ login_hint: hint, scope: 'openid account' }));
    expect(await userinfo(test, await redeem(test, page))).toMatchObject({ account_level: 1 });
  });
});

describe('a persona at the pages', () => {
  const signIn = async (
    browser: TestBrowser,
    person: DescribedPerson,
    params: Record<string, string> = {},
  ): Promise<TestPage> => {
    const start = await browser.get(authorizePath({ scope: 'openid account', ...params }));
    return typePassword(browser, start, { citizenId: person.citizenId, password: person.secrets.password });
  };

  /** Whoever has consented before is not asked again. */
  const consented = async (browser: TestBrowser, page: TestPage): Promise<TestPage> =>
    page.$('button[name="decision"]').length > 0 ? agree(browser, page, { scope: ['account'] }) : page;

  it.each(MAY)('%s signs in with the password that is listed', async (key, level) => {
    const browser = test.browser();
    const tokens = await redeem(test, await consented(browser, await signIn(browser, await listed(key))));
    expect(await userinfo(test, tokens)).toMatchObject({ account_level: level });
  });

  it('l2-active has a second factor in her authenticator', async () => {
    const browser = test.browser();
    const person = await listed('l2-active');
    const page = await signIn(browser, person, { acr_values: ACR(2) });
    const code = person.totp?.current ?? '';
    const tokens = await redeem(test, await consented(browser, await typeCode(browser, page, code, 'otp')));
    expect(tokens.idToken).toMatchObject({ acr: ACR(2), amr: ['pwd', 'otp', 'mfa'] });
  });

  it('l1-active finds the code of his second factor in the inbox', async () => {
    const browser = test.browser();
    const page = await signIn(browser, await listed('l1-active'), { acr_values: ACR(2) });
    const inbox = await test.browser().get('/sandbox/inbox.json?persona=l1-active');
    const { messages } = JSON.parse(inbox.text) as { messages: { code?: string }[] };
    const tokens = await redeem(
      test,
      await consented(browser, await typeCode(browser, page, messages[0]?.code ?? '', 'sms')),
    );
    expect(tokens.idToken).toMatchObject({ acr: ACR(2), amr: ['pwd', 'sms', 'mfa'] });
  });

  it.each(['locked', 'deceased'] as const)(
    '%s comes to a page that says what to do, not to the service',
    async (key) => {
      const page = await signIn(test.browser(), await listed(key));
      expect(page.location).toBeUndefined();
      expect(page.path).toMatch(/^\/interaction\//);
      expect(page.$('input[name="password"]')).toHaveLength(0);
    },
  );

  it.each(['pending', 'late', 'child', 'elder'] as const)('%s has no password yet', async (key) => {
    const page = await signIn(test.browser(), await listed(key));
    expect(page.$('input[name="password"]')).toHaveLength(1);
  });
});
