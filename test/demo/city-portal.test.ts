import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCitizen } from './support/citizen.ts';
import { signInByHand } from './support/sign-in-pages.ts';
import { startTown, type Town } from './support/town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town.close());

describe('The city portal', () => {
  it('lets a level-1 citizen in with a password, and asks nothing about where she lives', async () => {
    const citizen = newCitizen();
    const person = town.persona('l1-active');
    const page = await citizen.open(`${town.at.ihanoi}/sign-in`);
    expect(page.url.origin).toBe(town.issuer);
    const home = await signInByHand(town, citizen, { page, person });
    expect(home.url.href).toBe(`${town.at.ihanoi}/`);
    expect(home.text).toContain('Trần Quốc Bảo');
    expect(home.text).toContain('Cần thêm một bước');

    const received = await citizen.open(`${town.at.ihanoi}/received`);
    expect(received.text).toContain('urn:vn:eid:auth:1');
    expect(received.text).toContain('một yếu tố');
    expect(received.text).toContain('pwd – mật khẩu');
    expect(received.text).not.toContain('Gió Mùa');
    expect(received.text).not.toContain('residence_type');
  });

  it('asks for more only when a form needs it: a second factor, consent, and the form is filled in', async () => {
    const citizen = newCitizen();
    const person = town.persona('l2-active');
    await signInByHand(town, citizen, { page: await citizen.open(`${town.at.ihanoi}/sign-in`), person });
    const explanation = await citizen.open(`${town.at.ihanoi}/form`);
    expect(explanation.title).toContain('cần thêm sự đồng ý');
    expect(explanation.$('input').not('[type=hidden]')).toHaveLength(0);

    const step = await citizen.open(new URL(explanation.$('a.primary').attr('href') ?? '', explanation.url));
    // No password again: the session at the provider is there, only too weak.
    expect(step.$('input[name=password]')).toHaveLength(0);
    const form = await signInByHand(town, citizen, { page: step, person });
    expect(form.url.href).toBe(`${town.at.ihanoi}/form`);
    expect(form.$('#residence').text()).toContain('phố Hoa Sữa');
    expect(form.$('#residence').attr('readonly')).toBeDefined();

    const wrong = await citizen.press(form, 'main form button.primary');
    expect([wrong.status, wrong.$('#recipient-error').text()]).toEqual([422, expect.stringContaining('Nơi sẽ nộp')]);
    const sent = await citizen.press(form, 'main form button.primary', {
      recipient: 'UBND phường',
      residence: 'Đảo xa',
    });
    expect(sent.title).toBe('Đã nhận tờ khai (mẫu)');
    expect(sent.text).toContain('phố Hoa Sữa');
    expect(sent.text).not.toContain('Đảo xa');
  });

  it('goes on without prefilling when consent is denied', async () => {
    const citizen = newCitizen();
    const person = town.persona('l2-active');
    await citizen.open(`${town.at.ihanoi}/sign-in?persona=teen`);
    const teen = town.persona('teen');
    const page = await citizen.open(`${town.at.ihanoi}/sign-in?for=residence`);
    const refused = await signInByHand(town, citizen, { page, person: teen, decision: 'deny' });
    expect([refused.status, refused.url.origin]).toEqual([403, town.at.ihanoi]);
    expect(refused.$('.definitions code').text()).toBe('access_denied');
    expect(refused.text).toContain('bạn đã không đồng ý');
    // Still signed in, and the form can be filled in by hand.
    const byHand = await citizen.open(new URL(refused.$('main a.secondary').attr('href') ?? '', refused.url));
    expect(byHand.$('#residence').attr('readonly')).toBeUndefined();
    expect(byHand.text).not.toContain(person.street);
  });

  it('tells a level-1 citizen why residence is not shared, and leaves the form to her', async () => {
    const citizen = newCitizen();
    const person = town.persona('l1-active');
    await signInByHand(town, citizen, { page: await citizen.open(`${town.at.ihanoi}/sign-in`), person });
    const page = await citizen.open(`${town.at.ihanoi}/sign-in?for=residence`);
    const form = await signInByHand(town, citizen, { page, person });
    expect(form.url.origin, form.title).toBe(town.at.ihanoi);
    expect(form.text).toContain('Tài khoản chưa ở mức độ 2');
    expect(form.$('#full_name').attr('readonly')).toBeDefined();
    expect(form.$('#residence').attr('readonly')).toBeUndefined();
  });

  it('shows every token with its meaning, in English too', async () => {
    const citizen = newCitizen('en');
    await citizen.open(`${town.at.ihanoi}/sign-in?persona=l2-active`);
    const page = await citizen.open(`${town.at.ihanoi}/received`);
    expect(page.$('h2')).toHaveLength(8);
    expect(page.text).toContain('This person’s id for this service alone');
    expect(page.text).toContain('client_secret_basic');
    // Nothing that still opens a door is printed.
    const code = page
      .$('th:contains("code")')
      .filter((_, cell) => page.$(cell).text() === 'code')
      .next()
      .text();
    expect(code).toMatch(/^.{16}… \(\d+ characters\)$/);
    expect(Buffer.byteLength(page.text)).toBeLessThan(50_000);
  });

  it('asks userinfo and introspection again at the press of a button', async () => {
    const citizen = newCitizen();
    await citizen.open(`${town.at.ihanoi}/sign-in?persona=l2-active`);
    let page = await citizen.open(`${town.at.ihanoi}/received`);
    page = await citizen.press(page, 'form[action="/userinfo"] button');
    expect(page.text).toContain('Nguyễn Minh Anh');
    page = await citizen.press(page, 'form[action="/introspection"] button');
    expect(page.$('caption:contains("introspection_endpoint")').closest('table').text()).toContain('true');
  });

  it('refreshes with rotation when it has asked for it', async () => {
    const citizen = newCitizen();
    await citizen.open(`${town.at.ihanoi}/sign-in?for=offline&persona=l2-active`);
    let page = await citizen.open(`${town.at.ihanoi}/received`);
    const tokenOf = (): string => page.$('th:contains("refresh_token")').next().text();
    const first = tokenOf();
    expect(first).toContain('ký tự');
    page = await citizen.press(page, 'form[action="/refresh"] button');
    expect(page.text).toContain('Lần làm mới gần nhất');
    expect(tokenOf()).not.toBe(first);
    page = await citizen.press(page, 'form[action="/refresh"] button');
    expect(page.$('.notice.warning')).toHaveLength(0);
  });
});

