import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { localPhone } from './activation-walk.ts';
import type { TestApp, TestBrowser, TestPage } from './app.ts';
import type { TestPerson } from './people.ts';
import { typePassword } from './sign-in-walk.ts';

/** The issue date on every test person's card, as people write it. */
export const CARD = '15/03/2022';

type Target = 'password' | 'passcode';

export async function startRecovery(
  browser: TestBrowser,
  person: Pick<TestPerson, 'citizenId' | 'phone'>,
  target: Target = 'password',
): Promise<TestPage> {
  await browser.get('/recover');
  return browser.post('/recover', { target, citizen_id: person.citizenId, phone_number: localPhone(person) });
}

/** Starts and proves the phone: what is shown then depends on the account. */
export async function proveOwnPhone(
  test: TestApp,
  browser: TestBrowser,
  person: TestPerson,
  target: Target = 'password',
): Promise<TestPage> {
  await startRecovery(browser, person, target);
  return browser.post('/recover/code', { code: await test.code(person.phone) });
}

/** Both proofs: what is left is the new secret. */
export async function walkToSecret(
  test: TestApp,
  browser: TestBrowser,
  person: TestPerson,
  target: Target = 'password',
): Promise<TestPage> {
  await proveOwnPhone(test, browser, person, target);
  return browser.post('/recover/proof', { card_issued_on: CARD });
}

export async function signsInWith(test: TestApp, person: TestPerson, password: string): Promise<boolean> {
  const browser = test.browser();
  const page = await typePassword(browser, await browser.get('/account'), { ...person, password });
  return page.path === '/account';
}

/** What the audit holds of this person, newest first. */
export async function actionsOf(test: TestApp, person: TestPerson): Promise<string[]> {
  return (await listAuditOfAccount(test.app.db, person.accountId)).map((one) => one.action);
}
