import { UNIT_OF_ATTEMPT } from '../accounts/level-grant-store.ts';
import type { ActivationChannel, ActivationStep } from '../domain/activation.ts';
import type { AttemptOutcome, AttemptRefusal, SilentLoss } from '../domain/activation-funnel.ts';
import type { SecurityQuestion } from '../domain/secrets-policy.ts';
import { hasRows, insertRows } from '../platform/bulk-rows.ts';
import { type Db, isPostgres } from '../platform/database.ts';
import { readRow, writeRows } from '../platform/prepared-queries.ts';

/** One activation under way, on the server. The browser holds a random token, of which only the SHA-256 is kept. */
export type Attempt = {
  id: string;
  /** Absent when the typed pair does not exist: the attempt only pretends, and never gets past its code. */
  accountId?: string;
  /** The highest grant that is going to be activated; absent when only credentials are set. */
  grantId?: string;
  step: ActivationStep;
  outcome?: AttemptOutcome;
  pairFingerprint: string;
  phoneTail: string;
  locale: 'vi' | 'en';
  channel: ActivationChannel;
  unitCode?: string;
  helperId?: string;
  assistanceId?: string;
  guardianAccountId?: string;
  guardianReference?: string;
  hasPassword: boolean;
  needsGuardian: boolean;
  phoneProvedAt?: Date;
  passwordHash?: string;
  passcodeHash?: string;
  question1?: SecurityQuestion;
  answer1Hash?: string;
  question2?: SecurityQuestion;
  answer2Hash?: string;
  codesSent: number;
  codeSentAt: Date;
  createdAt: Date;
  expiresAt: Date;
  finishedAt?: Date;
};

type AttemptRow = {
  id: string;
  token_hash: string;
  account_id: string | null;
  grant_id: string | null;
  step: ActivationStep;
  outcome: AttemptOutcome | null;
  pair_fingerprint: string;
  phone_tail: string;
  locale: 'vi' | 'en';
  channel: ActivationChannel;
  unit_code: string | null;
  helper_id: string | null;
  assistance_id: string | null;
  guardian_account_id: string | null;
  guardian_reference: string | null;
  has_password: number;
  needs_guardian: number;
  phone_proved_at: number | null;
  password_hash: string | null;
  passcode_hash: string | null;
  question_1: SecurityQuestion | null;
  answer_1_hash: string | null;
  question_2: SecurityQuestion | null;
  answer_2_hash: string | null;
  codes_sent: number;
  code_sent_at: number;
  created_at: number;
  expires_at: number;
  finished_at: number | null;
};

export type NewAttempt = Pick<
  Attempt,
  'id' | 'accountId' | 'pairFingerprint' | 'phoneTail' | 'locale' | 'channel' | 'createdAt' | 'expiresAt'
> & { tokenHash: string };

const INSERT = `insert into activation_attempts
  (id, token_hash, account_id, step, pair_fingerprint, phone_tail, locale, channel, codes_sent, code_sent_at, created_at, expires_at)
  values (?, ?, ?, 'code', ?, ?, ?, ?, 1, ?, ?, ?)`;

/** A fresh attempt waits for its first code, which is sent with it. */
export async function insertAttempt(tx: Db, attempt: NewAttempt): Promise<void> {
  const { id, tokenHash, accountId = null, pairFingerprint, phoneTail, locale, channel } = attempt;
  const createdAt = attempt.createdAt.getTime();
  const values = [id, tokenHash, accountId, pairFingerprint, phoneTail, locale, channel];
  await writeRows(tx, INSERT, [...values, createdAt, createdAt, attempt.expiresAt.getTime()]);
}

/** An attempt of the past, as it was left: synthetic data alone has such. */
export type PastAttempt = Pick<
  Attempt,
  'id' | 'accountId' | 'grantId' | 'step' | 'outcome' | 'channel' | 'createdAt' | 'expiresAt' | 'finishedAt'
> & { readonly refusal?: AttemptRefusal };

/** No browser holds their tokens, and nobody typed what they would be counted by. */
export async function insertPastAttempts(tx: Db, attempts: readonly PastAttempt[]): Promise<void> {
  await insertRows(
    tx,
    'activation_attempts',
    attempts.map((one) => ({
      id: one.id,
      token_hash: one.id,
      account_id: one.accountId ?? null,
      grant_id: one.grantId ?? null,
      step: one.step,
      outcome: one.outcome ?? null,
      silence: one.refusal ?? null,
      pair_fingerprint: '',
      phone_tail: '000',
      locale: 'vi',
      channel: one.channel,
      codes_sent: 1,
      code_sent_at: one.createdAt.getTime(),
      created_at: one.createdAt.getTime(),
      expires_at: one.expiresAt.getTime(),
      finished_at: one.finishedAt?.getTime() ?? null,
    })),
  );
}

