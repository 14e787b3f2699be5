import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findPersonByCitizenId,
  insertPerson,
  openCitizenId,
  openPhoneNumber,
} from '../../src/accounts/person-store.ts';
import type { CitizenId } from '../../src/domain/citizen-id.ts';
import type { PhoneNumber } from '../../src/domain/phone-number.ts';
import { keyUse, resealValues } from '../../src/key-rotation/reseal-values.ts';
import { SEALED_COLUMNS } from '../../src/key-rotation/sealed-columns.ts';
import { listStaleRows, replaceSealed } from '../../src/key-rotation/sealed-value-store.ts';
import { type Db, migrate, openDatabase } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { createVault } from '../../src/platform/vault.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

const NOW = new Date('2026-11-22T03:00:00Z');
const key = (id: string): { id: string; key: Buffer } => ({ id, key: randomBytes(32) });
const [k1, k2, i1, i2] = [key('k1'), key('k2'), key('i1'), key('i2')];
const old = createVault({ dataKeys: [k1], indexKeys: [i1] });
const rotating = createVault({ dataKeys: [k2, k1], indexKeys: [i2, i1] });
const rotated = createVault({ dataKeys: [k2], indexKeys: [i2] });
const PEOPLE = 130;
const actor = { kind: 'operator' } as const;

const citizenIdOf = (at: number): CitizenId => `999190${String(at).padStart(6, '0')}` as CitizenId;
const phoneOf = (at: number): PhoneNumber => `+849${String(at).padStart(8, '0')}` as PhoneNumber;

const stores = [
  {
    name: 'SQLite',
    isPresent: true,
    open: () => {
      const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
      return Promise.resolve({ db, drop: () => Promise.resolve() });
    },
  },
  {
    name: 'PostgreSQL',
    isPresent: postgresUrl() !== undefined,
    open: async () => {
      const { url, drop } = await createTestDatabase(postgresUrl() ?? '');
      return { db: openDatabase({ kind: 'postgres', url }), drop };
    },
  },
];

