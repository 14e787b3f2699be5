import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldCounters } from '../../src/accounts/activation-event-store.ts';
import { type Db, migrate, openDatabase } from '../../src/platform/database.ts';
import { createVault, type Vault } from '../../src/platform/vault.ts';
import { type ImportOptions, type ImportOutcome, importPeople } from '../../src/register/import-people.ts';
import { PERSON_COLUMN_NAMES, type PersonColumn } from '../../src/register/person-record.ts';
import { openFlowRegister } from '../support/flow-store.ts';

async function openRegister(url: string | undefined, file: string): Promise<{ db: Db; close: () => Promise<void> }> {
  if (url === undefined) return openFlowRegister(file);
  const db = openDatabase({ kind: 'postgres', url });
  await migrate(db);
  return { db, close: () => db.destroy() };
}

export type TestRegister = {
  db: Db;
  vault: Vault;
  folder: string;
  setNow(text: string): void;
  /** Writes `lines` under the header and imports the file. */
  importLines(lines: readonly string[], options?: Partial<ImportOptions>): Promise<ImportOutcome>;
  importText(text: string | Buffer, options?: Partial<ImportOptions>): Promise<ImportOutcome>;
  file: string;
  close(): Promise<void>;
};

export const HEADER = PERSON_COLUMN_NAMES.join(',');

export async function openTestRegister(
  options: { isSandbox?: boolean; url?: string; vault?: Vault } = {},
): Promise<TestRegister> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-import-'));
  const file = join(folder, 'people.csv');
  const ring = [{ id: 'k1', key: randomBytes(32) }];
  const vault = options.vault ?? createVault({ dataKeys: ring, indexKeys: ring });
  const { db, close } = await openRegister(options.url, join(folder, 'register.db'));
  let now = new Date('2025-10-01T00:00:00+07:00');
  const deps = { db, vault, clock: () => now, config: { isSandbox: options.isSandbox ?? true } };
  const importText = async (text: string | Buffer, more: Partial<ImportOptions> = {}): Promise<ImportOutcome> => {
    writeFileSync(file, text);
    const outcome = await importPeople(deps, { file, ...more });
    // As the timer does: a small batch appends what it counts.
    while ((await foldCounters(db)) > 0);
    return outcome;
  };
  return {
    db,
    vault,
    folder,
    file,
    setNow(text) {
      now = new Date(text);
    },
    importText,
    importLines: (lines, more) => importText([HEADER, ...lines, ''].join('\n'), more),
    async close() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const USUAL: Partial<Record<PersonColumn, string>> = {
  citizen_id: '999090000001',
  full_name: 'Nguyễn Văn An',
  birth_date: '1990-05-17',
  sex: 'male',
  phone: '0912000001',
  unit_code: '001',
  account_level: '2',
  card_status: 'valid',
  card_issued_on: '2022-03-01',
  card_expires_on: '2030-05-17',
  granted_at: '2025-03-01T09:00:00+07:00',
};

/** A row that is fine, but for what `values` changes; an empty text takes a value away. */
export function row(values: Partial<Record<PersonColumn, string>> = {}): string {
  return PERSON_COLUMN_NAMES.map((column) => ({ ...USUAL, ...values })[column] ?? '').join(',');
}

/** What the register holds, without ids, sealed values and the times of recording: two registers with the same content compare as equal. */
export async function contentOf(db: Db): Promise<Record<string, unknown[]>> {
  const persons = await db('persons')
    .leftJoin('persons as guardians', 'guardians.id', 'persons.guardian_person_id')
    .select(
      'persons.citizen_id_index',
      'persons.phone_index',
      'persons.full_name',
      'persons.kind',
      'persons.birth_on',
      'persons.card_status',
      'persons.card_issued_on',
      'persons.card_expires_on',
      'persons.residence_unit_code',
      'guardians.citizen_id_index as guardian',
    )
    .orderBy('persons.citizen_id_index');
  const holder = 'persons.citizen_id_index as holder';
  const accounts = await db('accounts')
    .join('persons', 'persons.id', 'accounts.person_id')
    .select(holder, 'status', 'first_activated_at', 'first_login_at')
    .orderBy('holder');
  const grants = await db('level_grants')
    .join('accounts', 'accounts.id', 'level_grants.account_id')
    .join('persons', 'persons.id', 'accounts.person_id')
    .select(holder, 'account_level', 'level_grants.status', 'unit_code', 'applied_at', 'granted_at', 'notified_at')
    .select('first_due_at', 'due_at', 'level_grants.first_activated_at', 'activated_at', 'channel')
    .select('level_grants.first_login_at')
    .orderBy(['holder', 'account_level']);
  const activations = await db('activations')
    .join('accounts', 'accounts.id', 'activations.account_id')
    .join('persons', 'persons.id', 'accounts.person_id')
    .select(holder, 'activated_at', 'channel', 'unit_code')
    .orderBy(['holder', 'activated_at', 'channel']);
  await foldCounters(db);
  const counters = await db('activation_counters')
    .whereNot({ total: 0 })
    .orderBy(['day', 'unit_code', 'account_level', 'channel', 'measure']);
  return { persons, accounts, grants, activations, counters };
}
