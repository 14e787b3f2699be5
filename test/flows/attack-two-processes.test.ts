import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccount } from '../../src/accounts/lock-account.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { giveActivePerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import { createTestDatabase, postgresUrl, redisUrl, type TestDatabase } from '../support/services.ts';
import {
  answerOf,
  authorizePath,
  essentialAcr,
  interactionPath,
  redeem,
  signInWholly,
  type Tokens,
  typePassword,
  userinfo,
} from '../support/sign-in-walk.ts';

const PLACES = [
  { name: 'PostgreSQL', isThere: postgresUrl() !== undefined, env: {} },
  {
    name: 'Redis and PostgreSQL',
    isThere: postgresUrl() !== undefined && redisUrl() !== undefined,
    env: { REDIS_URL: redisUrl() ?? '' },
  },
];

/** Two processes of one issuer, each answering ahead of its pages and of its library: what one of them has just done holds at the other at once. */
for (const { name, isThere, env } of PLACES)
  describe.skipIf(!isThere)(`with two processes on ${name}`, { timeout: 60_000 }, () => {
    let database: TestDatabase;
    let folder: string;
    let here: TestApp;
    let there: TestApp;

    beforeAll(async () => {
      database = await createTestDatabase(postgresUrl() as string);
      folder = mkdtempSync(join(tmpdir(), 'dinhdanh-two-'));
      const shared = { DATABASE_URL: database.url, KEYS_FOLDER: folder, ...env };
      here = await startTestApp({ env: shared });
      there = await startTestApp({ env: { ...shared, ISSUER: here.issuer } });
    }, 60_000);
    afterAll(async () => {
      await there.close();
      await here.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    });

    const atBoth = (count: number): TestApp[] =>
      Array.from({ length: count }, (_, at) => (at % 2 === 0 ? here : there));
    const signedIn = async (): Promise<{
      person: TestPerson;
      browser: TestBrowser;
      page: TestPage;
      tokens: Tokens;
    }> => {
      const [person, browser] = [await giveActivePerson(here.app), here.browser()];
      const page = await signInWholly(here, browser, person);
      return { person, browser, page, tokens: await redeem(here, page) };
    };
    /** The form of this page, as often and as nearly at once as may be. */
    const press = async (
      browser: TestBrowser,
      page: TestPage,
      form: { step: string; fields: Record<string, string>; times: number },
    ): Promise<Response[]> => {
      const path = `${interactionPath(page)}/${form.step}`;
      const { jar } = browser.agent as unknown as { jar: { getCookies(at: object): { toValueString(): string }[] } };
      const cookies = jar.getCookies({ path, domain: 'localhost', secure: false, script: false });
      const headers = { cookie: cookies.map((one) => one.toValueString()).join('; '), origin: here.issuer };
      const body = new URLSearchParams({
        csrf_token: page.$('input[name="csrf_token"]').attr('value') ?? '',
        ...form.fields,
      });
      return Promise.all(
        atBoth(form.times).map((app) =>
          fetch(app.ownAddress + path, { method: 'POST', headers, body, redirect: 'manual' }),
        ),
      );
    };
    const countOf = (answers: readonly Response[], status: number): number =>
      answers.filter((answer) => answer.status === status).length;

    it('five of twenty-four passwords typed at once are judged', async () => {
      const [person, browser] = [await giveActivePerson(here.app), here.browser()];
      const page = await browser.get(authorizePath());
      const fields = { citizen_id: person.citizenId, password: 'Khong_dung#1' };
      const answers = await press(browser, page, { step: 'password', fields, times: 24 });
      expect([countOf(answers, 422), countOf(answers, 429)]).toEqual([5, 19]);
      await here.app.db('throttles').delete();
    });

    it('one of six equal codes sent at once completes the sign-in', async () => {
      const [person, browser] = [await giveActivePerson(here.app), here.browser()];
      const start = await browser.get(authorizePath({ claims: essentialAcr(2) }));
      const page = await typePassword(browser, start, { ...person, password: TEST_SECRETS.password });
      const fields = { method: 'sms', code: await here.code(person.phone) };
      const answers = await press(browser, page, { step: 'second-factor', fields, times: 6 });
      const completed = answers.filter((answer) => answer.headers.get('location')?.includes('/authorize/') === true);
      expect(completed).toHaveLength(1);
    });

    it('an account that is locked at one has nothing left at the other, before anybody has ended its access', async () => {
      const { person, browser, tokens } = await signedIn();
      const page = await browser.get(authorizePath());
      const fact = {
        ground: 'holder_request',
        reason: 'test',
        requestedBy: 'holder',
        actor: { kind: 'operator' },
      } as const;
      const { accountId } = person;
      await inTransaction(there.app.db, (tx) =>
        lockAccount(tx, there.app, { ...fact, accountId, now: there.app.clock() }),
      );
      expect(await userinfo(here, tokens)).toMatchObject({ error: 'invalid_token' });
      await expect(redeem(here, page)).rejects.toThrow('invalid_grant');
      expect((await browser.get(authorizePath())).location).toBeUndefined();
    });

    it('a session that is ended at one is over at the other, with its codes', async () => {
      const { person, browser, tokens } = await signedIn();
      const page = await browser.get(authorizePath());
      expect(answerOf(page)['code']).toMatch(/./);
      const [session] = await there.app.gateway.listSessions(person.accountId);
      await there.app.gateway.endSession(person.accountId, session?.uid ?? '');
      expect(await userinfo(here, tokens)).toMatchObject({ error: 'invalid_token' });
      await expect(redeem(here, page)).rejects.toThrow('invalid_grant');
      expect((await browser.get(authorizePath())).$('#password')).toHaveLength(1);
    });

    it('a consent that is withdrawn at one is asked for again at the other', async () => {
      const { person, browser } = await signedIn();
      const page = await browser.get(authorizePath());
      await there.app.gateway.endGrant(person.accountId, 'sandbox-spa');
      await expect(redeem(here, page)).rejects.toThrow('invalid_grant');
      expect((await browser.get(authorizePath())).$('button[name="decision"]')).toHaveLength(2);
    });
  });
