import { ALL_UNITS, WAITED } from '../../accounts/activation-wait-store.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';

export type CohortQuery = {
  /** First and last day of the notice. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** Last day of an activation that is read. */
  readonly day: CalendarDate;
  /** What was known at the end of this day; everything known now when undefined. */
  readonly knownOn: CalendarDate | undefined;
  /** All units together when undefined. */
  readonly unitCode: string | undefined;
  readonly accountLevel: AccountLevel | undefined;
};

/** The grants that were notified on one day. */
export type DayCohort = {
  readonly notified: number;
  /** By day of the first activation. */
  readonly activated: ReadonlyMap<CalendarDate, number>;
};

/** By day of the notice; days without a notice are left out. One statement, so that it is one state of what is counted and what is yet to be added; its cost
 *  depends on the number of days. */
export async function listDayCohorts(db: Db, query: CohortQuery): Promise<ReadonlyMap<CalendarDate, DayCohort>> {
  const { from, to, day, knownOn, unitCode, accountLevel } = query;
  type Builder = ReturnType<Db['queryBuilder']>;
  const narrow = (query: Builder): void =>
    void query
      .whereBetween('notified_on', [from, to])
      .where('recorded_on', '<=', knownOn ?? '9999-12-31')
      .andWhere(accountLevel === undefined ? {} : { account_level: accountLevel });
  const parts = [
    db('activation_wait_counters')
      .select('notified_on', 'activated_on')
      .sum({ total: 'total' })
      .where({ unit_code: unitCode ?? ALL_UNITS })
      .where('activated_on', '<=', day)
      .andWhere(narrow)
      .groupBy('notified_on', 'activated_on'),
    db('activation_counter_deltas')
      .select('notified_on', 'day')
      .sum({ total: 'total' })
      .where({ measure: WAITED, ...(unitCode === undefined ? {} : { unit_code: unitCode }) })
      .where('day', '<=', day)
      .andWhere(narrow)
      .groupBy('notified_on', 'day'),
  ];
  const rows = (await db.queryBuilder().unionAll(parts)) as {
    notified_on: CalendarDate;
    activated_on: string;
    total: number | string;
  }[];
  const cohorts = new Map<CalendarDate, { notified: number; activated: Map<CalendarDate, number> }>();
  for (const row of rows) {
    const cohort = cohorts.get(row.notified_on) ?? { notified: 0, activated: new Map<CalendarDate, number>() };
    cohorts.set(row.notified_on, cohort);
    const total = Number(row.total);
    if (row.activated_on === '') cohort.notified += total;
    else cohort.activated.set(row.activated_on, (cohort.activated.get(row.activated_on) ?? 0) + total);
  }
  return cohorts;
}
