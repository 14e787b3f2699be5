import type { Knex } from 'knex';

/** A few small texts that all processes of one issuer see (src/platform/shared-texts.ts), on PostgreSQL without Redis. Until now the program made the table there by itself. */
export async function up(knex: Knex): Promise<void> {
  if (await knex.schema.hasTable('shared_texts')) return;
  await knex.schema.createTable('shared_texts', (table) => {
    table.text('key').primary();
    table.text('text').notNullable();
    table.bigInteger('forget_at').notNullable();
  });
}

/** The older program makes it again. */
export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('shared_texts');
}
