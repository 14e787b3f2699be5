import type { Knex } from 'knex';

/** Another number for a day each time one of its activation counters changes: who keeps sums of days that are over sees at once when they no longer hold. A
 *  day without a row has not changed since this table is there. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('activation_counter_versions', (table) => {
    table.string('day', 10).primary();
    table.bigInteger('version').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('activation_counter_versions');
}
