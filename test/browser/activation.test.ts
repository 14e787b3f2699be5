import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWERS, localPhone } from '../support/activation-walk.ts';
import { giveActivePerson, giveLock, givePendingPerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import { CITIZENS, type Citizen, newCitizen, WHO } from './support/citizen.ts';
import { inChromium } from './support/in-chromium.ts';

const { password, passcode } = TEST_SECRETS;

inChromium('Activation in Chromium', { ATTEMPTS_PER_ACCOUNT_PER_HOUR: '3' }, (stage) => {
  const start = async (citizen: Citizen, { citizenId, phone }: TestPerson): Promise<void> => {
    await citizen.open('/activate');
    await citizen.fill({ citizen_id: citizenId, phone_number: localPhone({ phone }) });
    await citizen.press();
  };
  const prove = async (citizen: Citizen, person: TestPerson): Promise<void> => {
    await start(citizen, person);
    await citizen.fill({ code: await stage.test.code(person.phone) });
    await citizen.press();
  };

  it('can be done from the first key to the last by keyboard alone', async () => {
    const citizen = await newCitizen(stage.browser, { baseURL: stage.test.issuer, screen: 'desktop' });
    const { page } = citizen;
    const person = await givePendingPerson(stage.test.app);
    const { keyboard } = page;
    const type = async (...answers: string[]): Promise<void> => {
      for (const answer of answers) {
        await tabTo('input, select');
        await keyboard.type(answer);
      }
      await Promise.all([page.waitForEvent('load'), keyboard.press('Enter')]);
    };
    const tabTo = async (selector: string): Promise<void> => {
      do await keyboard.press('Tab');
      while (!(await page.evaluate<boolean>(`document.activeElement.matches('main :is(${selector})')`)));
    };

    await page.goto('/');
    await tabTo('a[href="/activate"]');
    await Promise.all([page.waitForEvent('load'), keyboard.press('Enter')]);
    await keyboard.press('Tab');
    expect(await page.locator('*:focus').getAttribute('href'), 'the first stop skips to the content').toBe('#main');
    await keyboard.press('Enter');

    await type('12', '');
    expect(await page.locator('*:focus').getAttribute('class')).toBe('error-summary');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    expect(await page.locator('*:focus').getAttribute('id')).toBe('citizen_id');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type(person.citizenId);
    await type(localPhone(person));
    await type(await stage.test.code(person.phone));
    await type(password);
    await type(passcode);
    await tabTo('select');
    await page.locator('*:focus').selectOption(ANSWERS.question_1);
    await tabTo('input');
    await keyboard.type(ANSWERS.answer_1);
    await tabTo('select');
    await page.locator('*:focus').selectOption(ANSWERS.question_2);
    await type(ANSWERS.answer_2);
    expect(await page.textContent('h1')).toBe('Đã kích hoạt tài khoản');
    await citizen.leave();
  });

  describe.each(CITIZENS)(WHO, (who) => {
    let citizen: Citizen;
    beforeAll(async () => {
      citizen = await newCitizen(stage.browser, { baseURL: stage.test.issuer, ...who });
    });
    afterAll(() => citizen.leave());

    it('shows good pages at every step and for every mistake', async () => {
      const person = await givePendingPerson(stage.test.app);
      await citizen.open('/activate');
      await citizen.meets('activate');
      await citizen.fill({ citizen_id: '12' });
      await citizen.press();
      await citizen.meets('activate-error', { errors: ['citizen_id', 'phone_number'] });
      await start(citizen, person);
      await citizen.meets('activate-code');
      await citizen.fill({ code: '000001' });
      await citizen.press();
      await citizen.meets('activate-code-error', { errors: ['code'] });
      await citizen.press('main button.secondary');
      await citizen.meets('activate-resend-early', { errors: [''] });
      stage.test.travel({ seconds: 60 });
      await citizen.press('main button.secondary');
      await citizen.meets('activate-resent');
      await citizen.fill({ code: await stage.test.code(person.phone) });
      await citizen.press();
      await citizen.meets('activate-password');
      await citizen.fill({ password: 'abc' });
      await citizen.press();
      await citizen.meets('activate-password-error', { errors: ['password'] });
      await citizen.fill({ password });
      await citizen.press();
      await citizen.meets('activate-passcode');
      await citizen.fill({ passcode: '111111' });
      await citizen.press();
      await citizen.meets('activate-passcode-error', { errors: ['passcode'] });
      await citizen.fill({ passcode });
      await citizen.press();
      await citizen.meets('activate-questions');
      await citizen.press();
      await citizen.meets('activate-questions-error', {
        errors: ['question_1', 'answer_1', 'question_2', 'answer_2'],
      });
      await citizen.open('/activate');
      await citizen.meets('activate-open');
      await citizen.open('/activate/questions');
      await citizen.fill(ANSWERS);
      await citizen.press();
      await citizen.meets('activate-done');
    });

    it('is told when it is enough for now', async () => {
      const person = await givePendingPerson(stage.test.app);
      for (let count = 0; count < 4; count += 1) await start(citizen, person);
      await citizen.meets('activate-throttled', { errors: [''] });
    });

    it.each([
      ['late', () => givePendingPerson(stage.test.app, { status: 'late_activation' })],
      ['locked', () => lockedPerson('holder_request')],
      ['deceased', () => lockedPerson('death')],
      ['active', () => giveActivePerson(stage.test.app)],
    ] as const)('says what to do where it goes no further: %s', async (name, givePerson) => {
      await prove(citizen, await givePerson());
      await citizen.meets(`activate-${name}`);
    });

    it('lets a guardian confirm', async () => {
      const guardian = await giveActivePerson(stage.test.app, { fullName: 'Lê Thị Mẹ' });
      const child = await givePendingPerson(stage.test.app, { age: 10, level: 1, guardian, fullName: 'Lê Văn Con' });
      await prove(citizen, child);
      await citizen.fill({ password });
      await citizen.press();
      await citizen.fill({ passcode });
      await citizen.press();
      await citizen.fill(ANSWERS);
      await citizen.press();
      await citizen.meets('guardian-waiting');
      const address = (await citizen.page.textContent('main code')) ?? '';
      const mother = await newCitizen(stage.browser, { baseURL: stage.test.issuer, ...who });
      await mother.open(address);
      await mother.meets('guardian-sign-in');
      await mother.press('main a.primary');
      await mother.fill({ citizen_id: guardian.citizenId, password });
      await mother.press();
      await mother.open('/activate/guardian/requests');
      await mother.meets('guardian-requests');
      await mother.press('main .card a');
      await mother.meets('guardian-confirm');
      await mother.fill({ passcode: '111222' });
      await mother.press();
      await mother.meets('guardian-confirm-error', { errors: ['passcode'] });
      await mother.fill({ passcode });
      await mother.press();
      await mother.meets('guardian-confirmed');
      await mother.leave();
      await citizen.press('main a.primary');
      await citizen.meets('guardian-done');
    });
  });

  async function lockedPerson(ground: 'holder_request' | 'death'): Promise<TestPerson> {
    const person = await givePendingPerson(stage.test.app);
    await giveLock(stage.test.app, person, ground);
    return person;
  }
});
