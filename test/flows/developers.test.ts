import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACR_VALUES } from '../../src/domain/assurance.ts';
import { SCOPES } from '../../src/domain/claims.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

describe('/developers', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  it.each(['vi', 'en'])('names every scope with its claims, every acr, and where discovery is (%s)', async (lang) => {
    const page = await test.browser().get(`/developers?lang=${lang}`);
    expect(page.$('h1')).toHaveLength(1);
    expect(page.text).toContain(`${test.issuer}/.well-known/openid-configuration`);
    const rows = page.$('#scopes tbody tr').toArray();
    expect(rows.map((row) => page.$(row).find('th').text())).toEqual(Object.keys(SCOPES));
    for (const [scope, { claims }] of Object.entries(SCOPES)) {
      const row = rows.find((one) => page.$(one).find('th').text() === scope);
      for (const claim of claims) expect(page.$(row).text()).toContain(claim);
    }
    for (const acr of ACR_VALUES) expect(page.$('#levels').text()).toContain(acr);
  });

  it('leads to every section from its contents', async () => {
    const page = await test.browser().get('/developers');
    const targets = page
      .$('nav[aria-labelledby=contents] a')
      .toArray()
      .map((one) => one.attribs['href'] ?? '');
    expect(targets).toContain('#first-token');
    for (const target of targets) expect(page.$(target), target).toHaveLength(1);
  });
});
