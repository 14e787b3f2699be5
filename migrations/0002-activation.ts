import type { Knex } from 'knex';

/** Activation attempts and one-time codes; the events every rate is counted from, and their counters. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('activation_attempts', (table) => {
    table.string('id', 36).primary();
    table.string('token_hash', 64).notNullable().unique(); // SHA-256 of the cookie: a stolen database opens no attempt
    table.string('account_id', 36); // null: the pair does not exist, and the attempt only pretends
    table.string('grant_id', 36); // the highest grant to be activated; null when only credentials are set
    table.string('step', 12).notNullable(); // code | password | passcode | questions | guardian | done
    table.string('outcome', 20); // how it ended; null while it goes on
    table.string('pair_fingerprint', 43).notNullable(); // keyed, of the typed id and phone: what limits count by
    table.string('phone_tail', 3).notNullable(); // for "a code was sent to … 123"
    table.string('locale', 2).notNullable();
    table.string('channel', 16).notNullable();
    table.string('unit_code', 8);
    table.string('helper_id', 64);
    table.string('assistance_id', 36);
    table.string('guardian_account_id', 36);
    table.string('guardian_reference', 24).unique(); // by which the guardian finds the request; opens nothing by itself
    table.smallint('has_password').notNullable().defaultTo(0);
    table.smallint('needs_guardian').notNullable().defaultTo(0);
    table.bigInteger('phone_proved_at');
    table.text('password_hash');
    table.text('passcode_hash');
    table.string('question_1', 32);
    table.text('answer_1_hash');
    table.string('question_2', 32);
    table.text('answer_2_hash');
    table.smallint('codes_sent').notNullable().defaultTo(0);
    table.bigInteger('code_sent_at').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('finished_at');
    table.index(['account_id']);
    table.index(['guardian_account_id']);
    table.index(['expires_at']);
  });

  await knex.schema.createTable('activation_assistances', (table) => {
    table.string('id', 36).primary();
    table.string('account_id', 36).notNullable().references('id').inTable('accounts');
    table.string('channel', 16).notNullable();
    table.string('unit_code', 8).notNullable();
    table.string('helper_id', 64).notNullable();
    table.text('reason').notNullable();
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('closed_at'); // used up, or replaced by a newer one
    table.index(['account_id']);
  });

  await knex.schema.createTable('one_time_codes', (table) => {
    table.string('id', 36).primary();
    table.string('purpose', 16).notNullable(); // activation | sign_in | recovery | …
    table.string('subject', 80).notNullable(); // what the code is bound to: an attempt, an interaction; never a person alone
    table.string('code_hmac', 64).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.smallint('tries').notNullable().defaultTo(0);
    table.bigInteger('used_at');
    table.bigInteger('superseded_at');
    table.index(['purpose', 'subject']);
    table.index(['expires_at']);
  });

  await knex.schema.createTable('activation_events', (table) => {
    table.string('id', 36).primary();
    table.string('kind', 20).notNullable(); // see ACTIVATION_MEASURES in src/accounts/activation-event-store.ts
    table.smallint('quantity').notNullable(); // 1, or -1 where a later event corrects an earlier one
    table.string('account_id', 36).notNullable();
    table.string('grant_id', 36);
    table.smallint('account_level').notNullable(); // 0 where the event is the account's (lock, unlock)
    table.string('unit_code', 8).notNullable(); // the unit at the time; '' when unknown
    table.string('channel', 16).notNullable(); // '' when the event has none
    table.string('day', 10).notNullable(); // of occurred_at in Viet Nam
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('recorded_at').notNullable();
    table.index(['account_id']);
    table.index(['day']);
  });

  await knex.schema.createTable('activation_counters', (table) => {
    table.string('day', 10).notNullable();
    table.string('unit_code', 8).notNullable();
    table.smallint('account_level').notNullable();
    table.string('channel', 16).notNullable();
    table.string('measure', 20).notNullable();
    table.bigInteger('total').notNullable();
    table.primary(['day', 'unit_code', 'account_level', 'channel', 'measure']);
  });
}

export async function down(knex: Knex): Promise<void> {
  const tables = [
    'activation_counters',
    'activation_events',
    'one_time_codes',
    'activation_assistances',
    'activation_attempts',
  ];
  for (const name of tables) await knex.schema.dropTable(name);
}
