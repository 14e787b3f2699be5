import { afterAll, beforeAll, describe, it } from 'vitest';
import { localPhone } from '../support/activation-walk.ts';
import { giveActivePerson, giveLock, givePendingPerson, type TestPerson } from '../support/people.ts';
import { giveAuthenticatorApp } from '../support/sign-in-walk.ts';
import { CITIZENS, type Citizen, newCitizen, WHO } from './support/citizen.ts';
import { inChromium } from './support/in-chromium.ts';

inChromium('Recovery in Chromium', {}, (stage) => {
  describe.each(CITIZENS)(WHO, (who) => {
    let citizen: Citizen;
    beforeAll(async () => {
      citizen = await newCitizen(stage.browser, { baseURL: stage.test.issuer, ...who });
    });
    afterAll(() => citizen.leave());

    const start = async (person: TestPerson): Promise<void> => {
      await citizen.open('/recover');
      await citizen.fill({ citizen_id: person.citizenId, phone_number: localPhone(person) });
      await citizen.press();
    };
    const prove = async (person: TestPerson): Promise<void> => {
      await start(person);
      await citizen.fill({ code: await stage.test.code(person.phone) });
      await citizen.press();
    };

    it('shows good pages at every step and for every mistake', async () => {
      const person = await giveActivePerson(stage.test.app);
      await citizen.open('/recover');
      await citizen.meets('recover');
      await citizen.press();
      await citizen.meets('recover-error', { errors: ['citizen_id', 'phone_number'] });
      await start(person);
      await citizen.meets('recover-code');
      await citizen.press();
      await citizen.meets('recover-code-error', { errors: ['code'] });
      await citizen.press('main button.secondary');
      await citizen.meets('recover-resend-early', { errors: [''] });
      await citizen.fill({ code: await stage.test.code(person.phone) });
      await citizen.press();
      await citizen.meets('recover-card');
      await citizen.fill({ card_issued_on: '01/01/2020' });
      await citizen.press();
      await citizen.meets('recover-card-error', { errors: ['card_issued_on'] });
      await citizen.fill({ card_issued_on: '15/03/2022' });
      await citizen.press();
      await citizen.meets('recover-password');
      await citizen.fill({ password: 'ngan' });
      await citizen.press();
      await citizen.meets('recover-password-error', { errors: ['password'] });
      await citizen.open('/recover');
      await citizen.meets('recover-open');
      await citizen.open('/recover/secret');
      await citizen.fill({ password: 'Hoa_sen#2027' });
      await citizen.press();
      await citizen.meets('recover-done');
    });

    it('takes the authenticator app of whoever has one, for a passcode too', async () => {
      const person = await giveActivePerson(stage.test.app);
      await giveAuthenticatorApp(stage.test, person);
      await citizen.open('/recover?for=passcode');
      await citizen.fill({ citizen_id: person.citizenId, phone_number: localPhone(person) });
      await citizen.press();
      await citizen.fill({ code: await stage.test.code(person.phone) });
      await citizen.press();
      await citizen.meets('recover-app');
      for (const code of ['000001', '000002']) {
        await citizen.fill({ code });
        await citizen.press();
      }
      await citizen.meets('recover-app-error', { errors: ['code'] });
      await citizen.fill({ code: '000003' });
      await citizen.press();
      await citizen.meets('recover-used-up');
    });

    it.each([
      ['locked', () => lockedPerson()],
      ['not-activated', () => givePendingPerson(stage.test.app)],
      ['no-second-proof', () => withoutCard()],
    ] as const)('says what to do where it goes no further: %s', async (name, givePerson) => {
      await prove(await givePerson());
      await citizen.meets(`recover-${name}`);
    });
  });

  /** An imported person, of whose card nothing is known. */
  async function withoutCard(): Promise<TestPerson> {
    const { app } = stage.test;
    const person = await giveActivePerson(app);
    await app.db('persons').where({ id: person.personId }).update({ card_issued_on: null });
    return person;
  }

  async function lockedPerson(): Promise<TestPerson> {
    const person = await giveActivePerson(stage.test.app);
    await giveLock(stage.test.app, person);
    return person;
  }
});
