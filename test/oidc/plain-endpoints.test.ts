import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import { inTransaction } from '../../src/platform/database.ts';
import {
  basic,
  bearer,
  EVERYTHING,
  form,
  machineToken,
  type PlainBench,
  startPlainBench,
  WEB,
} from './support/plain-bench.ts';
import { newBrowser } from './support/relying-party.ts';

let bench: PlainBench;
beforeAll(async () => {
  bench = await startPlainBench();
});
afterAll(() => bench.close());

describe('Userinfo without the library says what the library says', () => {
  it.each(['l2-active', 'l1-active', 'foreigner', 'teen'])('of %s', async (persona) => {
    for (const rp of [bench.web, bench.operators('legacy-names')])
      for (const scope of ['openid', 'openid profile', EVERYTHING]) {
        const { access_token } = await rp.signIn(newBrowser(), persona, { scope });
        expect(await bench.askBoth('/userinfo', bearer(access_token))).toMatchObject({ status: 200, isPlain: true });
      }
  });

  it('and leaves a request that names an origin, or single claims, to it', async () => {
    const { access_token } = await bench.spa.signIn(newBrowser(), 'l2-active');
    const headers = { authorization: `Bearer ${access_token}`, origin: 'http://localhost:8080' };
    expect(await bench.askBoth('/userinfo', { headers })).toMatchObject({ status: 200, isPlain: false });
    expect(await bench.askBoth('/userinfo', bearer(access_token))).toMatchObject({ status: 200, isPlain: true });
    const claims = JSON.stringify({ userinfo: { email: null } });
    const asked = await bench.web.signIn(newBrowser(), 'l2-active', { claims });
    expect(await bench.askBoth('/userinfo', bearer(asked.access_token))).toMatchObject({ status: 200, isPlain: false });
  });

  it('and leaves what is wrong to it', async () => {
    const { access_token: token } = await bench.web.signIn(newBrowser(), 'l2-active');
    const machine = await machineToken(bench);
    for (const init of [
      {},
      bearer('unknown'),
      bearer(machine),
      bearer(`${token} `.repeat(2)),
      { headers: { authorization: `Basic ${token}` } },
      form({ access_token: token }, {}),
      form({ access_token: token }, { authorization: `Bearer ${token}` }),
    ])
      expect((await bench.askBoth('/userinfo', init)).isPlain).toBe(false);
  });
});

describe('Introspection without the library says what the library says', () => {
  it('of own tokens, others’ and machines’', async () => {
    const own = await bench.web.signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
    const others = await bench.operators('legacy-names').signIn(newBrowser(), 'l2-active', { scope: EVERYTHING });
    const machine = await machineToken(bench);
    for (const token of [own.access_token, others.access_token, machine]) {
      const fields = { token, client_id: 'public-sub', client_secret: 'public-sub-secret' };
      const seen = await bench.askBoth('/introspect', form(fields, {}));
      expect(seen).toMatchObject({ status: 200, isPlain: true, body: { active: true } });
      await bench.askBoth('/introspect', form({ token, token_type_hint: 'access_token' }));
    }
    expect((await bench.askBoth('/introspect', form({ token: own.access_token }))).isPlain).toBe(true);
    expect((await bench.askBoth('/introspect', form({ token: others.access_token }))).body).toEqual({ active: false });
  });

  it('of a token that allows nothing, since all was refused that it was for', async () => {
    const { access_token: token } = await bench.web.signIn(newBrowser(), 'l2-active');
    const tokens = bench.store.adapterFor('AccessToken');
    await tokens.upsert(token, { ...(await tokens.find(token)), scope: '' }, 60);
    const seen = await bench.askBoth('/introspect', form({ token }));
    expect(seen).toMatchObject({ isPlain: true, body: { active: true } });
    expect(seen.body).not.toHaveProperty('scope');
  });

  it('and leaves what is unusual or wrong to it', async () => {
    const offline = { scope: 'openid offline_access', prompt: 'consent' };
    const { access_token: token, refresh_token } = await bench.web.signIn(newBrowser(), 'l2-active', offline);
    for (const init of [
      form({ token: refresh_token, token_type_hint: 'refresh_token' }),
      form({ token: 'unknown' }),
      form({ token: 'a.b.c' }),
      form({ token: '' }),
      form({}),
      form({ token }, basic('sandbox-web', 'wrong')),
      form({ token }, basic('nobody', 'wrong')),
      form({ token }, {}),
      form({ token, client_id: 'other' }),
      form({ token, client_secret: 'sandbox-web-secret' }),
      form({ token }, { authorization: 'Basic x' }),
      { method: 'POST', headers: { ...WEB, 'content-type': 'application/json' }, body: JSON.stringify({ token }) },
      {
        method: 'POST',
        headers: WEB,
        body: new URLSearchParams([
          ['token', token],
          ['token', token],
        ]),
      },
    ])
      expect((await bench.askBoth('/introspect', init)).isPlain).toBe(false);
  });
});

