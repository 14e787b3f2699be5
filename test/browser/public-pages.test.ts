import { beforeAll, describe, expect, it } from 'vitest';
import { fillSandbox } from '../../src/fill-sandbox.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { CITIZENS, newCitizen, WHO } from './support/citizen.ts';
import { inChromium } from './support/in-chromium.ts';

const LONG = new Set([
  'statistics',
  'statistics-unit',
  'statistics-all',
  'statistics-level',
  'statistics-activation',
  'developers',
  'personas',
]);

inChromium('The public pages in Chromium', { SYNTHETIC_PEOPLE: '300' }, (stage) => {
  let token: string;
  beforeAll(async () => {
    const { app } = stage.test;
    await fillSandbox(app);
    ({ token } = await issueApiToken(app.db, { role: 'statistics_full', label: 'test', now: app.clock() }));
  });

  describe.each(CITIZENS)(WHO, (who) => {
    const visit = () => newCitizen(stage.browser, { baseURL: stage.test.issuer, ...who });

    it.each([
      ['home', '/'],
      ['statistics', '/statistics'],
      ['statistics-level', '/statistics?account_level=2'],
      ['statistics-activation', '/statistics/activation'],
      ['statistics-unit', '/statistics/units/00145'],
      ['statistics-all', '/statistics?range=all'],
      ['developers', '/developers'],
      ['sandbox', '/sandbox'],
      ['personas', '/sandbox/personas'],
      ['inbox', '/sandbox/inbox?persona=pending'],
      ['inbox-empty', '/sandbox/inbox?persona=teen'],
      ['not-found', '/khong-co'],
      ['not-allowed', '/account/sign-out'],
      ['no-such-day', '/statistics?as_of=2026-02-30'],
    ])('%s', async (name, path) => {
      const citizen = await visit();
      await citizen.open(path);
      await citizen.meets(name, { isLong: LONG.has(name) });
      await citizen.leave();
    });

    it('statistics for officials', async () => {
      const citizen = await visit();
      await citizen.open('/statistics/token');
      await citizen.meets('statistics-token');
      await citizen.press();
      await citizen.meets('statistics-token-error', { errors: ['token'] });
      await citizen.fill({ token });
      await citizen.press();
      await citizen.meets('statistics-full', { isLong: true });
      await citizen.leave();
    });

    it('making a person', async () => {
      const citizen = await visit();
      await citizen.open('/sandbox');
      await citizen.fill({ age: '5' });
      await citizen.press('form[action="/sandbox/people"] button');
      await citizen.meets('made-person-error', { errors: ['age'] });
      await citizen.fill({ age: '33' });
      await citizen.press('form[action="/sandbox/people"] button');
      await citizen.meets('made-person');
      await citizen.leave();
    });

    it('a form that is too old', async () => {
      const citizen = await visit();
      await citizen.open('/activate');
      await citizen.context.clearCookies();
      await citizen.press();
      await citizen.meets('forged');
      await citizen.leave();
    });
  });

  it('are the same with scripts as without, but for a button beside each secret', async () => {
    const [scripted, plain] = await Promise.all(
      [true, false].map(async (scripts) => {
        const citizen = await newCitizen(stage.browser, { baseURL: stage.test.issuer, scripts });
        await citizen.open('/statistics/token');
        const body = await citizen.page.evaluate<string>(
          "document.querySelectorAll('.reveal').forEach((button) => button.remove()) ?? document.body.innerHTML",
        );
        await citizen.leave();
        return body.replaceAll(/name="csrf_token" value="[^"]*"/g, '');
      }),
    );
    expect(scripted).toBe(plain);
  });

  it('show a secret when asked, and hide it before it is sent', async () => {
    const citizen = await newCitizen(stage.browser, { baseURL: stage.test.issuer });
    await citizen.open('/statistics/token');
    await citizen.fill({ token: 'bí mật' });
    await citizen.page.click('.reveal');
    expect(await citizen.page.getAttribute('#token', 'type')).toBe('text');
    expect(await citizen.page.getAttribute('.reveal', 'aria-label')).toContain('Ẩn');
    await citizen.page.click('.reveal');
    expect(await citizen.page.getAttribute('#token', 'type')).toBe('password');
    await citizen.leave();
  });
});
