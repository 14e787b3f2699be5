import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCitizen } from './support/citizen.ts';
import { signInByHand } from './support/sign-in-pages.ts';
import { startTown, type Town } from './support/town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town.close());

const TYPED = { certificate: 'number_1', purpose: 'Xin việc', occupation: 'Giáo viên', delivery: 'online' };

describe('The judicial record', () => {
  it('makes a citizen who is signed in already sign in afresh, and fills in 13 of 17 fields', async () => {
    const citizen = newCitizen();
    const person = town.persona('l2-active');
    await signInByHand(town, citizen, { page: await citizen.open(`${town.at.ihanoi}/sign-in`), person });
    town.travel({ seconds: 60 });
    const page = await citizen.open(`${town.at['ly-lich-tu-phap']}/sign-in`);
    expect(page.$('input[name=password]')).toHaveLength(1);
    const form = await signInByHand(town, citizen, { page, person });
    expect(form.url.href).toBe(`${town.at['ly-lich-tu-phap']}/form`);
    expect(form.$('main [readonly]')).toHaveLength(13);
    expect(form.$('main .field')).toHaveLength(17);
    expect(form.$('main .field .tag')).toHaveLength(13);
    expect(form.$('#citizen_number').attr('value')).toBe(person.citizenId);
    expect(form.$('#nationality').attr('value')).toBe('Việt Nam');
    expect(form.$('#middle_name').attr('value')).toBe('Minh');

    const incomplete = await citizen.press(form, 'main form button.primary', { ...TYPED, certificate: 'number_9' });
    expect(incomplete.status).toBe(422);
    expect(incomplete.$('.error-summary li')).toHaveLength(1);
    expect(incomplete.$('#purpose').attr('value')).toBe('Xin việc');
    const sent = await citizen.press(incomplete, 'main form button.primary', TYPED);
    expect(sent.title).toBe('Đã nhận tờ khai (mẫu)');
    expect(sent.text).toContain('Phiếu số 1');
  });

  it('leaves at most five fields to everybody who may use it', async () => {
    for (const key of ['l2-active', 'teen', 'foreigner'] as const) {
      const form = await newCitizen().open(`${town.at['ly-lich-tu-phap']}/sign-in?persona=${key}`);
      const typed = 17 - form.$('main [readonly]').length;
      expect([key, typed]).toEqual([key, expect.toSatisfy((count: number) => count === 4 || count === 5)]);
    }
  });

  it('lets nothing but a request_uri through the browser, and proves itself by its key', async () => {
    const start = await fetch(`${town.at['ly-lich-tu-phap']}/sign-in?persona=l2-active`, { redirect: 'manual' });
    const { searchParams } = new URL(start.headers.get('location') ?? '');
    expect([...searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri']);

    const { keys } = (await (await fetch(`${town.at['ly-lich-tu-phap']}/jwks.json`)).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {})).not.toContain('d');

    const citizen = newCitizen();
    await citizen.open(`${town.at['ly-lich-tu-phap']}/sign-in?persona=l2-active`);
    const received = await citizen.open(`${town.at['ly-lich-tu-phap']}/received`);
    expect(received.text).toContain('private_key_jwt');
    expect(received.text).toContain('PAR, RFC 9126');
    expect(received.text).toContain('người dùng thật sự xác thực lúc');
  });
});
