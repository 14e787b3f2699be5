import type { TestApp, TestBrowser, TestPage } from './app.ts';
import { TEST_SECRETS, type TestPerson } from './people.ts';

/** The steps of an activation as a citizen's browser does them. */
export const ANSWERS = {
  question_1: TEST_SECRETS.question1,
  answer_1: TEST_SECRETS.answer1,
  question_2: TEST_SECRETS.question2,
  answer_2: TEST_SECRETS.answer2,
};

/** As people write it: 0912… instead of +84912…. */
export function localPhone(person: Pick<TestPerson, 'phone'>): string {
  return `0${person.phone.slice(3)}`;
}

export async function startActivation(
  browser: TestBrowser,
  person: Pick<TestPerson, 'citizenId' | 'phone'>,
): Promise<TestPage> {
  await browser.get('/activate');
  return browser.post('/activate', { citizen_id: person.citizenId, phone_number: localPhone(person) });
}

/** Starts and proves the phone: what is shown then depends on the account. */
export async function proveOwnPhone(app: TestApp, browser: TestBrowser, person: TestPerson): Promise<TestPage> {
  await startActivation(browser, person);
  return browser.post('/activate/code', { code: await app.code(person.phone) });
}

/** Everything up to, and not including, the last form. */
export async function walkToQuestions(app: TestApp, browser: TestBrowser, person: TestPerson): Promise<TestPage> {
  const page = await proveOwnPhone(app, browser, person);
  if (page.path === '/activate/password') await browser.post('/activate/password', { password: TEST_SECRETS.password });
  return browser.post('/activate/passcode', { passcode: TEST_SECRETS.passcode });
}

export async function activate(app: TestApp, browser: TestBrowser, person: TestPerson): Promise<TestPage> {
  await walkToQuestions(app, browser, person);
  return browser.post('/activate/questions', ANSWERS);
}
