import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertKnownDevice } from '../../src/accounts/known-device-store.ts';
import { holderTyped, type TypedHolder } from '../../src/accounts/typed-holder-store.ts';
import type { CitizenId } from '../../src/domain/citizen-id.ts';
import { newId, newSecret } from '../../src/platform/ids.ts';
import { runShort } from '../../src/platform/prepared-queries.ts';
import { createVault } from '../../src/platform/vault.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson, giveSecrets, type TestPerson } from '../support/people.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

// Without PostgreSQL test/support/services.ts says so loudly.
const STORES = [['SQLite', undefined], ...(postgresUrl() === undefined ? [] : [['PostgreSQL', postgresUrl()]])];

describe.each(STORES as [string, string | undefined][])('Who a typed citizen id stands for, on %s', (_name, server) => {
  let test: TestApp;
  let drop: (() => Promise<void>) | undefined;
  let person: TestPerson;
  const device = { id: newId(), token: newSecret() };

  beforeAll(async () => {
    const database = server === undefined ? undefined : await createTestDatabase(server);
    drop = database?.drop;
    test = await startTestApp(database === undefined ? {} : { env: { DATABASE_URL: database.url } });
    person = await giveActivePerson(test.app);
    await giveSecrets(test.app, person);
    await insertKnownDevice(test.app.db, { ...device, accountId: person.accountId, label: 'Firefox' }, new Date());
  });
  afterAll(async () => {
    await test.close();
    await drop?.();
  });

  const look = (citizenId: string | undefined, deviceTokens: string[] = [], vault = test.app.vault) =>
    runShort<TypedHolder>(test.app.db, () =>
      holderTyped(vault, { citizenId: citizenId as CitizenId | undefined, deviceTokens }),
    );

  it('is told with her password, and with the browser that she has used', async () => {
    const { accountId } = person;
    const password = { id: expect.any(String) as string, secret: expect.stringContaining('$argon2id$') as string };
    expect(await look(person.citizenId)).toEqual({ accountId, password });
    expect(await look(person.citizenId, [newSecret()])).toEqual({ accountId, password });
    const found = { accountId, password, deviceId: device.id };
    expect(await look(person.citizenId, [newSecret(), device.token])).toEqual(found);
  });

  it('is nobody of an unknown id, whatever the browser', async () => {
    expect(await look('999190000001', [device.token])).toEqual({});
    expect(await look(undefined, [device.token])).toEqual({});
  });

  it('is found under an older key of the indexes, and lies under the newest from then on', async () => {
    const [older, newer] = ['i1', 'i2'].map((id) => ({ id, key: randomBytes(32) }));
    if (older === undefined || newer === undefined) throw new Error('two keys');
    const dataKeys = [{ id: 'k1', key: randomBytes(32) }];
    const before = createVault({ dataKeys, indexKeys: [older] });
    const citizen_id_index = before.blindIndex('persons.citizen_id', person.citizenId);
    await test.app.db('persons').where({ id: person.personId }).update({ citizen_id_index });
    const rotating = createVault({ dataKeys, indexKeys: [newer, older] });
    expect(await look(person.citizenId, [], rotating)).toMatchObject({ accountId: person.accountId });
    const rotated = createVault({ dataKeys, indexKeys: [newer] });
    expect(await look(person.citizenId, [], rotated)).toMatchObject({ accountId: person.accountId });
    expect(await look(person.citizenId, [], before)).toEqual({});
  });
});
