import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type TestProvider } from './support/provider.ts';

let provider: TestProvider;

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

const DISCOVERY = '/.well-known/openid-configuration';
const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${provider.issuer}${path}`, init);
const headersOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries(
    [...headers].filter(([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name)),
  );

describe.each([DISCOVERY, '/jwks'])('%s, answered without the library', (path) => {
  it('is what the library said the first time', async () => {
    const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
    const { privateKey: rsa } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    provider.app.oidc.rebuild([
      { ...privateKey.export({ format: 'jwk' }), kid: `of ${path}`, alg: 'ES256', use: 'sig' },
      { ...rsa.export({ format: 'jwk' }), kid: `rsa of ${path}`, alg: 'RS256', use: 'sig' },
    ]);
    const [first, second] = [await ask(path), await ask(path)];
    expect(second.status).toBe(first.status);
    expect(await second.text()).toBe(await first.text());
    const typed = (response: Response): unknown => {
      const { vary: _, 'content-type': type, ...others } = headersOf(response);
      return { ...others, type: type?.split(';')[0] };
    };
    expect(typed(second)).toEqual(typed(first));
  });

  it('bears the security headers of an answer to a program, open to scripts of any site, and an id of its own', async () => {
    const [one, other, token] = [await ask(path), await ask(path), await ask('/token', { method: 'POST' })];
    expect(one.headers.get('x-request-id')).toMatch(/^\w{5}-\w{5}$/);
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
    expect(headersOf(one)).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=300',
    });
    for (const name of ['content-security-policy', 'permissions-policy', 'referrer-policy', 'x-content-type-options'])
      expect([name, one.headers.get(name)]).toEqual([name, token.headers.get(name)]);
  });

  it('is told to whom asks for the head alone', async () => {
    const whole = await ask(path);
    const head = await ask(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(headersOf(head)).toEqual(headersOf(whole));
    expect(head.headers.get('content-length')).toBe(String((await whole.arrayBuffer()).byteLength));
  });

  it('is not sent again to whom has it', async () => {
    const tag = (await ask(path)).headers.get('etag') ?? '';
    for (const known of [tag, `W/${tag}`, `"another", ${tag}`, '*']) {
      const answer = await ask(path, { headers: { 'If-None-Match': known } });
      expect([known, answer.status, await answer.text()]).toEqual([known, 304, '']);
      expect(answer.headers.get('etag')).toBe(tag);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
    expect((await ask(path, { headers: { 'If-None-Match': '"another"' } })).status).toBe(200);
  });

  it('is in the figures with its status', async () => {
    const counted = async (status: number): Promise<number> => {
      const { body } = await provider.app.metrics.text();
      const line = `dinhdanh_http_requests_total{method="GET",route="${path}",status="${status}"} `;
      const at = body.indexOf(line);
      return at === -1 ? 0 : Number(body.slice(at + line.length).split('\n')[0]);
    };
    const before = [await counted(200), await counted(304)] as const;
    const tag = (await ask(path)).headers.get('etag') ?? '';
    await ask(path, { headers: { 'If-None-Match': tag } });
    expect([await counted(200), await counted(304)]).toEqual([before[0] + 1, before[1] + 1]);
  });

  it('is left to the library in any other form', async () => {
    expect((await ask(`${path}?lang=vi`)).headers.get('access-control-allow-origin')).toBe('*');
    expect((await ask(path, { method: 'DELETE' })).status).toBe(404);
    const preflight = await ask(path, {
      method: 'OPTIONS',
      headers: { Origin: 'https://service.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('GET');
  });
});

it('is new at once for whom has the old one, when keys are taken', async () => {
  const old = (await ask('/jwks')).headers.get('etag') ?? '';
  const unchanged = await ask('/jwks', { headers: { 'If-None-Match': old } });
  expect(unchanged.status).toBe(304);
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const { privateKey: rsa } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  provider.app.oidc.rebuild([
    { ...privateKey.export({ format: 'jwk' }), kid: 'newest', alg: 'ES256', use: 'sig' },
    { ...rsa.export({ format: 'jwk' }), kid: 'newest-rsa', alg: 'RS256', use: 'sig' },
  ]);
  const changed = await ask('/jwks', { headers: { 'If-None-Match': old } });
  expect(changed.status).toBe(200);
  const { keys } = (await changed.json()) as { keys: { kid: string }[] };
  expect(keys.map(({ kid }) => kid)).toEqual(['newest', 'newest-rsa']);
});
