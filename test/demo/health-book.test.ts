import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCitizen } from './support/citizen.ts';
import { signInByHand } from './support/sign-in-pages.ts';
import { startTown, type Town } from './support/town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town.close());

describe('The health book', () => {
  it('opens with two factors and consent, and asks for consent at the next visit again', async () => {
    const citizen = newCitizen();
    const person = town.persona('l2-active');
    const visit = async () => citizen.open(`${town.at['so-suc-khoe']}/sign-in`);
    const book = await signInByHand(town, citizen, { page: await visit(), person });
    expect(book.title).toBe('Sổ của Nguyễn Minh Anh');
    expect(book.$('tbody tr')).toHaveLength(3);

    const again = await visit();
    expect(again.$('input[name=password]')).toHaveLength(0);
    expect(again.$('button[name=decision]')).toHaveLength(2);
    const refused = await citizen.press(again, 'button[name=decision][value=deny]');
    expect([refused.status, refused.$('.definitions code').text()]).toEqual([403, 'access_denied']);
  });

  it('is closed to a level-1 account: a page at the provider, then one answer for all', async () => {
    const citizen = newCitizen();
    const person = town.persona('l1-active');
    const page = await citizen.open(`${town.at['so-suc-khoe']}/sign-in`);
    const explained = await signInByHand(town, citizen, { page, person });
    expect(explained.url.origin).toBe(town.issuer);
    const back = await citizen.press(explained, 'form[action$="/return"] button');
    expect([back.url.origin, back.status]).toEqual([town.at['so-suc-khoe'], 403]);
    expect(back.$('.definitions code').text()).toBe('access_denied');
  });

  it('shows the JWT for its data service, and keeps what was asked in the id_token', async () => {
    const citizen = newCitizen();
    await citizen.open(`${town.at['so-suc-khoe']}/sign-in?persona=l2-active`);
    const page = await citizen.open(`${town.at['so-suc-khoe']}/received`);
    expect(page.text).toContain('urn:vn:eid:resource:health_book');
    expect(page.text).toContain('at+jwt');
    expect(page.text).toContain('client_secret_post');
    // Agreed to for one visit: nothing is kept by which it could be read later.
    expect(page.$('form[action="/refresh"]')).toHaveLength(0);
    expect(page.text).toContain('dịch vụ này bỏ đi ngay');
    expect(page.text).toContain('access_token này dành cho dịch vụ dữ liệu');
    expect(page.$('caption:contains("id_token")').closest('table').text()).toContain('Nguyễn Minh Anh');
  });

  it('is read once more within the minute, and not after it', async () => {
    const citizen = newCitizen();
    let page = await citizen.open(`${town.at['so-suc-khoe']}/sign-in?persona=l2-active`);
    page = await citizen.press(page, 'form[action="/read-again"] button');
    expect(page.$('tbody tr')).toHaveLength(3);
    town.travel({ seconds: 61 });
    page = await citizen.press(page, 'form[action="/read-again"] button');
    expect(page.$('tbody tr')).toHaveLength(0);
    expect(page.text).toContain('Dịch vụ dữ liệu từ chối token');
    expect(page.$('.notice code').text()).toBe('invalid_token');
  });
});

describe('The data service', () => {
  const read = (authorization?: string): Promise<Response> =>
    fetch(
      `${town.at['so-suc-khoe']}/data/entries`,
      authorization === undefined ? {} : { headers: { Authorization: authorization } },
    );

  it('asks for a token', async () => {
    const answer = await read();
    expect([answer.status, answer.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
  });

  it('takes no token of a stranger’s key, and no token that was made for another receiver', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT({ client_id: 'so-suc-khoe', scope: 'health_book' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'mine' })
      .setIssuer(town.issuer)
      .setAudience('urn:vn:eid:resource:health_book')
      .setSubject('s')
      .setJti('j')
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    for (const token of [forged, 'not-a-jwt', 'a.b.c']) {
      const answer = await read(`Bearer ${token}`);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
    }

    const citizen = newCitizen();
    await citizen.open(`${town.at['so-suc-khoe']}/sign-in?persona=l2-active`);
    const { $ } = await citizen.open(`${town.at['so-suc-khoe']}/received`);
    // The whole id_token is on the page; it is signed by the provider too.
    const idToken = $('pre:contains("eyJ")').first().text();
    expect(idToken.split('.')).toHaveLength(3);
    expect((await read(`Bearer ${idToken}`)).status).toBe(401);
  });
});