describe('A program is told as a program', () => {
  it('whatever it says that it accepts', async () => {
    const accept = { accept: 'text/html' };
    const { access_token: token } = await bench.web.signIn(newBrowser(), 'l2-active');
    expect(await bench.askBoth('/userinfo', { headers: { ...accept, authorization: 'Bearer x' } })).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    });
    expect(await bench.askBoth('/token', form({ grant_type: 'x' }, { ...WEB, ...accept }))).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    expect((await bench.askBoth('/introspect', form({ token }, { ...WEB, ...accept }))).isPlain).toBe(true);
  });
});

describe('A token ends in both ways at once', () => {
  const isAlive = async (token: string): Promise<boolean> => {
    const [userinfo, { body }] = [
      await bench.askBoth('/userinfo', bearer(token)),
      await bench.askBoth('/introspect', form({ token })),
    ];
    const { active } = body as { active: boolean };
    expect(userinfo.status).toBe(active ? 200 : 401);
    return active;
  };

  it('by its time, to the second', async () => {
    const { access_token } = await bench.web.signIn(newBrowser(), 'l1-active');
    bench.provider.travel(599);
    expect(await isAlive(access_token)).toBe(true);
    for (let seconds = 0; seconds < 20; seconds += 1) {
      bench.provider.travel(1);
      await bench.askBoth('/userinfo', bearer(access_token));
      await bench.askBoth('/introspect', form({ token: access_token }));
    }
    expect(await isAlive(access_token)).toBe(false);
  });

  it('by a lock of its account', async () => {
    const { app } = bench.provider;
    const { access_token } = await bench.web.signIn(newBrowser(), 'l1-active');
    expect(await isAlive(access_token)).toBe(true);
    const accountId = await bench.provider.personaId('l1-active');
    const fact = {
      accountId,
      reason: 'test',
      ground: 'holder_request',
      actor: { kind: 'operator', id: 'test' },
    } as const;
    await inTransaction(app.db, (tx) => lockAccount(tx, app, { ...fact, requestedBy: 'holder', now: app.clock() }));
    expect(await isAlive(access_token)).toBe(false);
    await inTransaction(app.db, (tx) => unlockAccount(tx, app, { ...fact, now: app.clock() }));
  });

  it('with its session, its grant, or when it is given back', async () => {
    const accountId = await bench.provider.personaId('l1-active');
    const ends: ((token: string) => Promise<unknown>)[] = [
      () => bench.store.destroySessions(accountId),
      () => bench.provider.app.gateway.endGrant(accountId, 'sandbox-web'),
      (token) => bench.web.call('/revoke', { token }),
    ];
    for (const end of ends) {
      const { access_token } = await bench.web.signIn(newBrowser(), 'l1-active');
      expect(await isAlive(access_token)).toBe(true);
      await end(access_token);
      expect(await isAlive(access_token)).toBe(false);
    }
  });

  it('with its client', async () => {
    const { access_token } = await bench.operators('legacy-names').signIn(newBrowser(), 'l1-active');
    await bench.provider.app
      .db('clients')
      .where({ id: 'legacy-names' })
      .update({ disabled_at: bench.provider.app.clock().getTime() });
    bench.provider.app.oidc.forgetClient('legacy-names');
    expect((await bench.askBoth('/userinfo', bearer(access_token))).status).toBe(401);
    await bench.provider.app.db('clients').where({ id: 'legacy-names' }).update({ disabled_at: null });
  });
});
