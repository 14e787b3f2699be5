import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudits, listAuditOfAccount, sealAudit, verifyAudit } from '../../src/audit/audit-store.ts';
import type { AuditEntry } from '../../src/domain/audit-event.ts';
import type { Db } from '../../src/platform/database.ts';
import { openFlowRegister } from '../support/flow-store.ts';

describe('the audit trail', () => {
  let db: Db;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ db, close } = await openFlowRegister());
  });
  afterEach(() => close());
  const entries = (count: number): AuditEntry[] =>
    Array.from({ length: count }, (_, index) => ({
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, index)),
      actor: { kind: 'officer', id: 'o-1', unitCode: '00004' },
      action: 'account.locked',
      accountId: 'a-1',
      reason: `reason ${index}`,
      detail: { ground: 'death' },
    }));

  it('shows what was done to an account, newest first', async () => {
    await appendAudits(db, entries(3));
    expect((await listAuditOfAccount(db, 'a-1')).map((one) => one.reason)).toEqual([
      'reason 2',
      'reason 1',
      'reason 0',
    ]);
  });

  it('is chained in batches, and the chain holds', async () => {
    await appendAudits(db, entries(7));
    expect(await sealAudit(db)).toBe(7);
    await appendAudits(db, entries(2));
    expect([await sealAudit(db), await sealAudit(db)]).toEqual([2, 0]);
    expect(await verifyAudit(db)).toEqual({ checked: 9 });
  });

  it.each([
    ['altered', (tx: Db) => tx('audit_entries').where({ sequence: 4 }).update({ reason: 'another' })],
    ['taken out', (tx: Db) => tx('audit_entries').where({ sequence: 4 }).delete()],
    ['moved in time', (tx: Db) => tx('audit_entries').where({ sequence: 4 }).update({ occurred_at: 1 })],
  ])('shows where an entry was %s', async (_, tamper) => {
    await appendAudits(db, entries(6));
    await sealAudit(db);
    await tamper(db);
    expect(await verifyAudit(db)).toEqual({ checked: 3, brokenAt: 4 });
  });
});
