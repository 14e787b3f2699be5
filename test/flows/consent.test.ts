import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listConsents } from '../../src/accounts/consent-store.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { giveActivePerson, type TestPerson } from '../support/people.ts';
import {
  agree,
  answerOf,
  authorizePath,
  giveClient,
  interactionPath,
  redeem,
  typePassword,
  userinfo,
} from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  await giveClient(test, {
    id: 'clinic',
    name: { vi: 'Phòng khám', en: 'Clinic' },
    purpose: { vi: 'Mở hồ sơ khám bệnh', en: 'To open your medical file' },
    essentialScopes: ['openid', 'profile'],
  });
  await giveClient(test, { id: 'lawful', legalBasis: 'a law', essentialScopes: ['openid', 'citizen_id'] });
});
afterAll(() => test.close());

async function comeToConsent(
  params: Record<string, string>,
  as?: { browser: TestBrowser; person: TestPerson },
): Promise<{ browser: TestBrowser; page: TestPage; person: TestPerson }> {
  const person = as?.person ?? (await giveActivePerson(test.app));
  const browser = as?.browser ?? test.browser();
  const page = await browser.get(authorizePath({ client_id: 'clinic', ...params }));
  return { browser, person, page: page.$('#password').length > 0 ? await typePassword(browser, page, person) : page };
}

function boxes(page: TestPage, name: 'scope' | 'claim'): string[] {
  return page
    .$(`input[type="checkbox"][name="${name}"]`)
    .map((_, box) => page.$(box).attr('value') ?? '')
    .get();
}

