/** What keeping the counters costs an activation: the same activation with and without them, taken in turn in one run, on SQLite and, where TEST_DATABASE_URL names a
 *  server, on PostgreSQL. Run: node bench/activation-counters.ts [activations] */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldCounters } from '../src/accounts/activation-event-store.ts';
import { completeActivation } from '../src/accounts/complete-activation.ts';
import { findPerson, openCitizenId, openPhoneNumber } from '../src/accounts/person-store.ts';
import { foldResidentCounters } from '../src/accounts/resident-counter-store.ts';
import type { ActivationDeps } from '../src/activation/activation-deps.ts';
import { answerQuestions } from '../src/activation/answer-questions.ts';
import { hashToken } from '../src/activation/attempt-session.ts';
import { type Attempt, findAttemptByToken } from '../src/activation/attempt-store.ts';
import { choosePasscode } from '../src/activation/choose-passcode.ts';
import { choosePassword } from '../src/activation/choose-password.ts';
import { provePhone } from '../src/activation/prove-phone.ts';
import { startAttempt } from '../src/activation/start-attempt.ts';
import { ageAt } from '../src/domain/birth-date.ts';
import { addDays, startOfVietNamDay, vietNamDay } from '../src/domain/viet-nam-time.ts';
import { type Db, inTransaction, migrate, openDatabase } from '../src/platform/database.ts';
import { createLog } from '../src/platform/log.ts';
import { createOutbox } from '../src/platform/outbox.ts';
import { createSecretHasher } from '../src/platform/secret-hashing.ts';
import { createVault } from '../src/platform/vault.ts';
import { generatePeople } from '../src/register/generate-people.ts';
import { importRecords } from '../src/register/import-people.ts';
import { median } from './result.ts';
import { withoutCounters } from './without-counters.ts';

type Way = (person: Waiting) => Promise<void>;
type Waiting = { accountId: string; grantId: string; personId: string };
/** Processor time: of the thread that runs our code, and of the process with its threads that hash. Microseconds. */
type Cost = { thread: number; process: number };

const { answerQuestions: answerUncounted } = await withoutCounters<{ answerQuestions: typeof answerQuestions }>(
  '../src/activation/answer-questions.ts',
);
const { completeActivation: completeUncounted } = await withoutCounters<{
  completeActivation: typeof completeActivation;
}>('../src/accounts/complete-activation.ts');

const NOW = startOfVietNamDay('2025-06-20');
const ring = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
const vault = createVault({ dataKeys: ring, indexKeys: ring });
const log = createLog('silent');
const hasher = createSecretHasher({ params: { memoryKib: 19_456, timeCost: 2, parallelism: 1 }, pepper: 'a pepper' });
/** A hash that was made before. */
const encoded = await hasher.hash('Sen-Vang-63#');
const activations = Number(process.argv[2] ?? 300);
/** Of so many generated people one is grown up, has a phone and waits. */
const PEOPLE_PER_ACTIVATION = 7;
const FOLDED_AT_ONCE = 100;

const HASHER_UNUSED = createSecretHasher({ params: { memoryKib: 8, timeCost: 1, parallelism: 1 }, pepper: '' });
const ANSWERS = { question1: 'first_school', answer1: 'Chu Van An', question2: 'first_pet', answer2: 'Vang' };
const CONFIG: ActivationDeps['config'] = {
  issuer: 'http://localhost:3000',
  isSecure: false,
  isSandbox: true,
  signInTries: 5,
  signInWindowSeconds: 900,
  codeLifetimeSeconds: 300,
  codeTries: 5,
  codesPerPhonePerDay: 5,
  attemptLifetimeSeconds: 1_800,
  attemptsPerAccountPerHour: 5,
  attemptsPerAddressPerHour: 5,
};

await measureOnSqlite();
const { TEST_DATABASE_URL: serverUrl } = process.env;
if (serverUrl !== undefined) await measureOnPostgres(serverUrl);

