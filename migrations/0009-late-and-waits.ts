import type { Knex } from 'knex';
import { isPostgres } from './dialect.ts';

/** How old what is late is, and how long activations took: events say of which notice and window they speak, and counters are made of it.
 *  What the audit trail says about reopened windows becomes events, so that the past is told as it was. */
export async function up(knex: Knex): Promise<void> {
  const sql = dialectOf(knex);
  await knex.schema.alterTable('activation_events', (table) => {
    table.string('notified_on', 10); // of an activation and a reopening: the day of the grant's notice in Viet Nam; else null
    table.string('due_on', 10); // of a reopening and of an activation in its window: the window's last day; else null
  });
  await knex.raw(`insert into activation_events
      (id, kind, quantity, account_id, grant_id, account_level, unit_code, channel, day, occurred_at, recorded_at, notified_on, due_on)
    select e.id, 'reopened', 1, g.account_id, g.id, g.account_level, coalesce(g.unit_code, ''), '', ${sql.day('e.occurred_at')},
      e.occurred_at, e.occurred_at, ${sql.day('g.notified_at')}, ${sql.add(sql.day('e.occurred_at'), 7)}
    from audit_entries e join level_grants g on g.id = ${sql.grantOf('e.detail')}
    where e.action = 'grant.reopened' and g.notified_at is not null
      and (g.first_activated_at is null or g.first_activated_at >= e.occurred_at)`);
  await knex.raw(`update activation_events set
      notified_on = (select ${sql.day('g.notified_at')} from level_grants g where g.id = activation_events.grant_id),
      due_on = (select max(r.due_on) from activation_events r where r.kind = 'reopened'
        and r.account_id = activation_events.account_id and r.grant_id = activation_events.grant_id
        and r.occurred_at <= activation_events.occurred_at)
    where kind = 'activated' and grant_id is not null`);

  await knex.schema.createTable('activation_wait_counters', (table) => {
    table.string('unit_code', 8).notNullable(); // * for all units together, so that the whole is read like one unit
    table.string('notified_on', 10).notNullable();
    table.string('activated_on', 10).notNullable(); // '' counts the notices themselves
    table.smallint('account_level').notNullable();
    table.string('recorded_on', 10).notNullable(); // '' when it was known by the end of the day of the activation, or notice; else the day it was learned
    table.bigInteger('total').notNullable();
    table.primary(['unit_code', 'notified_on', 'activated_on', 'account_level', 'recorded_on']); // in the order in which they are read
  });
  await knex.schema.alterTable('activation_counter_deltas', (table) => {
    table.string('notified_on', 10); // of a wait: measure "waited", its day is that of the activation, '' for a notice
  });
  await fillCounters(knex);
}