// Without PostgreSQL test/support/services.ts says so loudly.
describe.each(stores.filter(({ isPresent }) => isPresent))('keys reseal on $name', ({ open }) => {
  let db: Db;
  let drop: () => Promise<void>;
  const deps = () => ({ db, vault: rotating, clock: () => NOW });

  beforeAll(async () => {
    ({ db, drop } = await open());
    await migrate(db);
    for (let at = 0; at < PEOPLE; at += 1) await insertPerson(db, old, personOf(at), NOW);
  });
  afterAll(async () => {
    await db.destroy();
    await drop();
  });

  it('finds a person under either key meanwhile, and indexes her anew', async () => {
    expect((await findPersonByCitizenId(db, rotating, citizenIdOf(7)))?.id).toBe(idOf(7));
    expect((await findPersonByCitizenId(db, rotated, citizenIdOf(7)))?.id).toBe(idOf(7));
    expect((await findPersonByCitizenId(db, rotating, citizenIdOf(7)))?.id).toBe(idOf(7));
  });

  it('stops between two batches, keeps what it did, and goes on when run again', async () => {
    const controller = new AbortController();
    const stopped = await resealValues(deps(), {
      actor,
      batchRows: 50,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(stopped.isComplete).toBe(false);
    expect(stopped.columns[0]).toMatchObject({ column: 'persons.citizen_id_sealed', resealed: 50 });
    const use = (await keyUse(db)).find(({ column }) => column === 'persons.citizen_id_sealed');
    expect(use?.keys).toEqual([
      { keyId: 'k1', values: PEOPLE - 50 },
      { keyId: 'k2', values: 50 },
    ]);

    const finished = await resealValues(deps(), { actor, batchRows: 50 });
    expect(finished.isComplete).toBe(true);
    expect(finished.columns[0]).toMatchObject({ resealed: PEOPLE - 50, unreadable: 0 });
    expect(finished.columns[1]).toMatchObject({ column: 'persons.phone_sealed', resealed: 65 });
  });

  it('leaves nothing for the old keys to do', async () => {
    // Its payload has served: there is nothing in it that could lie under a key.
    const delivered = { id: newId(), kind: 'sms', payload_sealed: '', status: 'sent', next_try_at: 0, created_at: 0 };
    await db('outbox').insert(delivered);
    for (const { keys } of await keyUse(db)) for (const { keyId } of keys) expect(['k2', 'i2']).toContain(keyId);
    const person = await findPersonByCitizenId(db, rotated, citizenIdOf(8));
    expect(person?.id).toBe(idOf(8));
    if (person === undefined) throw new Error('not found');
    expect(openCitizenId(rotated, person)).toBe(citizenIdOf(8));
    expect(openPhoneNumber(rotated, person)).toBe(phoneOf(8));
    const { columns } = await resealValues(deps(), { actor });
    expect(columns.map(({ resealed, unreadable }) => resealed + unreadable)).toEqual([0, 0, 0, 0]);
  });

  it('does not undo what somebody changed since the batch was read', async () => {
    const [id, phone] = [idOf(9), { table: 'persons', column: 'phone', id: idOf(9) }];
    await db('persons')
      .where({ id })
      .update({ phone_sealed: old.seal('+84911111111', phone), phone_index: 'i1.x' });
    const column = SEALED_COLUMNS.find((one) => one.column === 'phone_sealed');
    if (column === undefined) throw new Error('no such column');
    const [stale] = await listStaleRows(db, column, rotating.newestKeys, { after: '', limit: 1 });
    if (stale === undefined) throw new Error('nothing stale');
    const changed = { phone_sealed: rotating.seal('+84922222222', phone), phone_index: 'i2.y' };
    await db('persons').where({ id }).update(changed);
    expect(await replaceSealed(db, column, stale, { sealed: 'k2.late', index: 'i2.late' })).toBe(false);
    expect(await db('persons').where({ id }).first('phone_sealed', 'phone_index')).toEqual(changed);
  });

  it('leaves a value that does not open, and says so', async () => {
    const id = idOf(10);
    await db('persons').where({ id }).update({ citizen_id_sealed: 'k0.AAAA' });
    const done = await resealValues(deps(), { actor });
    expect(done.columns[0]).toMatchObject({ resealed: 0, unreadable: 1 });
    expect(await db('persons').where({ id }).first('citizen_id_sealed')).toEqual({ citizen_id_sealed: 'k0.AAAA' });
  });

  it('knows every sealed column of the schema', async () => {
    const endsByItself = ['totp_enrolments.secret_sealed', 'sandbox_messages.body_sealed'];
    const found: string[] = [];
    for (const table of await tablesOf(db))
      for (const column of Object.keys(await db(table).columnInfo()))
        if (column.endsWith('_sealed')) found.push(`${table}.${column}`);
    const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).filter((name) =>
      name.endsWith('_sealed'),
    );
    expect(found.toSorted()).toEqual([...known, ...endsByItself].toSorted());
  });
});

function idOf(at: number): string {
  return `person-${String(at).padStart(4, '0')}`;
}

function personOf(at: number) {
  const phone = at % 2 === 0 ? { phone: phoneOf(at) } : {};
  return {
    id: idOf(at),
    kind: 'citizen' as const,
    citizenId: citizenIdOf(at),
    ...phone,
    fullName: 'NGUYEN VAN THU',
    birthOn: '1990-01-01',
    gender: 'male' as const,
    nationality: 'VNM',
    cardStatus: 'valid' as const,
  };
}

async function tablesOf(db: Db): Promise<string[]> {
  const isPostgres = (db.client as { config: { client: string } }).config.client === 'pg';
  const rows = (await db.raw(
    isPostgres
      ? "select tablename as name from pg_tables where schemaname = 'public'"
      : "select name from sqlite_master where type = 'table'",
  )) as { rows?: { name: string }[] } & { name: string }[];
  return (rows.rows ?? rows).map(({ name }) => name);
}
