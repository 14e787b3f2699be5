import { generate } from 'otplib';
import { describe, it } from 'vitest';
import { insertUnits } from '../../src/accounts/unit-store.ts';
import { connect, openAccount } from '../support/account-walk.ts';
import { ANSWERS } from '../support/activation-walk.ts';
import { giveActivePerson, giveGrant, givePerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import { CITIZENS, type Citizen, newCitizen, WHO } from './support/citizen.ts';
import { inChromium } from './support/in-chromium.ts';

const { password, passcode } = TEST_SECRETS;
const NEW_PASSWORD = 'Hoa_sen#2027';

inChromium('The account in Chromium', {}, (stage) => {
  const enter = async (citizen: Citizen, person: TestPerson): Promise<void> => {
    await citizen.open('/account');
    await citizen.fill({ citizen_id: person.citizenId, password });
    await citizen.press();
  };
  const addCode = async (citizen: Citizen, person: TestPerson): Promise<void> => {
    await citizen.open('/account/methods/password');
    if ((await citizen.page.locator('#code').count()) === 0) await citizen.press();
    await citizen.fill({ code: await stage.test.code(person.phone) });
    await citizen.press();
  };

  describe.each(CITIZENS)(WHO, (who) => {
    const visit = (): Promise<Citizen> => newCitizen(stage.browser, { baseURL: stage.test.issuer, ...who });

    it('shows what there is', async () => {
      const { test } = stage;
      const unit = { code: '00004', name: 'Phường Ba Đình', type: 'ward', validFromOn: '2025-07-01' } as const;
      if (who.scripts) await insertUnits(test.app.db, [unit]);
      const person = await giveActivePerson(test.app, { level: 1 });
      await giveGrant(test.app, person, { level: 2 });
      await givePerson(test.app, { age: 10, guardian: person, hasPhone: false, fullName: 'Nguyễn Gia Hân' });
      const elsewhere = test.browser();
      await openAccount(test, elsewhere, person);
      await connect(test, elsewhere, person);
      const citizen = await visit();
      await enter(citizen, person);
      await citizen.meets('account');
      for (const page of ['methods', 'sessions', 'services', 'services/sandbox-spa', 'history', 'lock']) {
        await citizen.open(`/account/${page}`);
        await citizen.meets(`account-${page.replace('/', '-')}`);
      }
      await citizen.open('/account/services/sandbox-spa');
      await citizen.press('main button.danger');
      await citizen.meets('account-withdraw-error', { errors: ['passcode'] });
      await citizen.fill({ passcode });
      await citizen.press('main button.danger');
      await citizen.meets('account-withdrawn');
      await citizen.open('/account/sessions');
      await citizen.press('main button.danger');
      await citizen.meets('account-sessions-error', { errors: ['session'] });
      await citizen.page.click('label[for=session]');
      await citizen.fill({ passcode });
      await citizen.press('main button.danger');
      await citizen.meets('account-session-ended');
      await citizen.leave();
    });

    it('changes every way to sign in', async () => {
      const person = await giveActivePerson(stage.test.app);
      const citizen = await visit();
      await enter(citizen, person);
      await addCode(citizen, person);
      await citizen.meets('account-password');
      await citizen.fill({ current_password: password, new_password: 'ngan', passcode });
      await citizen.press();
      await citizen.meets('account-password-error', { errors: ['new_password'] });
      await citizen.fill({ current_password: password, new_password: NEW_PASSWORD, passcode });
      await citizen.press();
      await citizen.meets('account-methods-done');
      await citizen.open('/account/methods/passcode');
      await citizen.meets('account-passcode');
      await citizen.fill({ passcode, new_passcode: '123456' });
      await citizen.press();
      await citizen.meets('account-passcode-error', { errors: ['new_passcode'] });
      await citizen.open('/account/methods/questions');
      await citizen.meets('account-questions');
      await citizen.fill({ ...ANSWERS, passcode: '111222' });
      await citizen.press();
      await citizen.meets('account-questions-error', { errors: ['passcode'] });
      await citizen.leave();
    });

    it('enrols an authenticator app, removes it, and locks', async () => {
      const person = await giveActivePerson(stage.test.app);
      const citizen = await visit();
      await enter(citizen, person);
      await addCode(citizen, person);
      await citizen.open('/account/methods/totp');
      await citizen.meets('account-totp');
      await citizen.fill({ passcode });
      await citizen.press();
      await citizen.meets('account-totp-scan');
      await citizen.fill({ code: '12' });
      await citizen.press();
      await citizen.meets('account-totp-scan-error', { errors: ['code'] });
      const secret = ((await citizen.page.textContent('#totp-key')) ?? '').replaceAll(/\s/g, '');
      await citizen.fill({ code: await generate({ secret, epoch: Math.floor(Date.now() / 1000) }) });
      await citizen.press();
      await citizen.meets('account-totp-done');
      await citizen.open('/account/methods/totp');
      await citizen.meets('account-totp-replace');
      await citizen.open('/account/methods/totp/remove');
      await citizen.meets('account-totp-remove');
      await citizen.fill({ passcode });
      await citizen.press('main button.danger');
      await citizen.open('/account/lock');
      await citizen.press('main button.danger');
      await citizen.meets('account-lock-error', { errors: ['passcode'] });
      await citizen.fill({ passcode });
      await citizen.press('main button.danger');
      await citizen.meets('account-locked', { isFarewell: true });
      await citizen.leave();
    });
  });
});