describe('An answer to the portal', () => {
  it('is not taken in another browser, and not twice', async () => {
    const start = await fetch(`${town.at.ihanoi}/sign-in?persona=l2-active`, { redirect: 'manual' });
    const answer = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' });
    const callback = answer.headers.get('location') ?? '';
    expect(callback).toContain(`${town.at.ihanoi}/callback?code=`);
    const stranger = await newCitizen().open(callback);
    expect([stranger.status, stranger.$('.definitions code').text()]).toEqual([400, 'state_unknown']);

    const citizen = newCitizen();
    const home = await citizen.open(`${town.at.ihanoi}/sign-in?persona=l2-active`);
    expect(home.status).toBe(200);
    const again = await citizen.open(`${town.at.ihanoi}/callback?code=x&state=y`);
    expect(again.url.href).toBe(`${town.at.ihanoi}/`);
  });

  it.each(['locked', 'pending'] as const)('about `%s` does not say what is wrong with the account', async (key) => {
    const page = await newCitizen().open(`${town.at.ihanoi}/sign-in?persona=${key}`);
    expect([page.status, page.$('.definitions code').text()]).toEqual([403, 'access_denied']);
    expect(page.text).toContain('Nhà cung cấp không cho dịch vụ biết');
  });

  it('with an error of the protocol says what it means and what to do', async () => {
    const page = await newCitizen('en').open(`${town.at.ihanoi}/sign-in?persona=nobody-at-all`);
    expect(page.$('.definitions code').text()).toBe('invalid_request');
    expect(page.text).toContain('The fault is with the service, not with you.');
    expect(page.text).toContain('there is no such persona');
  });
});

describe('A form of the portal', () => {
  it('is refused without the token of its session, or from a page of another site', async () => {
    const citizen = newCitizen();
    const home = await citizen.open(`${town.at.ihanoi}/sign-in?persona=l2-active`);
    const forged = await citizen.press(home, 'form[action="/sign-out"] button', { csrf_token: 'forged' });
    expect([forged.status, forged.title]).toEqual([403, 'Không nhận biểu mẫu này']);
    const foreign = await citizen.press(home, 'form[action="/sign-out"] button', {}, town.issuer);
    expect([foreign.status, foreign.title]).toEqual([403, 'Không nhận biểu mẫu này']);
    expect((await citizen.open(`${town.at.ihanoi}/`)).text).toContain('Nguyễn Minh Anh');
  });
});
