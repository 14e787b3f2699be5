import { once } from 'node:events';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MadeToken, ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';
import { startChild } from './support/start-child.ts';
import { type OpenStore, openStore, type StoreUnderTest, storeKinds } from './support/stores.ts';

let count = 0;
const newId = (): string => {
  count += 1;
  return `together-${process.pid}-${count}`;
};
const soon = (): number => Math.floor(Date.now() / 1000) + 600;
const ABOUT = { name: 'test', sql: (accountId: string) => `(select to_json(${accountId} || '!'))` };

/** As one that keeps its tables on many machines, and does not know a function that is asked for: whatever is asked of several tables at once is refused. */
async function refusingStore(): Promise<StoreUnderTest> {
  const database = await createTestDatabase(postgresUrl() as string);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('create schema odd');
  await client.query("create function odd.sha256(bytea) returns integer language sql as 'select 1'");
  await client.end();
  const url = new URL(database.url);
  url.searchParams.set('options', '-c search_path=odd,pg_catalog,public');
  const address = { kind: 'postgres', url: url.href.replaceAll('+', '%20') } as const;
  return { address, discard: () => database.drop() };
}

const kinds = [
  ...storeKinds,
  {
    name: 'a PostgreSQL that refuses statements about several tables',
    make: postgresUrl() === undefined ? undefined : refusingStore,
  },
];

