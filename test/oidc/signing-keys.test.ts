import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import Provider from 'oidc-provider';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  generateSigningKeys,
  listSigningKeys,
  loadSigningKeys,
  rotateSigningKeys,
  type SigningAlgorithm,
  type SigningKeyState,
} from '../../src/oidc/signing-keys.ts';

const START = new Date('2026-03-01T00:00:00Z');
const later = (hours: number): Date => new Date(START.getTime() + hours * 3_600_000);

let folder: string;
const file = (): string => join(folder, 'signing.jwks');
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'dinhdanh-keys-')), 'keys');
});
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

async function kidOf(alg: SigningAlgorithm, state: SigningKeyState): Promise<string> {
  const found = (await listSigningKeys(folder)).filter((key) => key.alg === alg && key.state === state);
  expect(found).toHaveLength(1);
  return (found[0] as { kid: string }).kid;
}

/** A provider over HTTP that issues tokens signed with the algorithm that the resource is named for. */
async function provider(): Promise<ReturnType<Provider['callback']>> {
  const { jwks } = await loadSigningKeys(folder);
  const op = new Provider('http://localhost', {
    jwks,
    clients: [
      {
        client_id: 'machine',
        client_secret: 'machine-secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: 'read',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: resource.slice('urn:'.length) as SigningAlgorithm } },
        }),
      },
    },
  });
  return op.callback();
}

async function signedWith(
  callback: ReturnType<Provider['callback']>,
  alg: SigningAlgorithm,
): Promise<string | undefined> {
  const { body } = await request(callback)
    .post('/token')
    .auth('machine', 'machine-secret')
    .type('form')
    .send({ grant_type: 'client_credentials', scope: 'read', resource: `urn:${alg}` });
  return decodeProtectedHeader((body as { access_token: string }).access_token).kid;
}

describe('signing keys', () => {
  it('are made once, a current and a next one for each algorithm', async () => {
    expect(await generateSigningKeys(folder, START)).toBe(true);
    const made = await listSigningKeys(folder);
    expect(made.map(({ alg, state }) => `${alg} ${state}`).toSorted()).toEqual([
      'ES256 current',
      'ES256 next',
      'RS256 current',
      'RS256 next',
    ]);
    expect(made[0]?.createdAt).toEqual(START);
    expect(await generateSigningKeys(folder, later(1))).toBe(false);
    expect(await listSigningKeys(folder)).toEqual(made);
  });

  it('are made once by two first starts at the same time', async () => {
    const made = await Promise.all([generateSigningKeys(folder, START), generateSigningKeys(folder, START)]);
    expect(made.toSorted()).toEqual([false, true]);
    expect(readdirSync(folder)).toEqual(['signing.jwks']);
    await expect(loadSigningKeys(folder)).resolves.toBeDefined();
  });

  it('are for their owner alone, and refused otherwise', async () => {
    await generateSigningKeys(folder, START);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(file(), 0o640);
    await expect(loadSigningKeys(folder)).rejects.toThrow('may be read by others (mode 640)');
    await expect(listSigningKeys(folder)).rejects.toThrow('chmod 600');
  });

  it('are listed without their private part', async () => {
    await generateSigningKeys(folder, START);
    const secrets = (JSON.parse(readFileSync(file(), 'utf8')) as { keys: { d: string }[] }).keys.map(({ d }) => d);
    const listed = JSON.stringify(await listSigningKeys(folder));
    for (const secret of secrets) expect(listed).not.toContain(secret);
  });

  it('are missed with the command that makes them, and refused when they are no keys, without a word of the content', async () => {
    await expect(loadSigningKeys(folder)).rejects.toThrow('keys generate');
    expect(await listSigningKeys(folder)).toEqual([]);
    await generateSigningKeys(folder, START);
    writeFileSync(file(), '{"keys": [{"d": "half-a-secret"');
    const error = await loadSigningKeys(folder).catch((reason: unknown) => String(reason));
    expect(error).toContain('is not a set of signing keys');
    expect(error).not.toContain('secret');
  });

  it.each(['ES256', 'RS256'] as const)('publish the next %s key and sign with the current one', async (alg) => {
    await generateSigningKeys(folder, START);
    const [current, next] = [await kidOf(alg, 'current'), await kidOf(alg, 'next')];
    const callback = await provider();
    const { keys } = (await request(callback).get('/jwks')).body as { keys: Record<string, unknown>[] };
    expect(keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([current, next]));
    for (const key of keys)
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'state', 'created_at'])
        expect(key).not.toHaveProperty(member);
    expect(await signedWith(callback, alg)).toBe(current);
  });

  it('change by rotation: next signs, current retires and stays published until its tokens have expired', async () => {
    await generateSigningKeys(folder, START);
    const [first, second] = [await kidOf('ES256', 'current'), await kidOf('ES256', 'next')];
    expect(await rotateSigningKeys(folder, later(2))).toMatchObject({ kind: 'rotated' });
    expect(await kidOf('ES256', 'current')).toBe(second);
    expect(await kidOf('ES256', 'retired')).toBe(first);
    const callback = await provider();
    expect(await signedWith(callback, 'ES256')).toBe(second);
    expect(JSON.stringify((await request(callback).get('/jwks')).body)).toContain(first);

    await rotateSigningKeys(folder, later(25));
    expect((await listSigningKeys(folder)).map(({ kid }) => kid)).toContain(first);
    await rotateSigningKeys(folder, later(27));
    expect((await listSigningKeys(folder)).map(({ kid }) => kid)).not.toContain(first);
  });

  it('do not rotate before the next key was published long enough, unless told to', async () => {
    await generateSigningKeys(folder, START);
    expect(await rotateSigningKeys(folder, later(0.5))).toEqual({ kind: 'too_early', mayRotateAt: later(1) });
    expect(await rotateSigningKeys(folder, later(0.5), { publishedSeconds: 0 })).toMatchObject({ kind: 'rotated' });
  });

  it('are rotated by one process at a time', async () => {
    await generateSigningKeys(folder, START);
    const both = await Promise.allSettled([rotateSigningKeys(folder, later(2)), rotateSigningKeys(folder, later(2))]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(readdirSync(folder)).toEqual(['signing.jwks']);
  });

  it('cannot be rotated before they were made', async () => {
    await expect(rotateSigningKeys(folder, START)).rejects.toThrow('keys generate');
  });
});