/** Whether anybody ever began one. */
export async function hasAttempts(db: Db): Promise<boolean> {
  return (await hasRows(db, 'activation_attempts')) || (await hasRows(db, 'activation_funnel'));
}

/** Undefined when there is none or its time is over. A finished one is found until then: its last page can be loaded again. */
export async function findAttemptByToken(db: Db, tokenHash: string, now: Date): Promise<Attempt | undefined> {
  const sql = 'select * from activation_attempts where token_hash = ? and expires_at > ?';
  const row = await readRow<AttemptRow>(db, sql, [tokenHash, now.getTime()]);
  return row && attemptOf(row);
}

export async function findAttempt(db: Db, id: string): Promise<Attempt | undefined> {
  const row = await readRow<AttemptRow>(db, 'select * from activation_attempts where id = ?', [id]);
  return row && attemptOf(row);
}

/** A request that was put before this guardian. A finished one is found until its time is over, so that the page can say how it ended. */
export async function findAttemptForGuardian(
  db: Db,
  request: { reference: string; guardianAccountId: string },
  now: Date,
): Promise<Attempt | undefined> {
  const row = (await db('activation_attempts')
    .where({ guardian_reference: request.reference, guardian_account_id: request.guardianAccountId })
    .andWhere('expires_at', '>', now.getTime())
    .first()) as AttemptRow | undefined;
  return row && attemptOf(row);
}

/** Requests that wait for this guardian, oldest first. */
export async function listAttemptsForGuardian(db: Db, guardianAccountId: string, now: Date): Promise<Attempt[]> {
  const rows = (await db('activation_attempts')
    .where({ guardian_account_id: guardianAccountId, step: 'guardian' })
    .whereNull('finished_at')
    .andWhere('expires_at', '>', now.getTime())
    .orderBy('created_at')) as AttemptRow[];
  return rows.map(attemptOf);
}

export type AttemptChange = Partial<
  Pick<
    Attempt,
    | 'step'
    | 'grantId'
    | 'channel'
    | 'unitCode'
    | 'helperId'
    | 'assistanceId'
    | 'guardianAccountId'
    | 'guardianReference'
    | 'hasPassword'
    | 'needsGuardian'
    | 'phoneProvedAt'
    | 'passwordHash'
    | 'passcodeHash'
    | 'question1'
    | 'answer1Hash'
    | 'question2'
    | 'answer2Hash'
    | 'expiresAt'
  >
>;

const COLUMNS = {
  step: 'step',
  grantId: 'grant_id',
  channel: 'channel',
  unitCode: 'unit_code',
  helperId: 'helper_id',
  assistanceId: 'assistance_id',
  guardianAccountId: 'guardian_account_id',
  guardianReference: 'guardian_reference',
  hasPassword: 'has_password',
  needsGuardian: 'needs_guardian',
  phoneProvedAt: 'phone_proved_at',
  passwordHash: 'password_hash',
  passcodeHash: 'passcode_hash',
  question1: 'question_1',
  answer1Hash: 'answer_1_hash',
  question2: 'question_2',
  answer2Hash: 'answer_2_hash',
  expiresAt: 'expires_at',
} as const satisfies Record<keyof AttemptChange, keyof AttemptRow>;

/** A guarded move: writes only while the attempt stands at `step`, unfinished. @returns false if another tab or device moved it first. */
export async function changeAttempt(
  tx: Db,
  at: { id: string; step: ActivationStep },
  change: AttemptChange,
): Promise<boolean> {
  const keys = Object.keys(change) as (keyof AttemptChange)[];
  const sql = `update activation_attempts set ${keys.map((key) => `${COLUMNS[key]} = ?`).join(', ')}
    where id = ? and step = ? and finished_at is null`;
  return (await writeRows(tx, sql, [...Object.values(change).map(columnValue), at.id, at.step])) === 1;
}

/** Counts another code, unless one was sent meanwhile. @returns false then. */
export async function changeCodesSent(tx: Db, attempt: Pick<Attempt, 'id' | 'codesSent'>, now: Date): Promise<boolean> {
  const changed = await tx('activation_attempts')
    .where({ id: attempt.id, step: 'code', codes_sent: attempt.codesSent })
    .whereNull('finished_at')
    .update({ codes_sent: attempt.codesSent + 1, code_sent_at: now.getTime(), silence: null });
  return changed === 1;
}

