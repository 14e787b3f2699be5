import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { newBrowser, type RelyingParty, relyingParty } from '../oidc/support/relying-party.ts';
import { startActivation } from '../support/activation-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { givePendingPerson } from '../support/people.ts';

const HOUR = 3_600;
let app: TestApp;
let shop: RelyingParty;
beforeEach(async () => {
  app = await startTestApp();
  await seedPersonas(app.app, app.app.clock());
  shop = relyingParty(app.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
});
afterEach(() => app.close());

const isActive = async (token: string): Promise<unknown> => (await shop.call('/introspect', { token })).body['active'];

describe('a clock that is set', () => {
  it('an hour forward ends what lives shorter, and no session', async () => {
    const citizen = newBrowser();
    const tokens = await shop.signIn(citizen, 'l2-active', { scope: 'openid profile' });
    app.travel({ seconds: HOUR });
    expect(await isActive(tokens.access_token)).toBe(false);
    // Without a new sign-in.
    const again = await citizen.get(shop.authorizeUrl({ prompt: 'none', scope: 'openid profile' }));
    expect(again.location?.searchParams.get('code')).toEqual(expect.any(String));
  });

  it('an hour forward makes a sent code too old; a new one can be had', async () => {
    const person = await givePendingPerson(app.app);
    const browser = app.browser();
    await startActivation(browser, person);
    const old = await app.code(person.phone);
    app.travel({ seconds: HOUR });
    expect((await browser.post('/activate/code', { code: old })).path).not.toBe('/activate/password');
    const anew = app.browser();
    await startActivation(anew, person);
    expect((await anew.post('/activate/code', { code: await app.code(person.phone) })).path).toBe('/activate/password');
  });

  it('an hour back takes nothing away: sessions, tokens and attempts go on, and new ones are made', async () => {
    const citizen = newBrowser();
    const tokens = await shop.signIn(citizen, 'l2-active', { scope: 'openid profile' });
    const person = await givePendingPerson(app.app);
    const browser = app.browser();
    await startActivation(browser, person);
    // Delivered a moment after it was written; one that was not yet waits until the clock is there again.
    const sent = await app.code(person.phone);
    app.travel({ seconds: -HOUR });
    expect(await isActive(tokens.access_token)).toBe(true);
    await shop.signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
    expect((await browser.post('/activate/code', { code: sent })).path).toBe('/activate/password');
    // And forward again, as a time server corrects it.
    app.travel({ seconds: HOUR });
    expect(await isActive(tokens.access_token)).toBe(true);
  });
});
