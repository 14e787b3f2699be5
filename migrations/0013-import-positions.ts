import type { Knex } from 'knex';

/** How far a source that cannot be read again from its beginning at no cost (a generator of millions) has been brought in. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('import_positions', (table) => {
    table.string('source', 120).primary();
    table.bigInteger('lines').notNullable(); // all of these are in, and nothing of a later one
    table.bigInteger('recorded_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('import_positions');
}
