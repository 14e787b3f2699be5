import type { Knex } from 'knex';

const MEASURES = "('notified', 'activated', 'person_activated')";

/** What a trend of all units together reads: a row where the counters of the units have a hundred. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('activation_whole_counters', (table) => {
    table.string('measure', 20).notNullable();
    table.string('day', 10).notNullable();
    table.smallint('account_level').notNullable();
    table.string('recorded_on', 10).notNullable();
    table.bigInteger('total').notNullable();
    table.primary(['measure', 'day', 'account_level', 'recorded_on']);
  });
  await knex.raw(`insert into activation_whole_counters (measure, day, account_level, recorded_on, total)
    select measure, day, account_level, recorded_on, sum(total) from activation_counters
    where measure in ${MEASURES} group by measure, day, account_level, recorded_on having sum(total) <> 0`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('activation_whole_counters');
}