/** What was refused last: if nothing follows, it is why the attempt is lost. */
export async function noteRefusal(db: Db, id: string, refusal: AttemptRefusal): Promise<void> {
  await db('activation_attempts').where({ id }).whereNull('finished_at').update({ silence: refusal });
}

/** Ends an attempt; the secrets it carried are wiped, for the account has them now or never will. @returns false when it was over. */
export async function finishAttempt(tx: Db, id: string, outcome: AttemptOutcome, now: Date): Promise<boolean> {
  const sql = `update activation_attempts set password_hash = null, passcode_hash = null, answer_1_hash = null, answer_2_hash = null,
    outcome = ?, finished_at = ? where id = ? and finished_at is null`;
  return (await writeRows(tx, sql, [outcome, now.getTime(), id])) === 1;
}

const NO_SECRETS = { password_hash: null, passcode_hash: null, answer_1_hash: null, answer_2_hash: null };

export type UncountedRow = Pick<
  AttemptRow,
  'id' | 'account_id' | 'step' | 'outcome' | 'channel' | 'has_password' | 'needs_guardian' | 'created_at'
> & { silence: AttemptRefusal | null; unit: string };

/** Attempts that are over, or whose time was over at `silentSince`, and are not counted, oldest first. On PostgreSQL held until the transaction ends; those that another
 *  holds are passed over. */
export async function listUncounted(tx: Db, silentSince: Date, limit: number): Promise<UncountedRow[]> {
  const query = tx('activation_attempts')
    .select('id', 'account_id', 'step', 'outcome', 'silence', 'channel', 'has_password', 'needs_guardian', 'created_at')
    .select({ unit: tx.raw(UNIT_OF_ATTEMPT) })
    .whereNull('counted_unit')
    .andWhere((over) => void over.whereNotNull('finished_at').orWhere('expires_at', '<=', silentSince.getTime()))
    .orderBy('id')
    .limit(limit);
  return (await (isPostgres(tx) ? query.forUpdate('activation_attempts').skipLocked() : query)) as UncountedRow[];
}

/** They are counted, under this unit. */
export async function markCounted(tx: Db, ids: readonly string[], unitCode: string): Promise<void> {
  await tx('activation_attempts').whereIn('id', ids).update({ counted_unit: unitCode });
}

/** Over for good: a form that arrives now finds them finished. */
export async function finishSilent(tx: Db, ids: readonly string[], reason: SilentLoss, now: Date): Promise<void> {
  const columns = { ...NO_SECRETS, silence: reason, finished_at: now.getTime() };
  await tx('activation_attempts').whereIn('id', ids).update(columns);
}

/** Sweeps attempts long past their time that are counted (funnel-store.ts), a bounded batch a call. @returns how many. */
export async function deleteExpiredAttempts(db: Db, before: Date, limit: number): Promise<number> {
  const rows = (await db('activation_attempts')
    .select('id')
    .where('expires_at', '<', before.getTime())
    .whereNotNull('counted_unit')
    .limit(limit)) as { id: string }[];
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.id);
  return db('activation_attempts').whereIn('id', ids).delete();
}

function columnValue(value: string | boolean | Date): string | number {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'boolean' ? Number(value) : value;
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    step: row.step,
    pairFingerprint: row.pair_fingerprint,
    phoneTail: row.phone_tail,
    locale: row.locale,
    channel: row.channel,
    hasPassword: row.has_password === 1,
    needsGuardian: row.needs_guardian === 1,
    codesSent: row.codes_sent,
    codeSentAt: new Date(row.code_sent_at),
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    ...present({
      accountId: row.account_id,
      grantId: row.grant_id,
      outcome: row.outcome,
      unitCode: row.unit_code,
      helperId: row.helper_id,
      assistanceId: row.assistance_id,
      guardianAccountId: row.guardian_account_id,
      guardianReference: row.guardian_reference,
      passwordHash: row.password_hash,
      passcodeHash: row.passcode_hash,
      question1: row.question_1,
      answer1Hash: row.answer_1_hash,
      question2: row.question_2,
      answer2Hash: row.answer_2_hash,
      phoneProvedAt: row.phone_proved_at === null ? null : new Date(row.phone_proved_at),
      finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
    }),
  };
}

/** The entries that are not null: a column without a value becomes an absent property. */
function present<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