async function fillCounters(knex: Knex): Promise<void> {
  const sql = dialectOf(knex);
  const knownOn = sql.day('recorded_at');
  const told = [
    `select unit_code, day as notified_on, '' as activated_on, account_level, quantity, ${learnedAfter('day', knownOn)} as learned_on
      from activation_events where kind = 'notified'`,
    `select unit_code, notified_on, day, account_level, quantity, ${learnedAfter('day', knownOn)}
      from activation_events where kind = 'activated' and notified_on is not null`,
  ].join(' union all ');
  for (const unit of ['unit_code', `'*'`]) {
    await knex.raw(`insert into activation_wait_counters (unit_code, notified_on, activated_on, account_level, recorded_on, total)
      select place, notified_on, activated_on, account_level, learned_on, sum(quantity) from (
        select ${unit} as place, notified_on, activated_on, account_level, quantity, learned_on from (${told}) as told) as waits
      group by place, notified_on, activated_on, account_level, learned_on having sum(quantity) <> 0`);
  }
  // From which day on a fact makes grants late (1) or takes them back (-1): the same as lateSteps in src/domain/late-backlog.ts.
  const base = `unit_code, account_level, ${sql.day('recorded_at')} as known_on, quantity`;
  const facts = [
    `select ${base}, 1 as sign, day as from_on, day as notice_on from activation_events where kind = 'notified'`,
    `select ${base}, -1, ${laterOf('day', sql.add('coalesce(due_on, notified_on)', 1))}, notified_on from activation_events
      where kind = 'activated' and notified_on is not null`,
    `select ${base}, -1, day, notified_on from activation_events where kind = 'reopened'`,
    `select ${base}, 1, ${sql.add('due_on', 1)}, notified_on from activation_events where kind = 'reopened'`,
  ].join(' union all ');
  for (const days of [8, 31, 91]) {
    const threshold = sql.add('notice_on', days);
    await knex.raw(`insert into activation_counters (day, unit_code, account_level, channel, measure, recorded_on, total)
      select late_on, unit_code, account_level, '', 'late_from_${days}', learned_on, sum(quantity * sign) from (
        select late_on, unit_code, account_level, quantity, sign, ${learnedAfter('late_on', 'known_on')} as learned_on from (
          select unit_code, account_level, quantity, sign, known_on, ${laterOf('from_on', threshold)} as late_on from (${facts}) as facts
        ) as steps) as learned
      group by late_on, unit_code, account_level, learned_on having sum(quantity * sign) <> 0`);
  }
  await knex.raw(`insert into activation_counters (day, unit_code, account_level, channel, measure, recorded_on, total)
    select day, unit_code, account_level, '', 'reopened', learned_on, sum(quantity) from (
      select day, unit_code, account_level, quantity, ${learnedAfter('day', sql.day('recorded_at'))} as learned_on
      from activation_events where kind = 'reopened') as facts
    group by day, unit_code, account_level, learned_on having sum(quantity) <> 0`);
  await knex.raw(`insert into activation_month_counters (month, unit_code, account_level, measure, channel, recorded_on, total)
    select month, unit_code, account_level, measure, channel, learned_on, sum(total) from (
      select substr(day, 1, 7) as month, unit_code, account_level, measure, channel, total,
        case when substr(recorded_on, 1, 7) > substr(day, 1, 7) then recorded_on else '' end as learned_on
      from activation_counters where measure in (${MEASURES})) as days
    group by month, unit_code, account_level, measure, channel, learned_on having sum(total) <> 0`);
}

const MEASURES = `'late_from_8', 'late_from_31', 'late_from_91', 'reopened'`;

function learnedAfter(day: string, knownOn: string): string {
  return `case when ${knownOn} > ${day} then ${knownOn} else '' end`;
}

function laterOf(one: string, other: string): string {
  return `case when ${one} > ${other} then ${one} else ${other} end`;
}

/** `day`: of an instant in Viet Nam (UTC+7); `add`: days to a day. */
function dialectOf(knex: Knex) {
  return isPostgres(knex)
    ? {
        day: (at: string) => `to_char(to_timestamp((${at} + 25200000) / 1000) at time zone 'UTC', 'YYYY-MM-DD')`,
        add: (day: string, days: number) => `to_char((${day})::date + ${days}, 'YYYY-MM-DD')`,
        grantOf: (detail: string) => `(${detail}::json ->> 'grant')`,
      }
    : {
        day: (at: string) => `strftime('%Y-%m-%d', (${at} + 25200000) / 1000, 'unixepoch')`,
        add: (day: string, days: number) => `date(${day}, '+${days} days')`,
        grantOf: (detail: string) => `json_extract(${detail}, '$.grant')`,
      };
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['activation_counter_deltas', 'activation_counters', 'activation_month_counters'])
    await knex.raw(`delete from ${table} where measure in (${MEASURES}, 'waited')`);
  await knex.raw(`delete from activation_events where kind = 'reopened'`);
  await knex.schema.dropTable('activation_wait_counters');
  await knex.raw('alter table activation_counter_deltas drop column notified_on');
  for (const column of ['notified_on', 'due_on']) await knex.raw(`alter table activation_events drop column ${column}`);
}
