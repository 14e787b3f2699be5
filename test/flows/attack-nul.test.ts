import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

/** On PostgreSQL too: it refuses a query with a NUL, which must not become our failure. */
describe('NUL in what a program sends', () => {
  it.each([
    ['/token', { grant_type: 'authorization_code', client_id: '\0', code: 'x' }],
    ['/token', { grant_type: 'authorization_code', client_id: 'sandbox-spa', code: '\0', code_verifier: '\0' }],
    ['/token', { grant_type: 'refresh_token', client_id: 'sandbox-spa', refresh_token: '\0' }],
    ['/introspect', { client_id: '\0', token: 'x' }],
    ['/introspect', { client_id: 'sandbox-spa', token: '\0' }],
    ['/revoke', { client_id: 'sandbox-spa', token: '\0' }],
    ['/par', { client_id: '\0', response_type: 'code' }],
  ])('is no failure of ours at %s: %j', async (path, form) => {
    const response = await fetch(test.issuer + path, { method: 'POST', body: new URLSearchParams(form) });
    expect(response.status).toBeLessThan(500);
  });

  it('is no failure of ours in a registration', async () => {
    for (const metadata of [{ client_name: '\0' }, { redirect_uris: ['https://rp.test/\0'] }, { software_id: '\0' }]) {
      const response = await fetch(`${test.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://rp.test/'], ...metadata }),
      });
      expect(response.status).toBeLessThan(500);
    }
  });
});