describe('the consent page', () => {
  it('says who asks, for what purpose, what each thing holds, and how to withdraw it', async () => {
    const { page } = await comeToConsent({ scope: 'openid profile phone' });
    const text = page.$('main').text();
    expect(page.$('h1').text()).toContain('Phòng khám');
    expect(text).toContain('Mở hồ sơ khám bệnh');
    expect(text).toContain('ngày sinh');
    expect(text).toContain('rút lại');
    expect(
      page
        .$('button[name="decision"]')
        .map((_, one) => page.$(one).attr('value'))
        .get(),
    ).toEqual(['allow', 'deny']);
    expect(page.$('button[value="allow"]').hasClass('primary')).toBe(true);
  });

  it('speaks the language of the page, the purpose too', async () => {
    const { page } = await comeToConsent({ scope: 'openid profile', ui_locales: 'en' });
    expect(page.$('main').text()).toContain('To open your medical file');
    expect(page.$('main').text()).toContain('date of birth');
  });

  it('offers what is voluntary as boxes, none of them ticked, and what is essential as none', async () => {
    const { page } = await comeToConsent({
      scope: 'openid profile phone residence',
      claims: JSON.stringify({ userinfo: { email: null, place_of_birth: { essential: true } } }),
    });
    expect(boxes(page, 'scope')).toEqual(['phone', 'residence']);
    expect(boxes(page, 'claim')).toEqual(['email']);
    expect(page.$('input[checked]')).toHaveLength(0);
    expect(page.$('.definitions').text()).toContain('Nơi sinh');
  });

  it('is never shown for a citizen id that the service may not have by law: the request itself is refused', async () => {
    for (const asked of [
      { scope: 'openid profile citizen_id' },
      { scope: 'openid profile', claims: JSON.stringify({ userinfo: { citizen_id: { essential: true } } }) },
    ]) {
      const page = await test.browser().get(authorizePath({ client_id: 'clinic', ...asked }));
      expect(answerOf(page)).toHaveProperty('error');
    }
  });

  it('asks for a citizen id where the law allows', async () => {
    const { browser, page, person } = await comeToConsent({ client_id: 'lawful', scope: 'openid citizen_id' });
    expect(page.text).toContain('12 chữ số');
    const tokens = await redeem(test, await agree(browser, page), 'lawful');
    expect(await userinfo(test, tokens)).toMatchObject({ citizen_id: person.citizenId });
  });

  it('needs one of its two buttons', async () => {
    const { browser, page } = await comeToConsent({ scope: 'openid profile' });
    const undecided = await browser.post(`${interactionPath(page)}/consent`, { decision: '' });
    expect(undecided.status).toBe(422);
    expect(undecided.$('.error-summary')).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('gives what is essential and what was ticked, and leaves the rest out', async () => {
    const { browser, page } = await comeToConsent({ scope: 'openid profile phone residence' });
    const tokens = await redeem(test, await agree(browser, page, { scope: ['phone'] }), 'clinic');
    const told = await userinfo(test, tokens);
    expect(told).toHaveProperty('name');
    expect(told).toHaveProperty('phone_number');
    expect(told).not.toHaveProperty('address');
    expect(tokens.scope.split(' ').toSorted()).toEqual(['openid', 'phone', 'profile']);
  });

  it('takes nothing that was not asked for, whatever a form sends', async () => {
    const { browser, page } = await comeToConsent({ scope: 'openid profile' });
    const sent = await agree(browser, page, { scope: ['residence', 'citizen_id'], claim: ['address'] });
    const told = await userinfo(test, await redeem(test, sent, 'clinic'));
    expect(told).not.toHaveProperty('address');
  });

  it('is kept as a receipt: what was allowed, what was not, for which purpose, in which words', async () => {
    const { browser, page, person } = await comeToConsent({ scope: 'openid profile phone residence' });
    await agree(browser, page, { scope: ['phone'] });
    const receipts = await listConsents(test.app.db, person.accountId);
    expect(receipts).toMatchObject([
      {
        clientId: 'clinic',
        scopes: ['openid', 'profile', 'phone'],
        refusedScopes: ['residence'],
        purpose: 'Mở hồ sơ khám bệnh',
        locale: 'vi',
        textVersion: '2026-01',
      },
    ]);
    const [row] = (await test.app.db('consents').where({ account_id: person.accountId })) as { grant_id: string }[];
    expect(row?.grant_id).toBeTruthy();
  });

  it('of no ends in access_denied, and nothing is kept', async () => {
    const { browser, page, person } = await comeToConsent({ scope: 'openid profile' });
    const answer = answerOf(await browser.post(`${interactionPath(page)}/consent`, { decision: 'deny' }));
    expect(answer['error']).toBe('access_denied');
    expect(await listConsents(test.app.db, person.accountId)).toEqual([]);
  });
});

describe('the next request', () => {
  it('asks nothing when it did not grow, not even what was refused', async () => {
    const first = await comeToConsent({ scope: 'openid profile phone' });
    await agree(first.browser, first.page);
    const again = await first.browser.get(authorizePath({ client_id: 'clinic', scope: 'openid profile phone' }));
    const told = await userinfo(test, await redeem(test, again, 'clinic'));
    expect(told).not.toHaveProperty('phone_number');
  });

  it('asks only for what is new, and shows what stands', async () => {
    const first = await comeToConsent({ scope: 'openid profile' });
    await agree(first.browser, first.page);
    const grown = await comeToConsent({ scope: 'openid profile residence' }, first);
    expect(boxes(grown.page, 'scope')).toEqual(['residence']);
    expect(grown.page.$('details').text()).toContain('Thông tin cơ bản');
    expect(grown.page.$('main > .definitions')).toHaveLength(0);
    const tokens = await redeem(test, await agree(first.browser, grown.page, { scope: ['residence'] }), 'clinic');
    expect(await userinfo(test, tokens)).toMatchObject({ address: expect.anything(), name: expect.anything() });
    expect(await listConsents(test.app.db, first.person.accountId)).toHaveLength(2);
  });

  it('with prompt=consent asks everything again, and what was refused may be allowed', async () => {
    const first = await comeToConsent({ scope: 'openid profile phone' });
    await agree(first.browser, first.page);
    const again = await comeToConsent({ scope: 'openid profile phone', prompt: 'consent' }, first);
    expect(boxes(again.page, 'scope')).toEqual(['phone']);
    const tokens = await redeem(test, await agree(first.browser, again.page, { scope: ['phone'] }), 'clinic');
    expect(await userinfo(test, tokens)).toHaveProperty('phone_number');
  });

  it("is another person's own: one's consent says nothing for the other in the same browser", async () => {
    const first = await comeToConsent({ scope: 'openid profile' });
    await agree(first.browser, first.page);
    const second = await giveActivePerson(test.app);
    const start = await first.browser.get(
      authorizePath({ client_id: 'clinic', scope: 'openid profile', prompt: 'login' }),
    );
    const page = await typePassword(first.browser, start, second);
    expect(page.$('button[name="decision"]')).toHaveLength(2);
  });
});