async function measureOnSqlite(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-bench-'));
  const db = openDatabase({ kind: 'sqlite', file: join(folder, 'bench.db') });
  try {
    await measure('SQLite', db);
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOnPostgres(url: string): Promise<void> {
  const server = openDatabase({ kind: 'postgres', url });
  const name = `dinhdanh_bench_${process.pid}`;
  await server.raw(`create database ${name}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  const db = openDatabase({ kind: 'postgres', url: address.href });
  try {
    await measure('PostgreSQL', db);
  } finally {
    await db.destroy();
    await server.raw(`drop database ${name} with (force)`);
    await server.destroy();
  }
}

async function measure(store: string, db: Db): Promise<void> {
  await migrate(db);
  const people = generatePeople({ count: activations * 3 * PEOPLE_PER_ACTIVATION, seed: 1, now: NOW });
  await importRecords({ db, vault, clock: () => NOW, config: { isSandbox: true } }, people);
  const waiting = await listWaiting(db);
  const part = (at: number): Waiting[] => waiting.slice(at * activations, (at + 1) * activations);
  const hash = { hash: () => Promise.resolve(encoded) };
  console.log(
    `\n${store}, ${part(0).length}, ${part(1).length} and ${part(2).length} activations, half of them uncounted`,
  );
  console.table({
    'whole activation, from the typed numbers to the last answer': await compared(db, part(0), [
      walk(db, hasher, answerQuestions),
      walk(db, hasher, answerUncounted),
    ]),
    'the same without hashing': await compared(db, part(1), [
      walk(db, hash, answerQuestions),
      walk(db, hash, answerUncounted),
    ]),
    'its last transaction alone (completeActivation)': await compared(db, part(2), [
      complete(db, completeActivation),
      complete(db, completeUncounted),
    ]),
  });
}

/** Everybody who waits and activates alone was notified three days before. */
async function listWaiting(db: Db): Promise<Waiting[]> {
  const notifiedAt = new Date(NOW.getTime() - 3 * 86_400_000);
  const due = startOfVietNamDay(addDays(vietNamDay(notifiedAt), 8)).getTime() - 1;
  await db('level_grants')
    .whereNull('first_activated_at')
    .update({ status: 'pending_activation', notified_at: notifiedAt.getTime(), first_due_at: due, due_at: due });
  const rows = (await db('level_grants')
    .join('accounts', 'accounts.id', 'account_id')
    .join('persons', 'persons.id', 'person_id')
    .whereNull('level_grants.first_activated_at')
    .where({ account_level: 2, 'accounts.status': 'provisional' })
    .whereNotNull('phone_sealed')
    .whereNull('deceased_at')
    .orderBy('account_id')
    .select('account_id', 'person_id', 'birth_on', { grant_id: 'level_grants.id' })) as {
    account_id: string;
    person_id: string;
    birth_on: string;
    grant_id: string;
  }[];
  return rows
    .filter(({ birth_on }) => ageAt(birth_on, NOW) >= 18)
    .map((row) => ({ accountId: row.account_id, personId: row.person_id, grantId: row.grant_id }));
}

/** All that a citizen does, by the actions behind the pages. */
function walk(db: Db, hasher: Pick<ActivationDeps['hasher'], 'hash'>, answer: typeof answerQuestions): Way {
  const outbox = createOutbox({ db, vault, clock: () => NOW, log });
  let message = '';
  const deps: ActivationDeps = {
    db,
    vault,
    log,
    clock: () => NOW,
    fingerprintKey: Buffer.alloc(32, 2),
    hasher: { ...HASHER_UNUSED, ...hasher },
    outbox: {
      enqueue: (tx, one) => {
        message = String(one.payload['body']);
        return outbox.enqueue(tx, one);
      },
      nudge: () => undefined,
    },
    config: CONFIG,
  };
  return async ({ personId }) => {
    const person = await findPerson(db, personId);
    const phone = person && openPhoneNumber(vault, person);
    if (person === undefined || phone === undefined) throw new Error('nobody');
    const started = await startAttempt(deps, {
      citizenId: openCitizenId(vault, person),
      phone,
      channel: 'self',
      locale: 'vi',
      address: personId,
    });
    if (started.kind !== 'started') throw new Error(started.kind);
    const attempt = async (): Promise<Attempt> => {
      const found = await findAttemptByToken(db, hashToken(started.token), NOW);
      if (found === undefined) throw new Error('no attempt');
      return found;
    };
    await expectKind('proved', provePhone(deps, await attempt(), /\b\d{6}\b/.exec(message)?.[0] ?? ''));
    await expectKind('chosen', choosePassword(deps, await attempt(), 'SenVang63#'));
    await expectKind('chosen', choosePasscode(deps, await attempt(), '740268'));
    await expectKind('finished', answer(deps, await attempt(), ANSWERS));
  };
}

async function expectKind(kind: string, outcome: Promise<{ kind: string }>): Promise<void> {
  const got = await outcome;
  if (got.kind !== kind || ('outcome' in got && got.outcome !== 'activated')) throw new Error(JSON.stringify(got));
}

function complete(db: Db, action: typeof completeActivation): Way {
  return async ({ accountId, grantId }) => {
    const actor = { kind: 'citizen', id: accountId } as const;
    const fact = { accountId, grantId, at: NOW, channel: 'self', actor } as const;
    const outcome = await inTransaction(db, (tx) => action(tx, fact));
    if (outcome !== 'activated') throw new Error(outcome);
  };
}

/** In pairs, whichever comes first in turn, so that what else the machine does hits both alike. What was appended is folded in between, and its cost told apart. */
async function compared(db: Db, people: readonly Waiting[], [counted, uncounted]: readonly [Way, Way]) {
  const costs: { counted: Cost[]; uncounted: Cost[] } = { counted: [], uncounted: [] };
  const folding: Cost[] = [];
  for (let at = 0; at + 1 < people.length; at += 2) {
    const [first, second] = people.slice(at, at + 2) as [Waiting, Waiting];
    const both = [
      async () => costs.counted.push(await costOf(() => counted(first))),
      async () => costs.uncounted.push(await costOf(() => uncounted(second))),
    ];
    for (const one of (at / 2) % 2 === 0 ? both : both.toReversed()) await one();
    if (costs.counted.length % FOLDED_AT_ONCE === 0)
      folding.push(
        await costOf(async () => {
          while ((await foldCounters(db)) + (await foldResidentCounters(db)) > 0);
        }),
      );
  }
  return {
    ...shareOf('thread', costs),
    ...shareOf('process', costs),
    'folding, µs each': Math.round(median(folding.map((one) => one.process)) / FOLDED_AT_ONCE),
  };
}

function shareOf(of: keyof Cost, { counted, uncounted }: { counted: Cost[]; uncounted: Cost[] }) {
  const whole = usual(counted.map((cost) => cost[of]));
  const bare = usual(uncounted.map((cost) => cost[of]));
  return {
    [`${of}: counted, µs`]: Math.round(whole),
    [`${of}: not, µs`]: Math.round(bare),
    [`${of}: counters, %`]: Math.round((1 - bare / whole) * 1_000) / 10,
  };
}

/** The mean without the slowest 2%, which waited for a checkpoint or the collector. */
function usual(values: number[]): number {
  const kept = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length * 0.98));
  return kept.reduce((sum, one) => sum + one, 0) / kept.length;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  // Linux brings a thread's time up to date when the process's is asked for, else only at the next tick.
  const processBefore = process.cpuUsage();
  const threadBefore = process.threadCpuUsage();
  await work();
  const whole = process.cpuUsage(processBefore);
  const thread = process.threadCpuUsage(threadBefore);
  return { thread: thread.user + thread.system, process: whole.user + whole.system };
}
