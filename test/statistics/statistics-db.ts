import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActivationEvent, recordActivationEvents } from '../../src/accounts/activation-event-store.ts';
import type { ActivationChannel } from '../../src/domain/activation.ts';
import { vietNamDay } from '../../src/domain/viet-nam-time.ts';
import { insertRows } from '../../src/platform/bulk-rows.ts';
import { type Db, inTransaction, migrate, openDatabase } from '../../src/platform/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { createOutbox } from '../../src/platform/outbox.ts';
import { createVault } from '../../src/platform/vault.ts';
import { openFlowRegister } from '../support/flow-store.ts';
import type { PeopleApp } from '../support/people.ts';
import { createTestDatabase } from '../support/services.ts';

export type StatisticsDb = { db: Db; close: () => Promise<void> };

/** A migrated database of the test's own: SQLite in a temporary folder, or on the PostgreSQL server named. */
export async function openStatisticsDb(serverUrl?: string): Promise<StatisticsDb> {
  if (serverUrl !== undefined) {
    const database = await createTestDatabase(serverUrl);
    const db = openDatabase({ kind: 'postgres', url: database.url });
    await migrate(db);
    return {
      db,
      close: async () => {
        await db.destroy();
        await database.drop();
      },
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-statistics-'));
  const { db, close } = await openFlowRegister(join(folder, 'test.db'));
  return {
    db,
    close: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** So many grants of one unit and level, of which some were activated, on time or late, and used. */
export type Cohort = {
  unitCode?: string;
  level?: 1 | 2;
  notified: number;
  activated: number;
  onTime?: number;
  signedIn?: number;
  notifiedAt: Date;
  /** When those who activated did; a minute after the notice unless told. */
  activatedAt?: Date;
  /** `self` unless told. */
  channel?: ActivationChannel;
  birthOn?: string;
  /** Every other one unless told. */
  gender?: 'female' | 'male';
};

const WEEK_MS = 7 * 86_400_000;

/** The account of one of them. */
export function accountOf({ unitCode = '', level = 2, notifiedAt }: Cohort, index: number): string {
  return `${unitCode}-${level}-${notifiedAt.getTime().toString(36)}-${index}`;
}

/** Events as the moves of an account write them, and bare persons with accounts for those who activated: for figures that need many. They are grown up and
 *  live in the unit. */
export async function recordCohort(db: Db, cohort: Cohort): Promise<void> {
  const { level = 2, channel = 'self', notified, activated, onTime = activated, signedIn = 0, notifiedAt } = cohort;
  const activatedAt = cohort.activatedAt ?? new Date(notifiedAt.getTime() + 60_000);
  const dueAt = new Date(notifiedAt.getTime() + WEEK_MS);
  const accountIdOf = (index: number): string => accountOf(cohort, index);
  const at = { created_at: notifiedAt.getTime(), updated_at: notifiedAt.getTime() };
  const ids = Array.from({ length: activated }, (_, index) => accountIdOf(index));
  const persons = ids.map((id, index) => ({
    id,
    kind: 'citizen',
    citizen_id_sealed: '',
    citizen_id_index: id,
    full_name: '',
    birth_on: cohort.birthOn ?? '1990-01-01',
    gender: cohort.gender ?? (index % 2 === 0 ? 'female' : 'male'),
    nationality: 'VNM',
    residence_unit_code: cohort.unitCode ?? null,
    card_status: 'none',
    ...at,
  }));
  const accounts = ids.map((id) => ({ id, person_id: id, public_subject: id, status: 'active', ...at }));
  const events = Array.from({ length: notified }, (_, index): ActivationEvent[] => {
    const base = {
      accountId: accountIdOf(index),
      accountLevel: level,
      recordedAt: activatedAt,
      ...(cohort.unitCode === undefined ? {} : { unitCode: cohort.unitCode }),
    };
    return [
      { ...base, kind: 'notified', occurredAt: notifiedAt },
      { ...base, kind: 'due', occurredAt: dueAt },
      ...(index < activated
        ? [
            {
              ...base,
              kind: 'activated' as const,
              channel,
              occurredAt: activatedAt,
              notifiedOn: vietNamDay(notifiedAt),
            },
            { ...base, kind: 'person_activated' as const, channel, occurredAt: activatedAt },
          ]
        : []),
      ...(index < onTime ? [{ ...base, kind: 'on_time' as const, occurredAt: dueAt }] : []),
      ...(index < signedIn ? [{ ...base, kind: 'person_first_login' as const, occurredAt: activatedAt }] : []),
    ];
  });
  await inTransaction(db, async (tx) => {
    await insertRows(tx, 'persons', persons);
    await insertRows(tx, 'accounts', accounts);
    await recordActivationEvents(tx, events.flat());
  });
}

/** What the builders of people need, on this database, at a time the test sets. `clear` forgets everybody. */
export function peopleApp(db: Db): {
  app: PeopleApp;
  setNow: (now: Date) => void;
  now: () => Date;
  clear: () => Promise<void>;
} {
  let at = new Date('2026-03-02T03:00:00Z');
  const now = (): Date => at;
  const ring = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
  const vault = createVault({ dataKeys: ring, indexKeys: ring });
  const outbox = createOutbox({ db, vault, clock: now, log: createLog('silent') });
  return {
    app: { db, vault, outbox, clock: now, hasher: { hash: (secret) => Promise.resolve(secret) } },
    setNow: (to) => {
      at = to;
    },
    now,
    clear: async () => {
      for (const table of TABLES) await db(table).delete();
    },
  };
}

export const TABLES = [
  'activation_events',
  'activation_counters',
  'activation_counter_versions',
  'activation_month_counters',
  'activation_whole_counters',
  'activation_counter_deltas',
  'resident_counters',
  'resident_counter_deltas',
  'resident_facts',
  'activation_wait_counters',
  'activations',
  'lock_grounds',
  'level_grants',
  'accounts',
  'persons',
];
