import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccount } from '../../src/accounts/lock-account.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { newCitizen } from './support/citizen.ts';
import { startTown, type Town } from './support/town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town.close());

const isSignedIn = (text: string): boolean => text.includes('action="/sign-out"');

describe('Signing out', () => {
  it('at one service ends the session at the provider, and through it those of the other services', async () => {
    const citizen = newCitizen();
    const portal = await citizen.open(`${town.at.ihanoi}/sign-in?persona=l2-active`);
    const book = await citizen.open(`${town.at['so-suc-khoe']}/sign-in?persona=l2-active`);
    expect([portal, book].map(({ text }) => isSignedIn(text))).toEqual([true, true]);

    const question = await citizen.press(portal, 'form[action="/sign-out"] button');
    expect(question.url.origin).toBe(town.issuer);
    const bye = await citizen.press(question, 'button[name=logout]');
    expect([bye.url.origin, bye.title]).toEqual([town.at.ihanoi, 'Bạn đã đăng xuất']);
    await town.deliver();

    const ended = await citizen.open(`${town.at['so-suc-khoe']}/`);
    expect(isSignedIn(ended.text)).toBe(false);
    expect(ended.text).toContain('back-channel logout');
    expect(ended.$('pre').text()).toContain('http://schemas.openid.net/event/backchannel-logout');
    // And the provider asks for a password again.
    const next = await citizen.open(`${town.at.ihanoi}/sign-in`);
    expect(next.$('input[name=password]')).toHaveLength(1);
  });

  it('in one browser leaves the same person signed in in another', async () => {
    const [first, second] = [newCitizen(), newCitizen()];
    const page = await first.open(`${town.at.ihanoi}/sign-in?persona=teen`);
    await second.open(`${town.at.ihanoi}/sign-in?persona=teen`);
    await first.press(await first.press(page, 'form[action="/sign-out"] button'), 'button[name=logout]');
    await town.deliver();
    expect(isSignedIn((await second.open(`${town.at.ihanoi}/`)).text)).toBe(true);
  });

  it('is over here at once, even if the citizen keeps the session at the provider', async () => {
    const citizen = newCitizen();
    const page = await citizen.open(`${town.at.ihanoi}/sign-in?persona=teen`);
    await citizen.press(page, 'form[action="/sign-out"] button');
    expect(isSignedIn((await citizen.open(`${town.at.ihanoi}/`)).text)).toBe(false);
  });
});

describe('A lock of the account', () => {
  it('ends every session at every service, and nothing can be refreshed', async () => {
    const [phone, desk] = [newCitizen(), newCitizen()];
    await phone.open(`${town.at.ihanoi}/sign-in?persona=foreigner`);
    await desk.open(`${town.at['ly-lich-tu-phap']}/sign-in?persona=foreigner`);
    const { app } = town;
    const { accountId } = town.persona('foreigner');
    await inTransaction(app.db, (tx) =>
      lockAccount(tx, app, {
        accountId,
        ground: 'authority_request',
        reason: 'a test',
        actor: { kind: 'system' },
        requestedBy: 'a test',
        now: app.clock(),
      }),
    );
    await town.deliver();
    for (const [citizen, service] of [
      [phone, 'ihanoi'],
      [desk, 'ly-lich-tu-phap'],
    ] as const) {
      const page = await citizen.open(`${town.at[service]}/`);
      expect([service, isSignedIn(page.text)]).toEqual([service, false]);
      expect(page.text).toContain('Phiên ở dịch vụ này đã kết thúc');
    }
    const again = await phone.open(`${town.at.ihanoi}/sign-in?persona=foreigner`);
    expect(again.$('.definitions code').text()).toBe('access_denied');
  });
});
