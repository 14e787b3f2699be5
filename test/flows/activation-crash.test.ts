import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { changeAttempt, insertAttempt } from '../../src/activation/attempt-store.ts';
import { pairFingerprint } from '../../src/activation/limits.ts';
import { assembleRegister, type Register } from '../../src/assemble-register.ts';
import { newId, newSecret } from '../../src/platform/ids.ts';
import { testConfig } from '../support/app.ts';
import { givePendingPerson, type TestPerson } from '../support/people.ts';

const NOW = new Date('2026-03-02T03:00:00Z');
const ENV = { NODE_ENV: 'test', LOG_LEVEL: 'silent', ARGON2_MEMORY_KIB: '8', ARGON2_TIME_COST: '1' };
const ROUNDS = 4;
const PEOPLE = 40;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-crash-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('a kill -9 at any moment leaves each activation whole or not begun', { timeout: 120_000 }, async () => {
  let wasCutShort = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const people = await withRegister(async (register) => {
      const made: { person: TestPerson; attemptId: string }[] = [];
      for (let count = 0; count < PEOPLE; count += 1) made.push(await giveAttemptAtQuestions(register));
      return made;
    });
    await completeUntilKilled(people.map((one) => one.attemptId));
    await withRegister(async (register) => {
      const wholes = await Promise.all(people.map((one) => traceOf(register, one)));
      for (const trace of wholes) expect([NOTHING, EVERYTHING]).toContainEqual(trace);
      expect(await checkCounters(register.db, { repair: false })).toEqual([]);
      if (wholes.some((trace) => trace.grant === 'pending_activation')) wasCutShort += 1;
    });
  }
  // The process was really killed in the middle of its work, not after it.
  expect(wasCutShort).toBeGreaterThan(0);
});

const NOTHING = {
  grant: 'pending_activation',
  account: 'provisional',
  rows: [0, 0, 0, 0],
  step: 'questions',
  outcome: null,
};
const EVERYTHING = { grant: 'activated', account: 'active', rows: [4, 1, 1, 3], step: 'done', outcome: 'activated' };

/** What one activation wrote: credentials, the activation's row, its audit entry, its events (activated, person_activated, on_time). */
async function traceOf({ db }: Register, { person, attemptId }: { person: TestPerson; attemptId: string }) {
  const { accountId } = person;
  const count = async (table: string, where: Record<string, unknown>): Promise<number> =>
    ((await db(table).where({ account_id: accountId, ...where })) as unknown[]).length;
  const [grant] = (await db('level_grants').where({ account_id: accountId })) as { status: string }[];
  const [account] = (await db('accounts').where({ id: accountId })) as { status: string }[];
  const [attempt] = (await db('activation_attempts').where({ id: attemptId })) as {
    step: string;
    outcome: string | null;
  }[];
  const events = (await db('activation_events')
    .where({ account_id: accountId })
    .whereIn('kind', ['activated', 'person_activated', 'on_time'])) as unknown[];
  return {
    grant: grant?.status,
    account: account?.status,
    rows: [
      await count('credentials', {}),
      await count('activations', {}),
      await count('audit_entries', { action: 'grant.activated' }),
      events.length,
    ],
    step: attempt?.step,
    outcome: attempt?.outcome,
  };
}

async function completeUntilKilled(attemptIds: string[]): Promise<void> {
  const script = new URL('../support/complete-attempts.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, folder, NOW.toISOString(), ...attemptIds], {
    env: { ...process.env, ...ENV },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // After some completions, and then at a moment that nobody chose.
  const enough = randomInt(1, PEOPLE / 2);
  let seen = 0;
  child.stdout.on('data', (text: Buffer) => {
    seen += String(text).split('\n').length - 1;
    if (seen >= enough) setTimeout(() => child.kill('SIGKILL'), randomInt(0, 12));
  });
  await new Promise((resolve) => {
    child.once('exit', resolve);
  });
  expect(seen).toBeGreaterThanOrEqual(enough);
}

async function withRegister<T>(work: (register: Register) => Promise<T>): Promise<T> {
  const register = await assembleRegister(testConfig(folder), { clock: () => NOW });
  try {
    return await work(register);
  } finally {
    await register.close();
  }
}

async function giveAttemptAtQuestions(register: Register): Promise<{ person: TestPerson; attemptId: string }> {
  const person = await givePendingPerson(register);
  const attemptId = newId();
  await insertAttempt(register.db, {
    id: attemptId,
    accountId: person.accountId,
    tokenHash: newSecret(),
    pairFingerprint: pairFingerprint(register.fingerprintKey, person.citizenId, person.phone),
    phoneTail: person.phone.slice(-3),
    locale: 'vi',
    channel: 'self',
    createdAt: NOW,
    expiresAt: new Date(NOW.getTime() + 1_800_000),
  });
  const secrets = { passwordHash: 'made by the step before', passcodeHash: 'made by the step before' };
  await changeAttempt(register.db, { id: attemptId, step: 'code' }, { step: 'questions', ...secrets });
  return { person, attemptId };
}
