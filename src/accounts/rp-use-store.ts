import { setImmediate } from 'node:timers/promises';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { insertRows, listRowsIn } from '../platform/bulk-rows.ts';
import { type Db, inTransaction, isPostgres, seeOneMoment } from '../platform/database.ts';
import { newScatteredId } from '../platform/ids.ts';
import { holdAlone } from '../platform/named-locks.ts';
import { writeRows } from '../platform/prepared-queries.ts';

/** A citizen came back to a relying party signed in: an authorization code was issued, on pages or through a session that was there. */
export type RpUse = { readonly clientId: string; readonly accountId: string; readonly usedAt: Date };

/** Appends one use, in one statement of its own: neither counter nor subject is touched here, so no sign-in waits for another's row (`foldRpUses`). */
export async function recordRpUse(db: Db, { clientId, accountId, usedAt }: RpUse): Promise<void> {
  const sql = 'insert into rp_uses (id, client_id, account_id, used_on) values (?, ?, ?, ?)';
  await writeRows(db, sql, [newScatteredId(), clientId, accountId, vietNamDay(usedAt)]);
}

/** Folds what waits, at most 10,000 uses. On SQLite, which folds on the thread that answers, a millisecond or two at a time. */
export async function foldWaitingRpUses(db: Db): Promise<void> {
  const atOnce = isPostgres(db) ? 5_000 : 200;
  for (let folded = 0; folded < 10_000 && (await foldRpUses(db, atOnce)) === atOnce; folded += atOnce)
    await setImmediate();
}

type UseRow = { client_id: string; account_id: string; used_on: CalendarDate };
type SubjectRow = { client_id: string; account_id: string; first_used_on: CalendarDate };
type CounterRow = { client_id: string; day: CalendarDate; sign_ins: number; new_subjects: number };

/** Adds what was appended to the subjects and the counters, a bounded batch a call, and takes it away from where it was appended. One fold at a time, whatever
 *  the number of processes. @returns how many uses; fewer than `limit` when nothing is left. */
export async function foldRpUses(db: Db, limit = 5_000): Promise<number> {
  // Most times there is nothing to fold: asked without a lock on anything.
  if ((await db('rp_uses').first('id')) === undefined) return 0;
  return inTransaction(db, async (tx) => {
    await holdAlone(tx, 'rp_use_fold');
    const uses = await takeUses(tx, limit);
    const { days, firsts, counters } = tally(uses);
    const known = await listKnownSubjects(tx, [...firsts.values()]);
    for (const [subject, { client_id, first_used_on: day }] of firsts) {
      const before = known.get(subject);
      if (before !== undefined && day >= before) {
        firsts.delete(subject);
        continue;
      }
      countIn(counters, client_id, day, { subjects: 1 });
      // At midnight an earlier day may be appended after a later one.
      if (before !== undefined) countIn(counters, client_id, before, { subjects: -1 });
    }
    await insertRows(tx, 'rp_subject_days', [...days.values()], {
      columns: ['client_id', 'account_id', 'used_on'],
      update: { sign_ins: 'rp_subject_days.sign_ins + excluded.sign_ins' },
    });
    await insertRows(tx, 'rp_subjects', [...firsts.values()], {
      columns: ['client_id', 'account_id'],
      update: ['first_used_on'],
    });
    await insertRows(tx, 'rp_day_counters', [...counters.values()], {
      columns: ['client_id', 'day'],
      update: {
        sign_ins: 'rp_day_counters.sign_ins + excluded.sign_ins',
        new_subjects: 'rp_day_counters.new_subjects + excluded.new_subjects',
      },
    });
    return uses.length;
  });
}

type Tally = {
  readonly days: ReadonlyMap<string, UseRow & { sign_ins: number }>;
  readonly firsts: Map<string, SubjectRow>;
  readonly counters: Map<string, CounterRow>;
};

function tally(uses: readonly UseRow[]): Tally {
  const days = new Map<string, UseRow & { sign_ins: number }>();
  const firsts = new Map<string, SubjectRow>();
  const counters = new Map<string, CounterRow>();
  for (const use of uses) {
    const { client_id, account_id, used_on } = use;
    const subject = subjectKey(use);
    const day = days.get(`${subject} ${used_on}`) ?? { client_id, account_id, used_on, sign_ins: 0 };
    day.sign_ins += 1;
    days.set(`${subject} ${used_on}`, day);
    const first = firsts.get(subject)?.first_used_on ?? used_on;
    firsts.set(subject, { client_id, account_id, first_used_on: first < used_on ? first : used_on });
    countIn(counters, client_id, used_on, { signIns: 1 });
  }
  return { days, firsts, counters };
}

