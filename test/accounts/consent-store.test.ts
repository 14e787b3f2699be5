import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertConsent, listConsents, listStandingConsents } from '../../src/accounts/consent-store.ts';
import { withdrawConsent } from '../../src/accounts/withdraw-consent.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let test: TestApp;

beforeEach(async () => {
  test = await startTestApp();
});
afterEach(() => test.close());

const accountId = newId();

async function agree(scopes: string[], claims: string[] = []): Promise<void> {
  await insertConsent(test.app.db, {
    id: newId(),
    accountId,
    clientId: 'so-suc-khoe',
    scopes,
    claims,
    refusedScopes: ['email'],
    refusedClaims: ['email', 'address'],
    purpose: 'Khám bệnh',
    textVersion: '2026-01',
    locale: 'vi',
    givenAt: test.app.clock(),
  });
}

function withdraw(): Promise<boolean> {
  return inTransaction(test.app.db, (tx) =>
    withdrawConsent(tx, {
      accountId,
      clientId: 'so-suc-khoe',
      actor: { kind: 'citizen', id: accountId },
      now: test.app.clock(),
    }),
  );
}

describe('a consent', () => {
  it('is kept as it was given, refusals included, a scope apart from a claim of the same name', async () => {
    await agree(['openid', 'profile'], ['phone_number']);
    expect(await listConsents(test.app.db, accountId)).toMatchObject([
      {
        scopes: ['openid', 'profile'],
        claims: ['phone_number'],
        refusedScopes: ['email'],
        refusedClaims: ['email', 'address'],
        withdrawnAt: undefined,
      },
    ]);
  });

  it('that is withdrawn stands no more but stays as proof, and is withdrawn once', async () => {
    await agree(['openid']);
    await agree(['phone']);
    expect(await withdraw()).toBe(true);
    expect(await withdraw()).toBe(false);
    expect(await listStandingConsents(test.app.db, accountId, 'so-suc-khoe')).toEqual([]);
    const receipts = await listConsents(test.app.db, accountId);
    expect(receipts.map(({ withdrawnAt }) => withdrawnAt)).toEqual([test.app.clock(), test.app.clock()]);
    const [entry] = await listAuditOfAccount(test.app.db, accountId);
    expect(entry).toMatchObject({ action: 'consent.withdrawn', detail: { client: 'so-suc-khoe', receipts: 2 } });
  });

  it('given after a withdrawal is a new receipt', async () => {
    await agree(['openid']);
    await withdraw();
    await agree(['openid']);
    expect(await listStandingConsents(test.app.db, accountId, 'so-suc-khoe')).toHaveLength(1);
    expect(await listConsents(test.app.db, accountId)).toHaveLength(2);
  });
});
