import type { Knex } from 'knex';

/** Each kind of message is taken by itself, oldest first, however many of another wait. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('outbox', (table) => {
    table.dropIndex(['status', 'next_try_at']);
    table.index(['status', 'kind', 'next_try_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('outbox', (table) => {
    table.dropIndex(['status', 'kind', 'next_try_at']);
    table.index(['status', 'next_try_at']);
  });
}
