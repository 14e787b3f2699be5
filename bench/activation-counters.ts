/** What keeping the counters costs an activation: processor time of `completeActivation` (grant, activation, account, audit, events, counters, in one
 *  transaction, without hashing a password) and of its events and counters alone. Embedded SQLite. Run: node bench/activation-counters.ts [people] */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActivationEvent, recordActivationEvents } from '../src/accounts/activation-event-store.ts';
import { completeActivation } from '../src/accounts/complete-activation.ts';
import { addDays, startOfVietNamDay, vietNamDay } from '../src/domain/viet-nam-time.ts';
import { inTransaction, migrate, openDatabase } from '../src/platform/database.ts';
import { newId } from '../src/platform/ids.ts';
import { createVault } from '../src/platform/vault.ts';
import { generatePeople } from '../src/register/generate-people.ts';
import { importRecords } from '../src/register/import-people.ts';

const people = Number(process.argv[2] ?? 4_000);
const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-bench-'));
const db = openDatabase({ kind: 'sqlite', file: join(folder, 'bench.db') });
const actor = { kind: 'system' } as const;
try {
  await migrate(db);
  const ring = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
  const now = startOfVietNamDay('2025-06-20');
  const deps = { db, vault: createVault({ dataKeys: ring, indexKeys: ring }), clock: () => now };
  await importRecords({ ...deps, config: { isSandbox: true } }, generatePeople({ count: people, seed: 1, now }));
  // Everybody who waits was notified in the week before, and activates within it.
  const notifiedAt = new Date(now.getTime() - 3 * 86_400_000);
  const due = startOfVietNamDay(addDays(vietNamDay(notifiedAt), 8)).getTime() - 1;
  const waiting = (await db('level_grants').whereNull('first_activated_at')) as {
    id: string;
    account_id: string;
    unit_code: string;
  }[];
  await db('level_grants')
    .whereNull('first_activated_at')
    .update({ status: 'pending_activation', notified_at: notifiedAt.getTime(), first_due_at: due, due_at: due });
  const whole = await cpuMicroseconds(async () => {
    for (const grant of waiting) {
      const fact = { accountId: grant.account_id, grantId: grant.id, at: now, channel: 'self', actor } as const;
      const outcome = await inTransaction(db, (tx) => completeActivation(tx, fact));
      if (outcome !== 'activated') throw new Error(outcome);
    }
  });
  const empty = await cpuMicroseconds(async () => {
    for (const _ of waiting) await inTransaction(db, () => Promise.resolve());
  });
  const counting = await cpuMicroseconds(async () => {
    for (const grant of waiting) await inTransaction(db, (tx) => recordActivationEvents(tx, eventsOf(grant.unit_code)));
  });
  const each = (microseconds: number): number => Math.round(microseconds / waiting.length);
  console.log(`${waiting.length} activations: ${each(whole)} µs of processor time each`);
  console.log(
    `of that, events and counters: ${each(counting - empty)} µs (${Math.round(((counting - empty) / whole) * 100)}%)`,
  );

  function eventsOf(unitCode: string): ActivationEvent[] {
    const base = {
      accountId: newId(),
      grantId: newId(),
      accountLevel: 2,
      unitCode,
      occurredAt: now,
      recordedAt: now,
    } as const;
    return [
      { ...base, kind: 'activated', channel: 'self', notifiedOn: vietNamDay(notifiedAt) },
      { ...base, kind: 'person_activated', channel: 'self' },
      { ...base, kind: 'on_time', occurredAt: new Date(due) },
    ];
  }
} finally {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
}

async function cpuMicroseconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
