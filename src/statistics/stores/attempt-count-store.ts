import { UNIT_OF_ATTEMPT } from '../../accounts/level-grant-store.ts';
import type { ActivationChannel, ActivationStep } from '../../domain/activation.ts';
import {
  type AttemptOutcome,
  type AttemptRefusal,
  type FunnelCount,
  type FunnelPlace,
  funnelPlace,
} from '../../domain/activation-funnel.ts';
import { type CalendarDate, endOfVietNamDay, startOfVietNamDay } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';

export type AttemptsQuery = {
  /** Attempts that began on these days. */
  readonly fromOn: CalendarDate;
  readonly toOn: CalendarDate;
  readonly unitCode?: string | undefined;
  readonly channel?: ActivationChannel | undefined;
  /** Attempts whose time was over then are lost. */
  readonly silentSince: Date;
};

/** An attempt as it is counted (`ending` is there), or as it stands and waits to be. */
type Row = {
  ending: FunnelPlace['ending'] | null;
  step: FunnelPlace['step'] | ActivationStep;
  first_flag: number;
  second_flag: number;
  outcome: AttemptOutcome | null;
  silence: AttemptRefusal | null;
  is_matched: number;
  is_over: number;
  total: number | string;
};

/** How attempts went. One statement, so that each is counted once, whether src/activation/funnel-store.ts has counted it yet or not. */
export async function listAttemptCounts(db: Db, query: AttemptsQuery): Promise<FunnelCount[]> {
  const { fromOn, toOn, unitCode, channel, silentSince } = query;
  const none = db.raw('null');
  const counted = db('activation_funnel')
    .select('ending', 'step', { first_flag: 'chose_password', second_flag: 'needs_guardian' })
    .select({ outcome: none, silence: none, is_matched: db.raw('1'), is_over: db.raw('1') })
    .sum({ total: 'total' })
    .whereBetween('day', [fromOn, toOn])
    .andWhere(only({ unit_code: unitCode, channel }))
    .groupBy('ending', 'step', 'chose_password', 'needs_guardian');
  const waiting = db
    .select({ ending: none }, 'step', { first_flag: 'has_password', second_flag: 'needs_guardian' })
    .select('outcome', 'silence', 'is_matched', 'is_over')
    .count({ total: '*' })
    .from(
      db('activation_attempts')
        .select('step', 'has_password', 'needs_guardian', 'outcome', 'silence')
        .select({
          is_matched: db.raw('case when account_id is null then 0 else 1 end'),
          is_over: db.raw('case when expires_at <= ? then 1 else 0 end', [silentSince.getTime()]),
        })
        .whereNull('counted_unit')
        .whereBetween('created_at', [startOfVietNamDay(fromOn).getTime(), endOfVietNamDay(toOn).getTime()])
        .andWhere(only({ channel }))
        .andWhere((unit) => void (unitCode === undefined || unit.whereRaw(`${UNIT_OF_ATTEMPT} = ?`, [unitCode])))
        .as('uncounted'),
    )
    .groupBy('step', 'has_password', 'needs_guardian', 'outcome', 'silence', 'is_matched', 'is_over');
  const rows = (await db.queryBuilder().unionAll([counted, waiting])) as Row[];
  return rows.map((row) => ({ ...placeOf(row), total: Number(row.total) }));
}

function placeOf(row: Row): FunnelPlace {
  if (row.ending !== null) {
    const step = row.step as FunnelPlace['step'];
    return { step, ending: row.ending, choosesPassword: row.first_flag === 1, needsGuardian: row.second_flag === 1 };
  }
  return funnelPlace({
    step: row.step as ActivationStep,
    outcome: row.outcome ?? undefined,
    isMatched: row.is_matched === 1,
    refusal: row.silence ?? undefined,
    hasPassword: row.first_flag === 1,
    needsGuardian: row.second_flag === 1,
    isOver: row.is_over === 1,
  });
}

/** A condition: columns equal what is given, where it is given. */
function only(values: Readonly<Record<string, string | undefined>>): (query: ReturnType<Db['queryBuilder']>) => void {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return (query) => void query.where(Object.fromEntries(given));
}