function countIn(
  counters: Map<string, CounterRow>,
  clientId: string,
  day: CalendarDate,
  add: { signIns?: number; subjects?: number },
): void {
  const key = `${day} ${clientId}`;
  const row = counters.get(key) ?? { client_id: clientId, day, sign_ins: 0, new_subjects: 0 };
  row.sign_ins += add.signIns ?? 0;
  row.new_subjects += add.subjects ?? 0;
  counters.set(key, row);
}

/** Some of the uses that wait, of the oldest days, which are gone then. */
async function takeUses(tx: Db, limit: number): Promise<readonly UseRow[]> {
  const uses = (await tx('rp_uses').orderBy('used_on').limit(limit)) as (UseRow & { id: string })[];
  for (let at = 0; at < uses.length; at += IDS_AT_ONCE) {
    const ids = uses.slice(at, at + IDS_AT_ONCE).map(({ id }) => id);
    await tx('rp_uses').whereIn('id', ids).delete();
  }
  return uses;
}

const IDS_AT_ONCE = 1_000;

async function listKnownSubjects(tx: Db, subjects: readonly SubjectRow[]): Promise<ReadonlyMap<string, CalendarDate>> {
  const accounts = [...new Set(subjects.map((one) => one.account_id))];
  const rows = await listRowsIn<SubjectRow>(tx, { table: 'rp_subjects', column: 'account_id' }, accounts);
  return new Map(rows.map((row) => [subjectKey(row), row.first_used_on]));
}

function subjectKey({ client_id, account_id }: Pick<SubjectRow, 'client_id' | 'account_id'>): string {
  return `${account_id} ${client_id}`;
}

export type RpMonth = {
  readonly clientId: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Usage counts (lượt). */
  readonly signIns: number;
  /** Persons who used it for the first time ever. */
  readonly newSubjects: number;
};

/** What each month up to a day brought each relying party, folded or not: one statement, so one state. */
export async function listRpMonths(db: Db, day: CalendarDate): Promise<RpMonth[]> {
  const counted = db('rp_day_counters').select('client_id', 'day', 'sign_ins', 'new_subjects').where('day', '<=', day);
  const waiting = db('rp_uses')
    .select('client_id', { day: 'used_on' }, db.raw('1 as sign_ins'), db.raw('0 as new_subjects'))
    .where('used_on', '<=', day);
  // Who waits comes new on the first of his days that wait, and not on a later one that is counted already.
  const earlier = db('rp_uses as u')
    .leftJoin(
      'rp_subjects as s',
      (on) => void on.on('s.client_id', 'u.client_id').andOn('s.account_id', 'u.account_id'),
    )
    .where('u.used_on', '<=', day)
    .andWhere((or) => void or.whereNull('s.account_id').orWhere('u.used_on', '<', db.ref('s.first_used_on')))
    .groupBy('u.client_id', 'u.account_id', 's.first_used_on');
  const none = db.raw('0 as sign_ins');
  const firsts = earlier
    .clone()
    .select('u.client_id', db.raw('min(u.used_on) as day'), none, db.raw('1 as new_subjects'));
  const notLater = earlier
    .andWhere('s.first_used_on', '<=', day)
    .select('u.client_id', { day: 's.first_used_on' }, none, db.raw('-1 as new_subjects'));
  const rows = (await db
    .select('client_id', db.raw('substr(day, 1, 7) as month'))
    .sum({ sign_ins: 'sign_ins', new_subjects: 'new_subjects' })
    .from(db.unionAll([counted, waiting, firsts, notLater]).as('uses'))
    .groupByRaw('client_id, substr(day, 1, 7)')
    .orderByRaw('client_id, substr(day, 1, 7)')) as {
    client_id: string;
    month: string;
    sign_ins: number | string;
    new_subjects: number | string;
  }[];
  return rows.map((row) => ({
    clientId: row.client_id,
    month: row.month,
    signIns: Number(row.sign_ins),
    newSubjects: Number(row.new_subjects),
  }));
}