for (const { name, make } of kinds)
  describe.skipIf(make === undefined)(`what one request asks of ${name}`, { timeout: 60_000 }, () => {
    let place: StoreUnderTest;
    let open: OpenStore;
    let store: ProtocolStore;
    const adapter = (model: string): Adapter => store.adapterFor(model);

    beforeAll(async () => {
      place = await (make as () => Promise<StoreUnderTest>)();
      open = await openStore(place.address, { clock: () => new Date() });
      store = open.store;
    });
    afterAll(async () => {
      await open.close();
      await place.discard();
    });

    type Told = { accountId: string; grantId: string; sessionId: string; uid: string; token: AdapterPayload };

    /** Somebody who is signed in at a shop, and a token of hers in the making. */
    const signIn = async ({ isBound = true }: { isBound?: boolean } = {}): Promise<Told> => {
      const [accountId, grantId, sessionId, uid] = [newId(), newId(), newId(), newId()];
      const exp = soon();
      const grant = { accountId, clientId: 'shop', openid: { scope: 'openid' }, exp };
      const authorizations = { shop: { grantId, sid: 's' } };
      await adapter('Grant').upsert(grantId, grant, 600);
      await adapter('Session').upsert(sessionId, { uid, accountId, loginTs: 1, authorizations, exp }, 600);
      const bound = isBound ? { sessionUid: uid, expiresWithSession: true } : {};
      const handle = store.sessionHandle?.(sessionId);
      const token = { accountId, clientId: 'shop', grantId, exp, ...bound, ...(handle && { sessionHandle: handle }) };
      return { accountId, grantId, sessionId, uid, token };
    };
    const issue = async (model: string, token: AdapterPayload): Promise<string> => {
      const id = newId();
      await adapter(model).upsert(id, { ...token, jti: id }, 600);
      return id;
    };
    const made = (model: MadeToken['model'], token: AdapterPayload): MadeToken => ({
      model,
      id: newId(),
      payload: token,
      expiresIn: 600,
    });

    it.each(['AccessToken', 'AuthorizationCode', 'RefreshToken'] as const)(
      'is of a %s what each adapter finds',
      async (model) => {
        const { grantId, uid, token } = await signIn();
        const id = await issue(model, token);
        const found = await store.findToken(model, id);
        expect(found).toMatchObject({
          token: await adapter(model).find(id),
          grant: await adapter('Grant').find(grantId),
          session: await adapter('Session').findByUid(uid),
        });
        expect(found.session).toMatchObject({ uid });
      },
    );

    it('is no session of a token that does not end with one, and nothing of one that is not there', async () => {
      const { token } = await signIn({ isBound: false });
      const found = await store.findToken('AccessToken', await issue('AccessToken', token));
      expect([found.token?.grantId, found.grant?.accountId, found.session]).toEqual([
        token.grantId,
        token.accountId,
        undefined,
      ]);
      expect(await store.findToken('AccessToken', newId())).toMatchObject({ token: undefined, grant: undefined });
    });

    it('is of a session the grant that it knows for the client, and of nobody else', async () => {
      const { grantId, sessionId } = await signIn();
      expect(await store.findSession(sessionId, 'shop')).toMatchObject({
        session: await adapter('Session').find(sessionId),
        grant: await adapter('Grant').find(grantId),
      });
      const elsewhere = await store.findSession(sessionId, "another'shop");
      expect([elsewhere.session === undefined, elsewhere.grant]).toEqual([false, undefined]);
      expect(await store.findSession(newId(), 'shop')).toMatchObject({ session: undefined, grant: undefined });
      expect((await store.findSession(`~${'0'.repeat(24)}`, 'shop')).session).toBeUndefined();
    });

    it('is of an account what was asked about it, or that it cannot be told', async () => {
      const { accountId, grantId, sessionId, token } = await signIn();
      const about = [`${accountId}!`, undefined];
      expect(about).toContain((await store.findGrant(grantId, accountId, ABOUT)).about);
      expect(about).toContain((await store.findSession(sessionId, 'shop', ABOUT)).about);
      expect(about).toContain((await store.findToken('AccessToken', await issue('AccessToken', token), ABOUT)).about);
      expect((await store.findGrant(grantId, accountId, ABOUT)).grant).toMatchObject({ accountId });
    });

    it('is of an account the grant that it gave a client, where its id can be asked for, and none of another', async () => {
      const { accountId, grantId } = await signIn();
      // In the place of the register: whose grant it is stands in the name of the client.
      const idSql = (_: string, clientId: string): string => `(select nullif(${clientId}, 'none'))`;
      const ofShop = await store.findClientGrant({ accountId, clientId: grantId }, idSql, ABOUT);
      const grants = [{ jti: grantId, accountId, clientId: 'shop' }, undefined];
      expect(grants).toContainEqual(
        ofShop?.grant && { jti: ofShop.grant.jti, accountId: ofShop.grant.accountId, clientId: ofShop.grant.clientId },
      );
      expect([`${accountId}!`, undefined]).toContain(ofShop?.about);
      for (const clientId of ['none', newId()])
        expect((await store.findClientGrant({ accountId, clientId }, idSql, ABOUT))?.grant).toBeUndefined();
    });

    it('is saved together as each by itself: new, and over what is there', async () => {
      const { accountId, sessionId, uid, token } = await signIn();
      const [codeId, interactionId] = [newId(), newId()];
      const exp = soon();
      await adapter('Interaction').upsert(interactionId, { uid: interactionId, params: {}, exp }, 600);
      await store.saveAll([
        { model: 'AuthorizationCode', id: codeId, payload: { ...token, jti: codeId }, expiresIn: 600 },
        { model: 'Session', id: sessionId, payload: { uid, accountId, loginTs: 2, exp }, expiresIn: 600 },
        { model: 'Interaction', id: interactionId, payload: { params: { state: 'x' }, exp: exp - 60 }, expiresIn: 540 },
      ]);
      expect(await adapter('AuthorizationCode').find(codeId)).toMatchObject({ accountId, grantId: token.grantId });
      expect(await adapter('Session').find(sessionId)).toMatchObject({ loginTs: 2 });
      expect(await adapter('Session').findByUid(uid)).toMatchObject({ accountId });
      expect((await store.listSessions(accountId)).map((one) => one.uid)).toEqual([uid]);
      expect(await adapter('Interaction').find(interactionId)).toMatchObject({ params: { state: 'x' }, exp: exp - 60 });
      await store.saveAll([
        { model: 'Session', id: sessionId, payload: { uid, accountId, loginTs: 3, exp }, expiresIn: 600 },
      ]);
      expect(await adapter('Session').find(sessionId)).toMatchObject({ loginTs: 3 });
    });

    it('has no token any more once its grant has ended or is revoked', async () => {
      const [destroyed, revoked, kept] = [await signIn(), await signIn(), await signIn()];
      const ids = await Promise.all([destroyed, revoked, kept].map(({ token }) => issue('AccessToken', token)));
      await adapter('Grant').destroy(destroyed.grantId);
      await store.revokeGrants(revoked.accountId);
      const found = await Promise.all(ids.map((id) => store.findToken('AccessToken', id)));
      expect(found.map(({ token }) => token !== undefined)).toEqual([false, false, true]);
    });

    it('has no session any more once it has ended, here or in another process, and the next once it has another id', async () => {
      const [here, there, renamed] = [await signIn(), await signIn(), await signIn()];
      const ids = await Promise.all([here, there, renamed].map(({ token }) => issue('AccessToken', token)));
      await store.destroySession(here.uid);
      const child = startChild(place.address, { kind: 'end-sessions', accountId: there.accountId });
      expect((await once(child, 'message'))[0]).toEqual({ ended: 1 });
      const session = (await adapter('Session').find(renamed.sessionId)) as AdapterPayload;
      await adapter('Session').destroy(renamed.sessionId);
      await adapter('Session').upsert(newId(), session, 600);
      const found = await Promise.all(ids.map((id) => store.findToken('AccessToken', id)));
      expect(found.map((one) => one.session?.uid)).toEqual([undefined, undefined, renamed.uid]);
      expect((await store.findSession(there.sessionId, 'shop')).session).toBeUndefined();
    });

    it('is redeemed once by whoever is first, with what was made of it', async () => {
      const { token } = await signIn();
      const id = await issue('AuthorizationCode', token);
      const tries = Array.from({ length: 10 }, () => [made('AccessToken', token), made('RefreshToken', token)]);
      const results = await Promise.allSettled(tries.map((tokens) => store.redeem('AuthorizationCode', id, tokens)));
      const won = results.findIndex(({ status }) => status === 'fulfilled');
      const lost = results.filter((result) => result.status === 'rejected');
      expect(lost).toHaveLength(9);
      expect(lost.every(({ reason }) => reason instanceof errors.InvalidGrant)).toBe(true);
      const [access, refresh] = tries[won] as [MadeToken, MadeToken];
      expect((await store.findToken('AccessToken', access.id)).token).toMatchObject({ grantId: token.grantId });
      expect((await store.findToken('RefreshToken', refresh.id)).token).toMatchObject({ clientId: 'shop' });
      expect(typeof (await adapter('AuthorizationCode').find(id))?.consumed).toBe('number');
    });

    it('is not redeemed once its grant has ended, nor when it is not there', async () => {
      const { accountId, token } = await signIn();
      const id = await issue('RefreshToken', token);
      await store.revokeGrants(accountId);
      for (const used of [id, newId()]) {
        const next = made('RefreshToken', token);
        await expect(store.redeem('RefreshToken', used, [next])).rejects.toBeInstanceOf(errors.InvalidGrant);
        expect((await store.findToken('RefreshToken', next.id)).token).toBeUndefined();
      }
    });

    // One transaction for both: nowhere else.
    it.each(name === 'PostgreSQL' ? [name] : [])('is not used up where %s cannot save what is made of it', async () => {
      const { token } = await signIn();
      const [id, taken] = [await issue('AuthorizationCode', token), await issue('AccessToken', token)];
      const tokens = [made('RefreshToken', token), { ...made('AccessToken', token), id: taken }] as const;
      await expect(store.redeem('AuthorizationCode', id, tokens)).rejects.toThrow('duplicate key');
      expect((await adapter('AuthorizationCode').find(id))?.consumed).toBeUndefined();
      expect((await store.findToken('RefreshToken', tokens[0].id)).token).toBeUndefined();
    });
  });
