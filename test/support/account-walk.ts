import type { TestApp, TestBrowser, TestPage } from './app.ts';
import { TEST_SECRETS, type TestPerson } from './people.ts';
import { agree, answerOf, authorizePath, typeCode, typePassword } from './sign-in-walk.ts';

const { passcode } = TEST_SECRETS;

/** Opens a page of the account, signing in as far as it is asked for. */
export async function openAccount(
  test: TestApp,
  browser: TestBrowser,
  person: TestPerson,
  path = '/account',
): Promise<TestPage> {
  let page = await browser.get(path);
  if (page.$('input[name="password"]').length > 0) page = await typePassword(browser, page, person);
  return addCode(test, browser, person, page);
}

/** Opens a page on which something about signing in is changed: a second factor is added on the way. */
export async function openToChange(
  test: TestApp,
  browser: TestBrowser,
  person: TestPerson,
  path: string,
): Promise<TestPage> {
  await openAccount(test, browser, person);
  return addCode(test, browser, person, await browser.get(path));
}

async function addCode(test: TestApp, browser: TestBrowser, person: TestPerson, page: TestPage): Promise<TestPage> {
  let current = page;
  if (current.path.startsWith('/interaction/') && current.$('input[name="code"]').length === 0)
    current = await browser.post(`${current.path.split('?')[0]}/send-code`, {});
  if (current.path.startsWith('/interaction/') && current.$('input[name="code"]').length > 0)
    current = await typeCode(browser, current, await test.code(person.phone));
  return current;
}

export type Connection = { browser: TestBrowser; accessToken: string; refreshToken: string };

/** Signs in to a relying party, agreeing to what is named, and takes its tokens. */
export async function connect(
  test: TestApp,
  browser: TestBrowser,
  person: TestPerson,
  { scope = 'openid profile phone offline_access', ticked = ['profile', 'offline_access'] } = {},
): Promise<Connection> {
  let page = await browser.get(authorizePath({ scope, prompt: 'consent' }));
  if (page.$('input[name="password"]').length > 0) page = await typePassword(browser, page, person);
  page = await agree(browser, page, { scope: ticked });
  const body = await tokenRequest(test, {
    grant_type: 'authorization_code',
    code: answerOf(page)['code'] ?? '',
    redirect_uri: 'http://localhost:8080/callback',
    code_verifier: 'sign-in-walk-verifier-sign-in-walk-verifier-0',
  });
  return { browser, accessToken: body['access_token'] ?? '', refreshToken: body['refresh_token'] ?? '' };
}

/** @returns the error of the token endpoint, undefined when the refresh was answered with tokens. */
export async function refreshError(test: TestApp, { refreshToken }: Connection): Promise<string | undefined> {
  const body = await tokenRequest(test, { grant_type: 'refresh_token', refresh_token: refreshToken });
  return body['error'];
}

async function tokenRequest(test: TestApp, fields: Record<string, string>): Promise<Record<string, string>> {
  const body = new URLSearchParams({ client_id: 'sandbox-spa', ...fields });
  const response = await fetch(`${test.issuer}/token`, { method: 'POST', body });
  return (await response.json()) as Record<string, string>;
}

export async function isSignedIn(browser: TestBrowser): Promise<boolean> {
  return (await browser.get('/account')).path === '/account';
}

/** Sends a form together with the right passcode. */
export function postConfirmed(
  browser: TestBrowser,
  path: string,
  fields: Record<string, string> = {},
): Promise<TestPage> {
  return browser.post(path, { passcode, ...fields });
}
