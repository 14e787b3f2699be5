import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeActivation } from '../../src/accounts/complete-activation.ts';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import type { LockGround } from '../../src/domain/lock.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { accountOf, giveActivePerson, giveGrant, giveLock, givePerson, type TestPerson } from '../support/people.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/services.ts';

const serverUrl = postgresUrl();
let database: TestDatabase;
let test: TestApp;

// SQLite has one writer: there the two are one after the other by nature.
describe.skipIf(serverUrl === undefined)('a lock at the same moment, on PostgreSQL', () => {
  beforeAll(async () => {
    database = await createTestDatabase(serverUrl ?? '');
    test = await startTestApp({ env: { DATABASE_URL: database.url } });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  /** Runs `first` and, before it commits, begins `second`; both then end. */
  async function overlap(first: (tx: Db) => Promise<unknown>, second: (tx: Db) => Promise<unknown>): Promise<void> {
    let begun: Promise<unknown> = Promise.resolve();
    await inTransaction(test.app.db, async (tx) => {
      await first(tx);
      begun = inTransaction(test.app.db, second);
      // Long enough for the second to come as far as it can.
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await begun;
  }

  const change = (person: TestPerson, ground: LockGround) => ({
    accountId: person.accountId,
    ground,
    reason: 'test',
    actor: { kind: 'operator' as const, id: 'test' },
    now: test.app.clock(),
  });
  const lock = (person: TestPerson, ground: LockGround) => (tx: Db) =>
    lockAccount(tx, test.app, { ...change(person, ground), requestedBy: 'test' });

  it('as the activation holds: the account is locked', async () => {
    const person = await givePerson(test.app);
    const grantId = await giveGrant(test.app, person);
    const activate = (tx: Db) =>
      completeActivation(tx, {
        accountId: person.accountId,
        grantId,
        at: test.app.clock(),
        channel: 'self',
        actor: { kind: 'citizen', id: person.accountId },
      });
    await overlap(activate, lock(person, 'death'));
    expect((await accountOf(test.app, person)).status).toBe('locked');
  });

  it('as the last other ground is closed: the account stays locked', async () => {
    const person = await giveActivePerson(test.app);
    await giveLock(test.app, person, 'holder_request');
    const unlock = (tx: Db) => unlockAccount(tx, test.app, change(person, 'holder_request'));
    await overlap(unlock, lock(person, 'death'));
    expect((await accountOf(test.app, person)).status).toBe('locked');
  });
});
