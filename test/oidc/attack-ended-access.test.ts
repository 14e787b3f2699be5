import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, openInteraction, startProvider, type TestProvider } from './support/provider.ts';
import { codeIn, errorIn, newBrowser, type RelyingParty, relyingParty } from './support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;
let accountId: string;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  accountId = await provider.personaId('l2-active');
});
afterAll(() => provider.close());

/** Proves the password, and keeps the address that would make a session of it. */
const heldBack = async (browser = newBrowser()) => {
  const { at } = await openInteraction(browser, web.authorizeUrl());
  const { location } = await browser.get(
    `${at}/login?${new URLSearchParams({ account: accountId, factors: 'pwd' }).toString()}`,
  );
  return { browser, resume: location?.href ?? '' };
};

describe('A proved sign-in that was held back', () => {
  it('opens nothing after every access of the account ended', async () => {
    const { browser, resume } = await heldBack();
    provider.travel(2);
    await provider.app.gateway.endAccess(accountId);
    const answer = await browser.follow(resume);
    expect(JSON.parse(answer.text)).toMatchObject({ prompt: 'login', reasons: ['no_session'] });
    expect((await browser.get(`${provider.issuer}/session`)).text).toBe('{"none":true}');
    expect(errorIn(await browser.get(web.authorizeUrl({ prompt: 'none' })))).toBe('login_required');
  });

  it('is replaced by a sign-in of now, in the same request', async () => {
    const { browser, resume } = await heldBack();
    provider.travel(2);
    await provider.app.gateway.endAccess(accountId);
    provider.travel(1);
    const { url: at } = await browser.follow(resume);
    await act(browser, at, 'login', { account: accountId, factors: 'pwd' });
    expect((await browser.get(`${provider.issuer}/session`)).text).toContain(accountId);
  });

  it('stands when another account ended everything', async () => {
    const { browser, resume } = await heldBack();
    provider.travel(2);
    await provider.app.gateway.endAccess(await provider.personaId('l1-active'));
    await browser.follow(resume);
    expect((await browser.get(`${provider.issuer}/session`)).text).toContain(accountId);
  });

  it('is over too when one session is kept, and that one stays', async () => {
    const kept = newBrowser();
    await web.signIn(kept, 'l2-active');
    const uid = (JSON.parse((await kept.get(`${provider.issuer}/session`)).text) as { uid: string }).uid;
    const { browser, resume } = await heldBack();
    provider.travel(2);
    await provider.app.gateway.endAccess(accountId, { exceptSessionUid: uid });
    await browser.follow(resume);
    expect((await browser.get(`${provider.issuer}/session`)).text).toBe('{"none":true}');
    expect((await kept.get(`${provider.issuer}/session`)).text).toContain(accountId);
    expect(codeIn(await kept.get(web.authorizeUrl({ login_hint: 'persona:l2-active' })))).toBeTruthy();
  });
});
