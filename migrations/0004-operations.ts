import type { Knex } from 'knex';

/** The outbox, the audit trail, API tokens and the sandbox's inbox. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('outbox', (table) => {
    table.string('id', 36).primary();
    table.string('kind', 24).notNullable(); // sms | backchannel_logout | end_access
    table.text('payload_sealed').notNullable();
    table.string('status', 8).notNullable(); // waiting | sent | dead
    table.smallint('tries').notNullable().defaultTo(0);
    table.bigInteger('next_try_at').notNullable();
    table.string('last_error', 80); // an error's name or code, never its text
    table.bigInteger('created_at').notNullable();
    table.bigInteger('settled_at');
    table.index(['status', 'next_try_at']);
  });

  await knex.schema.createTable('audit_entries', (table) => {
    table.string('id', 36).primary();
    table.bigInteger('occurred_at').notNullable();
    table.string('actor_kind', 12).notNullable();
    table.string('actor_id', 64);
    table.string('actor_unit_code', 8);
    table.string('action', 48).notNullable();
    table.string('account_id', 36);
    table.text('reason');
    table.text('detail').notNullable(); // JSON, never personal data
    table.bigInteger('sequence').unique(); // given by the sealer
    table.string('chain_hash', 64); // SHA-256 over the entry and the one before it
    table.index(['account_id', 'occurred_at']);
    table.index(['action']);
  });

  await knex.schema.createTable('api_tokens', (table) => {
    table.string('id', 36).primary();
    table.string('token_hash', 64).notNullable().unique();
    table.string('role', 24).notNullable(); // statistics_full | registration
    table.string('unit_code', 8);
    table.string('label', 80).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at');
    table.bigInteger('disabled_at');
  });

  await knex.schema.createTable('sandbox_messages', (table) => {
    table.string('id', 36).primary();
    table.string('phone_index', 64).notNullable();
    table.text('body_sealed').notNullable();
    table.bigInteger('sent_at').notNullable();
    table.index(['phone_index', 'sent_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['sandbox_messages', 'api_tokens', 'audit_entries', 'outbox']) await knex.schema.dropTable(name);
}
