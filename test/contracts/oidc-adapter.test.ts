import { once } from 'node:events';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ARTIFACT_MODELS } from '../../src/oidc/adapters/artifact-models.ts';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { startChild } from './support/start-child.ts';
import { type OpenStore, openStore, type StoreUnderTest, storeKinds } from './support/stores.ts';

// The real time, since Redis and the child processes have no other; tests move it forward.
let now = new Date();
const clock = (): Date => now;
const clientAdapter = { find: () => Promise.resolve({ clientId: 'from-elsewhere' }) } as unknown as Adapter;

let count = 0;
const newId = (): string => {
  count += 1;
  return `id-${process.pid}-${count}`;
};
const inSeconds = (seconds: number): number => Math.floor(now.getTime() / 1000) + seconds;
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};

for (const { name, make } of storeKinds)
  describe.skipIf(make === undefined)(`protocol store on ${name}`, () => {
    let place: StoreUnderTest;
    let open: OpenStore;
    let store: ProtocolStore;
    const settings = { clock, clientAdapter };
    const adapter = (model: string): Adapter => store.adapterFor(model);

    beforeAll(async () => {
      place = await (make as () => Promise<StoreUnderTest>)();
      open = await openStore(place.address, settings);
      store = open.store;
    });
    afterAll(async () => {
      await open.close();
      await place.discard();
    });
    beforeEach(() => {
      now = new Date();
    });

    const reopen = async (): Promise<void> => {
      await open.close();
      open = await openStore(place.address, settings);
      store = open.store;
    };

    const signIn = async (
      accountId: string,
      extra: Partial<AdapterPayload> = {},
    ): Promise<{ id: string; uid: string; payload: AdapterPayload }> => {
      const id = newId();
      const uid = `uid-${id}`;
      const payload = {
        uid,
        accountId,
        loginTs: inSeconds(0),
        exp: inSeconds(600),
        kind: 'Session',
        jti: id,
        ...extra,
      };
      await adapter('Session').upsert(id, payload, 600);
      return { id, uid, payload };
    };

    const issue = async (model: string, grantId: string, extra: Partial<AdapterPayload> = {}): Promise<string> => {
      const id = newId();
      await adapter(model).upsert(id, { grantId, clientId: 'shop', exp: inSeconds(600), ...extra }, 600);
      return id;
    };

    const grant = async (accountId: string, clientId: string): Promise<string> => {
      const id = newId();
      await adapter('Grant').upsert(id, { accountId, clientId, openid: { scope: 'openid' }, exp: inSeconds(600) }, 600);
      return id;
    };

    describe('what is stored', () => {
      it.each(ARTIFACT_MODELS.map(({ name: model }) => model))('comes back as it was: %s', async (model) => {
        const id = newId();
        const payload = {
          kind: model,
          jti: id,
          iat: inSeconds(0),
          exp: inSeconds(600),
          accountId: 'a1',
          clientId: 'shop',
          grantId: newId(),
          scope: 'openid "ạ"\n',
        };
        await adapter(model).upsert(id, payload, 600);
        expect(await adapter(model).find(id)).toEqual(payload);
      });

      it('is replaced by a second upsert', async () => {
        const { id, payload } = await signIn('a-replaced');
        await adapter('Session').upsert(id, { ...payload, acr: 'level2' }, 600);
        expect(await adapter('Session').find(id)).toMatchObject({ acr: 'level2' });
        expect(await store.listSessions('a-replaced')).toHaveLength(1);
      });

      it('is unknown by another id, another model or a row handle', async () => {
        const { id, uid } = await signIn('a-unknown');
        const handle = ((await adapter('Session').findByUid(uid)) as AdapterPayload).jti as string;
        expect(await adapter('Session').find(`${id}x`)).toBeUndefined();
        expect(await adapter('Interaction').find(id)).toBeUndefined();
        expect(handle).not.toBe(id);
        expect(await adapter('Session').find(handle)).toBeUndefined();
      });

      it('can be destroyed', async () => {
        const id = await issue('AccessToken', newId());
        await adapter('AccessToken').destroy(id);
        await adapter('AccessToken').destroy(newId());
        expect(await adapter('AccessToken').find(id)).toBeUndefined();
      });

      it('survives a restart', async () => {
        const { id, uid } = await signIn('a-restart');
        const token = await issue('AccessToken', newId());
        const revoked = newId();
        const dead = await issue('RefreshToken', revoked);
        await adapter('RefreshToken').revokeByGrantId(revoked);
        await reopen();
        expect(await adapter('Session').find(id)).toMatchObject({ uid });
        expect(await adapter('AccessToken').find(token)).toBeDefined();
        expect(await adapter('RefreshToken').find(dead)).toBeUndefined();
      });

      it('may not hold NUL characters', async () => {
        const nul = adapter('Interaction').upsert(newId(), { params: { state: 'a\0b' } }, 60);
        await expect(nul).rejects.toBeInstanceOf(errors.InvalidRequest);
        await expect(adapter('Session').upsert('a\0b', {}, 60)).rejects.toBeInstanceOf(errors.InvalidRequest);
        expect(await adapter('Session').find('a\0b')).toBeUndefined();
        const id = newId();
        await adapter('Interaction').upsert(id, { params: { state: String.raw`written \u0000 is harmless` } }, 60);
        expect(await adapter('Interaction').find(id)).toMatchObject({
          params: { state: String.raw`written \u0000 is harmless` },
        });
      });

      it('leaves clients to somebody else', async () => {
        expect(await adapter('Client').find('any')).toEqual({ clientId: 'from-elsewhere' });
      });
    });

    describe('expiry', () => {
      it('hides what has expired, once the tolerance for clocks is over too', async () => {
        const id = await issue('AccessToken', newId());
        later(610);
        expect(await adapter('AccessToken').find(id)).toBeDefined();
        later(6);
        expect(await adapter('AccessToken').find(id)).toBeUndefined();
      });

      it('refuses a token whose revocation would be forgotten before it expires', async () => {
        const tooLong = adapter('RefreshToken').upsert(newId(), { grantId: newId() }, 32 * 86_400);
        await expect(tooLong).rejects.toThrow('longestLifeSeconds');
      });

      it('sweeps expired rows in bounded steps and leaves the living', async () => {
        const living = newId();
        await Promise.all(Array.from({ length: 30 }, () => issue('RefreshToken', newId())));
        await adapter('RefreshToken').upsert(living, { grantId: newId(), exp: inSeconds(86_400) }, 86_400);
        later(700);
        let deleted = 0;
        let isDone = false;
        for (let step = 0; !isDone; step += 1) {
          const result = await store.sweep(now, 7);
          expect(result.deleted).toBeLessThanOrEqual(7);
          expect(step).toBeLessThan(1000);
          deleted += result.deleted;
          isDone = result.isDone;
        }
        expect(deleted).toBeGreaterThanOrEqual(30);
        expect(await adapter('RefreshToken').find(living)).toBeDefined();
      });
    });

    describe('consume', () => {
      it.each(['AuthorizationCode', 'RefreshToken', 'DeviceCode'])(
        'tells when it happened, and refuses a second time: %s',
        async (model) => {
          const id = await issue(model, newId());
          await adapter(model).consume(id);
          expect(await adapter(model).find(id)).toMatchObject({ consumed: inSeconds(0), consumedAt: now.getTime() });
          await expect(adapter(model).consume(id)).rejects.toBeInstanceOf(errors.InvalidGrant);
          await expect(adapter(model).consume(newId())).rejects.toBeInstanceOf(errors.InvalidGrant);
        },
      );

      it('names the error of the authorization endpoint for a pushed request', async () => {
        const id = newId();
        await adapter('PushedAuthorizationRequest').upsert(id, { request: 'x' }, 60);
        await adapter('PushedAuthorizationRequest').consume(id);
        await expect(adapter('PushedAuthorizationRequest').consume(id)).rejects.toBeInstanceOf(
          errors.InvalidRequestUri,
        );
      });

      it('is not forgotten when the artifact is saved again', async () => {
        const id = await issue('DeviceCode', 'g1');
        await adapter('DeviceCode').consume(id);
        await adapter('DeviceCode').upsert(id, { grantId: 'g1', exp: inSeconds(600) }, 600);
        expect(await adapter('DeviceCode').find(id)).toHaveProperty('consumed');
      });

      it('fails on a token of a revoked grant', async () => {
        const grantId = newId();
        const id = await issue('AuthorizationCode', grantId);
        await adapter('AuthorizationCode').revokeByGrantId(grantId);
        await expect(adapter('AuthorizationCode').consume(id)).rejects.toBeInstanceOf(errors.InvalidGrant);
      });

      const ONE_USE = ['AuthorizationCode', 'RefreshToken', 'PushedAuthorizationRequest'];
      it.each(ONE_USE)('succeeds once of 50 at the same instant: %s', async (model) => {
        const id = await issue(model, newId());
        const results = await Promise.allSettled(Array.from({ length: 50 }, () => adapter(model).consume(id)));
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('succeeds once, from whichever of several processes', { timeout: 60_000 }, async () => {
        for (const model of ONE_USE) {
          const id = await issue(model, newId());
          const children = Array.from({ length: 3 }, () =>
            startChild(place.address, { kind: 'consume', model, id, times: 20 }),
          );
          await Promise.all(children.map((child) => once(child, 'message')));
          const answers = children.map(
            async (child) => ((await once(child, 'message')) as [{ successes: number; other?: string }])[0],
          );
          for (const child of children) child.send('go');
          const results = await Promise.all(answers);
          expect(results.map(({ other }) => other)).toEqual([undefined, undefined, undefined]);
          expect(results.reduce((sum, { successes }) => sum + successes, 0)).toBe(1);
        }
      });

      it('counts a replay when the same proof is stored twice at once', async () => {
        const id = newId();
        const store50 = Array.from({ length: 50 }, () =>
          adapter('ReplayDetection').upsert(id, { iss: 'shop', exp: inSeconds(60) }, 60),
        );
        expect((await Promise.allSettled(store50)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });
    });

    describe('a grant revoked', () => {
      it('takes every token with it, whichever model was asked', async () => {
        const grantId = newId();
        const models = ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'DeviceCode'];
        const ids = await Promise.all(models.map((model) => issue(model, grantId)));
        const stranger = await issue('AccessToken', newId());
        later(1);
        await adapter('AccessToken').revokeByGrantId(grantId);
        for (const [index, model] of models.entries())
          expect(await adapter(model).find(ids[index] as string)).toBeUndefined();
        expect(await adapter('AccessToken').find(stranger)).toBeDefined();
      });

      it('lets a grant that was kept issue new tokens', async () => {
        const grantId = newId();
        await issue('AccessToken', grantId);
        await adapter('AccessToken').revokeByGrantId(grantId);
        later(1);
        const next = await issue('AccessToken', grantId);
        const refresh = await issue('RefreshToken', grantId);
        expect(await adapter('AccessToken').find(next)).toBeDefined();
        expect(await adapter('RefreshToken').find(refresh)).toBeDefined();
      });

      it('kills what a request under way still issues from a destroyed grant', async () => {
        const id = await grant('a-destroyed', 'shop');
        await adapter('Grant').destroy(id);
        later(1);
        for (const model of ['AccessToken', 'RefreshToken'])
          expect(await adapter(model).find(await issue(model, id))).toBeUndefined();
      });

      it('of one account and client leaves the others', async () => {
        const [shop, portal, neighbour] = [
          await grant('a-grants', 'shop'),
          await grant('a-grants', 'portal'),
          await grant('a-other', 'shop'),
        ];
        const refresh = await issue('RefreshToken', shop);
        const access = await issue('AccessToken', shop);
        expect(await store.revokeGrants('a-grants', 'shop')).toMatchObject([{ clientId: 'shop' }]);
        expect(await adapter('Grant').find(shop)).toBeUndefined();
        expect(await adapter('RefreshToken').find(refresh)).toBeUndefined();
        expect(await adapter('AccessToken').find(access)).toBeUndefined();
        expect(await adapter('Grant').find(portal)).toMatchObject({ accountId: 'a-grants', clientId: 'portal' });
        expect(await store.revokeGrants('a-grants')).toMatchObject([{ clientId: 'portal' }]);
        expect(await store.revokeGrants('a-grants')).toEqual([]);
        expect(await adapter('Grant').find(neighbour)).toBeDefined();
      });
    });

    describe('sessions', () => {
      it('are found by uid, saved and ended by what was found', async () => {
        const { id, uid } = await signIn('a-uid');
        const found = (await adapter('Session').findByUid(uid)) as AdapterPayload;
        expect(found).toMatchObject({ uid, accountId: 'a-uid' });
        await adapter('Session').upsert(found.jti as string, { ...found, acr: 'level1' }, 600);
        expect(await adapter('Session').find(id)).toMatchObject({ acr: 'level1', jti: id });
        await adapter('Session').destroy(found.jti as string);
        expect(await adapter('Session').find(id)).toBeUndefined();
        expect(await adapter('Session').findByUid(uid)).toBeUndefined();
      });

      it('keep their uid when they get another id', async () => {
        const { id, uid, payload } = await signIn('a-renamed');
        await adapter('Session').destroy(id);
        await adapter('Session').upsert(newId(), payload, 600);
        expect(await adapter('Session').findByUid(uid)).toMatchObject({ accountId: 'a-renamed' });
        expect(await store.listSessions('a-renamed')).toHaveLength(1);
      });

      it('are listed by account, with the services signed in to', async () => {
        const authorizations = { shop: { sid: 's1', grantId: 'g1' } } as unknown as NonNullable<
          AdapterPayload['authorizations']
        >;
        const { uid } = await signIn('a-listed', { acr: 'level2', amr: ['pwd', 'otp'], authorizations });
        const other = await signIn('a-listed');
        await signIn('a-else');
        const listed = await store.listSessions('a-listed');
        expect(listed.map((session) => session.uid).toSorted()).toEqual([uid, other.uid].toSorted());
        expect(listed.find((session) => session.uid === uid)).toMatchObject({
          acr: 'level2',
          amr: ['pwd', 'otp'],
          clients: [{ clientId: 'shop', sid: 's1', grantId: 'g1' }],
          loginAt: new Date(inSeconds(0) * 1000),
        });
        later(601);
        expect(await store.listSessions('a-listed')).toEqual([]);
      });

      it('end by uid', async () => {
        const [one, two] = [await signIn('a-one-ended'), await signIn('a-one-ended')];
        expect(await store.destroySession(one.uid)).toMatchObject({ uid: one.uid });
        expect(await store.destroySession(one.uid)).toBeUndefined();
        expect(await adapter('Session').find(one.id)).toBeUndefined();
        expect(await adapter('Session').find(two.id)).toBeDefined();
      });

      it('end by account, and a request under way cannot bring them back', async () => {
        const [one, two] = [await signIn('a-ended'), await signIn('a-ended')];
        expect(await store.destroySessions('a-ended')).toHaveLength(2);
        later(1);
        await adapter('Session').upsert(one.id, one.payload, 600);
        expect(await adapter('Session').find(one.id)).toBeUndefined();
        expect(await adapter('Session').find(two.id)).toBeUndefined();
        expect(await adapter('Session').findByUid(one.uid)).toBeUndefined();
        expect(await store.listSessions('a-ended')).toEqual([]);
      });

      it('end in this process when another one ends them', async () => {
        const { id, payload } = await signIn('a-ended-elsewhere');
        const child = startChild(place.address, { kind: 'end-sessions', accountId: 'a-ended-elsewhere' });
        expect((await once(child, 'message'))[0]).toEqual({ ended: 1 });
        await adapter('Session').upsert(id, payload, 600);
        expect(await adapter('Session').find(id)).toBeUndefined();
      });
    });

    it('finds a device code by its user code', async () => {
      const userCode = newId();
      const id = await issue('DeviceCode', newId(), { userCode });
      const found = (await adapter('DeviceCode').findByUserCode(userCode)) as AdapterPayload;
      expect(found).toMatchObject({ userCode, clientId: 'shop' });
      await adapter('DeviceCode').upsert(found.jti as string, { ...found, accountId: 'a1' }, 600);
      expect(await adapter('DeviceCode').find(id)).toMatchObject({ accountId: 'a1' });
      expect(await adapter('DeviceCode').findByUserCode(newId())).toBeUndefined();
    });

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
