import type { Knex } from 'knex';
import { isPostgres } from './dialect.ts';

/** Counters tell when the system learned what they count, and snapshots hold figures as they were. Counters are a recount of the events, so they are made
 *  anew from them. */
export async function up(knex: Knex): Promise<void> {
  for (const name of ['activation_month_counters', 'activation_counters']) await knex.schema.dropTable(name);
  await knex.schema.createTable('activation_counters', (table) => {
    counterColumns(table);
    table.string('day', 10).notNullable(); // of the fact, in Viet Nam
    table.primary(['day', 'unit_code', 'account_level', 'channel', 'measure', 'recorded_on']);
  });
  await knex.schema.createTable('activation_month_counters', (table) => {
    counterColumns(table);
    table.string('month', 7).notNullable();
    table.primary(['unit_code', 'account_level', 'measure', 'month', 'channel', 'recorded_on']); // in the order in which they are added up
  });
  const recordedDay = isPostgres(knex)
    ? `to_char(to_timestamp((recorded_at + 25200000) / 1000) at time zone 'UTC', 'YYYY-MM-DD')`
    : `strftime('%Y-%m-%d', (recorded_at + 25200000) / 1000, 'unixepoch')`;
  await knex.raw(`insert into activation_counters (day, unit_code, account_level, channel, measure, recorded_on, total)
    select day, unit_code, account_level, channel, kind, learned_on, sum(quantity) from (
      select day, unit_code, account_level, channel, kind, quantity,
        case when ${recordedDay} > day then ${recordedDay} else '' end as learned_on from activation_events) as facts
    group by day, unit_code, account_level, channel, kind, learned_on`);
  await knex.raw(`insert into activation_month_counters (month, unit_code, account_level, measure, channel, recorded_on, total)
    select month, unit_code, account_level, measure, channel, learned_on, sum(total) from (
      select substr(day, 1, 7) as month, unit_code, account_level, measure, channel, total,
        case when substr(recorded_on, 1, 7) > substr(day, 1, 7) then recorded_on else '' end as learned_on
      from activation_counters) as days
    group by month, unit_code, account_level, measure, channel, learned_on`);

  await knex.schema.createTable('statistics_snapshots', (table) => {
    table.string('id', 36).primary();
    table.string('as_of_on', 10).notNullable();
    table.string('known_on', 10).notNullable();
    table.string('geography', 24).notNullable();
    table.bigInteger('frozen_at').notNullable();
    table.unique(['as_of_on', 'known_on']);
  });
  await knex.schema.createTable('statistics_snapshot_figures', (table) => {
    table.string('snapshot_id', 36).notNullable().references('id').inTable('statistics_snapshots');
    table.string('unit_code', 8).notNullable(); // the city itself by its own code; '' for facts without a unit
    table.smallint('account_level').notNullable(); // 0: all levels
    table.string('rate', 40).notNullable();
    table.bigInteger('numerator').notNullable();
    table.bigInteger('denominator'); // null: no basis was loaded
    table.primary(['snapshot_id', 'unit_code', 'account_level', 'rate']);
  });
}

function counterColumns(table: Knex.CreateTableBuilder): void {
  table.string('unit_code', 8).notNullable();
  table.smallint('account_level').notNullable();
  table.string('measure', 20).notNullable();
  table.string('channel', 16).notNullable(); // '' when the fact has none
  table.string('recorded_on', 10).notNullable(); // '' when it was known by the end of the day, or of the month; else the day it was learned
  table.bigInteger('total').notNullable();
}

/** Back to counters that do not tell when something was learned. */
export async function down(knex: Knex): Promise<void> {
  for (const name of [
    'statistics_snapshot_figures',
    'statistics_snapshots',
    'activation_month_counters',
    'activation_counters',
  ])
    await knex.schema.dropTable(name);
  await knex.schema.createTable('activation_counters', (table) => {
    table.string('day', 10).notNullable();
    table.string('unit_code', 8).notNullable();
    table.smallint('account_level').notNullable();
    table.string('channel', 16).notNullable();
    table.string('measure', 20).notNullable();
    table.bigInteger('total').notNullable();
    table.primary(['day', 'unit_code', 'account_level', 'channel', 'measure']);
  });
  await knex.schema.createTable('activation_month_counters', (table) => {
    table.string('month', 7).notNullable();
    table.string('unit_code', 8).notNullable();
    table.smallint('account_level').notNullable();
    table.string('measure', 20).notNullable();
    table.bigInteger('total').notNullable();
    table.primary(['unit_code', 'account_level', 'measure', 'month']);
  });
  await knex.raw(`insert into activation_counters (day, unit_code, account_level, channel, measure, total)
    select day, unit_code, account_level, channel, kind, sum(quantity) from activation_events
    group by day, unit_code, account_level, channel, kind`);
  await knex.raw(`insert into activation_month_counters (month, unit_code, account_level, measure, total)
    select substr(day, 1, 7), unit_code, account_level, measure, sum(total) from activation_counters
    group by substr(day, 1, 7), unit_code, account_level, measure`);
}
