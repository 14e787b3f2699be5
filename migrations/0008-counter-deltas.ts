import type { Knex } from 'knex';

/** What PostgreSQL has yet to add to the counters: appended by each activation, so that none waits for another's counter row; folded in by a timer. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('activation_counter_deltas', (table) => {
    table.bigIncrements('id');
    table.string('day', 10).notNullable();
    table.string('unit_code', 8).notNullable();
    table.smallint('account_level').notNullable();
    table.string('channel', 16).notNullable();
    table.string('measure', 20).notNullable();
    table.string('recorded_on', 10).notNullable();
    table.bigInteger('total').notNullable();
  });
}

/** Nothing is lost: the counters are a recount of the events (`stats check --repair`). */
export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('activation_counter_deltas');
}
