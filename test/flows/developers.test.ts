import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACR_VALUES } from '../../src/domain/assurance.ts';
import { SCOPES } from '../../src/domain/claims.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let test: TestApp;
beforeAll(async () => {
  // curl is another process with the real time.
  test = await startTestApp({ now: new Date() });
  await seedPersonas(test.app, test.app.clock());
});
afterAll(() => test.close());

describe('/developers', () => {
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

  it('names no endpoint that discovery does not', async () => {
    const answer = await fetch(`${test.issuer}/.well-known/openid-configuration`);
    const discovered = Object.values((await answer.json()) as Record<string, unknown>);
    const page = await test.browser().get('/developers');
    const named = page
      .$('#endpoints tbody th')
      .toArray()
      .map((one) => page.$(one).text());
    expect(named).toHaveLength(9);
    for (const endpoint of named) expect(discovered).toContain(endpoint);
  });
});

const hasTools = ['bash', 'curl'].every((tool) => spawnSync(tool, ['--version']).error === undefined);

describe.skipIf(!hasTools && process.env['CI_REQUIRE_SERVICES'] !== '1')('the commands on the pages', () => {
  const shell = async (command: string): Promise<string> =>
    (await promisify(execFile)('bash', ['-c', command])).stdout.trim();
  /** The commands of a section, in their order. */
  const commands = async (section: string, path = '/developers'): Promise<string[]> => {
    const page = await test.browser().get(path);
    return page
      .$(`${section} pre code`)
      .toArray()
      .map((one) => page.$(one).text());
  };
  const json = (text: string) => JSON.parse(text) as Record<string, string>;
  const parameter = (address: string, name: string): string => new URL(address).searchParams.get(name) ?? '';

  it('give a first token when they are pasted one after the other', async () => {
    const [askForCode = '', redeem = '', readClaims = ''] = await commands('#first-token');
    const code = parameter(await shell(askForCode), 'code');
    const tokens = json(await shell(redeem.replace('CODE=…', `CODE=${code}`)));
    expect(Object.keys(tokens)).toContain('id_token');
    const claims = json(await shell(readClaims.replace('ACCESS_TOKEN=…', `ACCESS_TOKEN=${tokens['access_token']}`)));
    expect(claims).toMatchObject({ name: 'Nguyễn Minh Anh', account_level: 2 });
  });

  it('sign in without a page, as /sandbox says', async () => {
    const [command = ''] = await commands('#silent-sign-in', '/sandbox');
    expect(parameter(await shell(command), 'code')).not.toBe('');
  });

  it('register a client', async () => {
    const [command = ''] = await commands('#register');
    expect(Object.keys(json(await shell(command)))).toEqual(expect.arrayContaining(['client_id', 'client_secret']));
  });

  it('push an authorization request', async () => {
    const [push = '', start = ''] = (await commands('#par')).join('').split('\n\n');
    const pushed = json(await shell(push));
    expect(Object.keys(pushed)).toContain('request_uri');
    const requestUri = pushed['request_uri'] ?? '';
    const redirect = await shell(start.replace('REQUEST_URI=…', `REQUEST_URI=${requestUri}`));
    expect(redirect).toContain('code=');
  });

  it('get a code for a resource, and a token for a machine', async () => {
    const [resource = ''] = await commands('#resource');
    expect(parameter(await shell(resource), 'code')).not.toBe('');
    const [machine = ''] = await commands('#machine');
    expect(json(await shell(machine))['access_token']).toMatch(/./);
  });

  it('make a person', async () => {
    const [command = ''] = await commands('#inbox', '/sandbox');
    expect(json(await shell(command))).toMatchObject({ account_status: 'provisional' });
  });
});
