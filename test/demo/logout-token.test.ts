import { type CryptoKey, generateKeyPair, type JWTVerifyGetKey, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLogoutTokenJudge } from '../../src/demo/logout-token.ts';

const ISSUER = 'http://localhost:3000';
const CLIENT = 'ihanoi';
const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} };

let key: CryptoKey;
let findKeys: () => Promise<JWTVerifyGetKey>;
beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  key = pair.privateKey;
  findKeys = () => Promise.resolve(() => Promise.resolve(pair.publicKey));
});

type Wish = { claims?: Record<string, unknown>; header?: Record<string, unknown>; age?: number; without?: string[] };

/** A token as it should be, but for what is wished. */
async function token({ claims = {}, header = {}, age = 0, without = [] }: Wish = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000) - age;
  const all: Record<string, unknown> = {
    iss: ISSUER,
    aud: CLIENT,
    sub: 'someone',
    sid: 'a-session',
    iat: now,
    exp: now + 120 + age,
    jti: crypto.randomUUID(),
    events: EVENT,
    ...claims,
  };
  for (const name of without) delete all[name];
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', ...header }).sign(key);
}

const judge = () => createLogoutTokenJudge({ findKeys, issuer: ISSUER, clientId: CLIENT });

describe('A logout token', () => {
  it('is accepted once, and refused when it comes again', async () => {
    const judgeToken = judge();
    const logout = await token();
    expect(await judgeToken(logout)).toMatchObject({ kind: 'accepted', sub: 'someone', sid: 'a-session' });
    expect(await judgeToken(logout)).toEqual({ kind: 'refused', reason: 'jti was seen before' });
  });

  it('may name the person without a session, or the session without a person', async () => {
    expect(await judge()(await token({ without: ['sid'] }))).toMatchObject({ kind: 'accepted', sub: 'someone' });
    expect(await judge()(await token({ without: ['sub'] }))).toMatchObject({ kind: 'accepted', sid: 'a-session' });
    expect((await judge()(await token({ without: ['sub', 'sid'] }))).kind).toBe('refused');
  });

  const wrong: readonly (readonly [string, Wish])[] = [
    ['of another issuer', { claims: { iss: 'http://localhost:9999' } }],
    ['for another service', { claims: { aud: 'so-suc-khoe' } }],
    ['that is an id_token', { header: { typ: 'JWT' }, claims: { nonce: 'n' }, without: ['events'] }],
    ['with a nonce', { claims: { nonce: 'n' } }],
    ['without the event', { claims: { events: { 'urn:other': {} } } }],
    [
      'whose event is no object',
      { claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': true } } },
    ],
    ['without a jti', { without: ['jti'] }],
    ['without a time', { without: ['iat'] }],
    ['that was issued six minutes ago', { age: 360 }],
    ['that is to be issued in an hour', { age: -3600 }],
    ['that has expired', { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
  ];
  it.each(wrong)('%s is refused', async (_, wish) => {
    expect((await judge()(await token(wish))).kind).toBe('refused');
  });

  it('that nobody signed, or a stranger, is refused', async () => {
    const stranger = (await generateKeyPair('ES256')).privateKey;
    const mine = key;
    key = stranger;
    const forged = await token();
    key = mine;
    const [, payload = ''] = (await token()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'logout+jwt' })).toString('base64url');
    for (const bad of [forged, `${header}.${payload}.`, 'nonsense', ''])
      expect([bad.slice(0, 8), (await judge()(bad)).kind]).toEqual([bad.slice(0, 8), 'refused']);
  });

  it('is not judged at all while the keys cannot be had, so that the provider tries again', async () => {
    const judgeToken = createLogoutTokenJudge({
      findKeys: () => Promise.reject(new TypeError('fetch failed')),
      issuer: ISSUER,
      clientId: CLIENT,
    });
    await expect(judgeToken(await token())).rejects.toThrow('fetch failed');
  });
});
