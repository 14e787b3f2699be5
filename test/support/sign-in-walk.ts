import { createHash } from 'node:crypto';
import { generate } from 'otplib';
import { expect } from 'vitest';
import { putCredential } from '../../src/accounts/credential-store.ts';
import { totpSecretPlace } from '../../src/accounts/verify-totp.ts';
import { newId } from '../../src/platform/ids.ts';
import { type NewClient, putClient } from '../../src/relying-parties/client-store.ts';
import type { TestApp, TestBrowser, TestPage } from './app.ts';
import { TEST_SECRETS, type TestPerson } from './people.ts';

const REDIRECT = 'http://localhost:8080/callback';
const VERIFIER = 'sign-in-walk-verifier-sign-in-walk-verifier-0';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const TOTP_SECRET = 'THUNGHIEMDINHDANHVIETNAMHANOI234';

export const ACR = (level: 1 | 2 | 3): string => `urn:vn:eid:auth:${level}`;

/** The `claims` parameter that makes an authentication level essential. */
export function essentialAcr(level: 1 | 2 | 3): string {
  return JSON.stringify({ id_token: { acr: { essential: true, value: ACR(level) } } });
}

/** A public relying party of the test, with whatever it demands. */
export async function giveClient(test: TestApp, client: Partial<NewClient> & { id: string }): Promise<void> {
  const { app } = test;
  await putClient(
    app.db,
    {
      origin: 'operator',
      name: { vi: 'Dịch vụ của phép thử', en: 'A test service' },
      purpose: { vi: 'Để thử đăng nhập', en: 'To test the sign-in' },
      leastAccountLevel: 1,
      leastAuthLevel: 1,
      essentialScopes: ['openid'],
      claimNames: 'standard',
      mayIntrospectAll: false,
      metadata: {
        redirect_uris: [REDIRECT],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
      },
      ...client,
    },
    app.clock(),
  );
}

/** An authorization request of a public client, with PKCE. */
export function authorizePath(params: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: 'sandbox-spa',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: REDIRECT,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    state: 'walk',
    ...params,
  });
  return `/authorize?${query.toString()}`;
}

export function interactionPath(page: TestPage): string {
  const match = /^\/interaction\/[\w-]+/.exec(page.path);
  if (match === null) throw new Error(`The browser is not at an interaction but at ${page.path.split('?')[0]}.`);
  return match[0];
}

export async function typePassword(
  browser: TestBrowser,
  page: TestPage,
  typed: { citizenId: string; password?: string; headers?: Record<string, string> },
): Promise<TestPage> {
  const { citizenId, password = TEST_SECRETS.password, headers = {} } = typed;
  return browser.post(`${interactionPath(page)}/password`, { citizen_id: citizenId, password }, headers);
}

export async function typeCode(
  browser: TestBrowser,
  page: TestPage,
  code: string,
  method?: 'otp' | 'sms',
): Promise<TestPage> {
  const shown = page.$('input[name="method"]').attr('value') ?? 'sms';
  return browser.post(`${interactionPath(page)}/second-factor`, { method: method ?? shown, code });
}

/** Agrees to everything essential and to what is named. */
export async function agree(
  browser: TestBrowser,
  page: TestPage,
  ticked: { scope?: string[]; claim?: string[] } = {},
): Promise<TestPage> {
  return browser.post(`${interactionPath(page)}/consent`, { decision: 'allow', ...ticked });
}

/** From the request to the code: password, a code by SMS where it is asked for, consent. */
export async function signInWholly(
  test: TestApp,
  browser: TestBrowser,
  person: TestPerson,
  params: Record<string, string> = {},
): Promise<TestPage> {
  let page = await browser.get(authorizePath(params));
  page = await typePassword(browser, page, person);
  if (page.$('input[name="code"]').length > 0) page = await typeCode(browser, page, await test.code(person.phone));
  if (page.$('button[name="decision"]').length > 0) page = await agree(browser, page);
  return page;
}

/** What the relying party got in its redirect. */
export function answerOf(page: TestPage): Record<string, string> {
  if (page.location === undefined)
    throw new Error(`The browser did not return to the relying party: ${page.status} ${page.$('h1').text()}`);
  return Object.fromEntries(new URL(page.location).searchParams);
}

export type Tokens = { idToken: Record<string, unknown>; accessToken: string; scope: string };

export async function redeem(test: TestApp, page: TestPage, clientId = 'sandbox-spa'): Promise<Tokens> {
  const { code } = answerOf(page);
  expect(code, JSON.stringify(answerOf(page))).toBeDefined();
  const response = await fetch(`${test.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code: code ?? '',
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
    }),
  });
  const body = (await response.json()) as Record<string, string>;
  expect(response.status, JSON.stringify(body)).toBe(200);
  const payload = Buffer.from((body['id_token'] ?? '').split('.')[1] ?? '', 'base64url').toString();
  return {
    idToken: JSON.parse(payload) as Record<string, unknown>,
    accessToken: body['access_token'] ?? '',
    scope: body['scope'] ?? '',
  };
}

export async function userinfo(test: TestApp, { accessToken }: Tokens): Promise<Record<string, unknown>> {
  const response = await fetch(`${test.issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  return (await response.json()) as Record<string, unknown>;
}

export async function giveAuthenticatorApp(test: TestApp, person: TestPerson): Promise<void> {
  const { app } = test;
  const id = newId();
  const secret = app.vault.seal(TOTP_SECRET, totpSecretPlace(id));
  await putCredential(app.db, { id, accountId: person.accountId, kind: 'totp', secret }, app.clock());
}

/** What the app shows now, or showed `shiftSeconds` ago (negative). */
export function appCode(shiftSeconds = 0): Promise<string> {
  return generate({ secret: TOTP_SECRET, epoch: Math.floor(Date.now() / 1000) + shiftSeconds });
}

/** The page without what differs at every showing, and without what was typed: to compare what two people are told. */
export function told(page: TestPage): string {
  page.$('input[name="csrf_token"], input[name="citizen_id"]').attr('value', '');
  page.$('script').attr('nonce', '');
  return (page.$.html() ?? '').replaceAll(/\/interaction\/[\w-]+/g, '/interaction/…');
}