/** What each day from `from` on brought each relying party: the counters alone, which are seconds behind. */
export async function listRpDays(
  db: Db,
  { from, to }: { from: CalendarDate; to: CalendarDate },
): Promise<{ clientId: string; day: CalendarDate; signIns: number; newSubjects: number }[]> {
  const rows = (await db('rp_day_counters')
    .whereBetween('day', [from, to])
    .orderBy(['client_id', 'day'])) as CounterRow[];
  return rows.map((row) => ({
    clientId: row.client_id,
    day: row.day,
    signIns: row.sign_ins,
    newSubjects: row.new_subjects,
  }));
}

export type RpCounterDifference = {
  readonly clientId: string;
  readonly day: CalendarDate;
  readonly measure: 'sign_ins' | 'new_subjects';
  readonly counted: number;
  readonly recounted: number;
};

/** Counts the subjects and their days again and compares. Use history goes after some years (`deleteRpSubjectDaysBefore`): sign-ins are compared from the first
 *  day on that is kept. `repair` writes the recount. */
export async function checkRpCounters(db: Db, { repair }: { repair: boolean }): Promise<RpCounterDifference[]> {
  while ((await foldRpUses(db)) > 0);
  return inTransaction(db, async (tx) => {
    // One state of all of it, and no fold in between.
    await seeOneMoment(tx);
    const signIns = tx('rp_subject_days').select(
      'client_id',
      { day: 'used_on' },
      'sign_ins',
      tx.raw('0 as new_subjects'),
    );
    const subjects = tx('rp_subjects').select(
      'client_id',
      { day: 'first_used_on' },
      tx.raw('0 as sign_ins'),
      tx.raw('1 as new_subjects'),
    );
    const recounted = (await tx
      .select('client_id', 'day')
      .sum({ sign_ins: 'sign_ins', new_subjects: 'new_subjects' })
      .from(tx.unionAll([signIns, subjects]).as('uses'))
      .groupBy('client_id', 'day')) as Record<keyof CounterRow, string>[];
    const counted = (await tx('rp_day_counters')) as CounterRow[];
    const oldest = (await tx('rp_subject_days').min({ day: 'used_on' }).first()) as { day: string | null } | undefined;
    const firstKept = oldest?.day ?? '9999-12-31';
    const differing = differences(
      counted,
      recounted.map((row) => ({ ...row, sign_ins: Number(row.sign_ins), new_subjects: Number(row.new_subjects) })),
      firstKept,
    );
    if (repair)
      for (const { clientId, day, measure, recounted: total } of differing)
        await tx('rp_day_counters')
          .insert({ client_id: clientId, day, sign_ins: 0, new_subjects: 0, [measure]: total })
          .onConflict(['client_id', 'day'])
          .merge([measure]);
    return differing;
  });
}

function differences(
  counted: readonly CounterRow[],
  recounted: readonly CounterRow[],
  firstKept: CalendarDate,
): RpCounterDifference[] {
  const keyOf = (row: CounterRow): string => `${row.client_id} ${row.day}`;
  const actual = new Map(counted.map((row) => [keyOf(row), row]));
  const expected = new Map(recounted.map((row) => [keyOf(row), row]));
  return [...new Map([...actual, ...expected])].flatMap(([key, { client_id: clientId, day }]) =>
    (['sign_ins', 'new_subjects'] as const).flatMap((measure) => {
      const was = actual.get(key)?.[measure] ?? 0;
      const is = expected.get(key)?.[measure] ?? 0;
      const isGone = measure === 'sign_ins' && day < firstKept;
      return was === is || isGone ? [] : [{ clientId, day, measure, counted: was, recounted: is }];
    }),
  );
}

/** Who used what on which day is use history. That somebody used it once, and how often all of them did, stays. @returns how many rows went, at most `limit`. */
export async function deleteRpSubjectDaysBefore(db: Db, day: CalendarDate, limit: number): Promise<number> {
  const rows = (await db('rp_subject_days').where('used_on', '<', day).limit(limit)) as UseRow[];
  let deleted = 0;
  for (const { client_id, account_id, used_on } of rows)
    deleted += await db('rp_subject_days').where({ client_id, account_id, used_on }).delete();
  return deleted;
}
