import type { Knex } from 'knex';

/** Persons, their one account, the levels granted to it, the grounds on which it is locked, and its credentials.
 *  `…_sealed` is AES-256-GCM with the key id in front; `…_index` is a keyed blind index with the key id in front. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('units', (table) => {
    table.string('code', 8).notNullable();
    table.string('name', 120).notNullable();
    table.string('type', 24).notNullable();
    table.string('parent_code', 8);
    table.string('valid_from_on', 10).notNullable();
    table.string('valid_to_on', 10);
    table.primary(['code', 'valid_from_on']);
  });

  await knex.schema.createTable('persons', (table) => {
    table.string('id', 36).primary();
    table.string('kind', 12).notNullable(); // citizen | foreigner
    table.text('citizen_id_sealed').notNullable();
    table.string('citizen_id_index', 64).notNullable().unique();
    table.text('phone_sealed');
    table.string('phone_index', 64).unique();
    table.string('full_name', 160).notNullable();
    table.string('birth_on', 10).notNullable();
    table.string('gender', 8).notNullable(); // male | female
    table.string('nationality', 3).notNullable();
    table.string('place_of_birth', 160);
    table.string('residence_unit_code', 8);
    table.string('residence_address', 240);
    table.string('residence_type', 12); // permanent | temporary
    table.string('email', 254);
    table.string('card_status', 12).notNullable(); // none | valid | expired | revoked | retained
    table.string('card_issued_on', 10);
    table.string('card_expires_on', 10);
    table.string('guardian_person_id', 36).references('id').inTable('persons');
    table.string('guardian_relationship', 16); // father | mother | guardian
    table.bigInteger('deceased_at');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.index(['guardian_person_id']);
  });

  await knex.schema.createTable('accounts', (table) => {
    table.string('id', 36).primary();
    table.string('person_id', 36).notNullable().unique().references('id').inTable('persons');
    table.string('public_subject', 43).notNullable().unique();
    table.string('status', 12).notNullable(); // provisional | active | locked | closed
    table.bigInteger('first_activated_at');
    table.bigInteger('first_login_at');
    table.bigInteger('access_ended_at'); // what was signed in before is over, but for one session
    table.string('access_kept_session', 64);
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });

  await knex.schema.createTable('level_grants', (table) => {
    table.string('id', 36).primary();
    table.string('account_id', 36).notNullable().references('id').inTable('accounts');
    table.smallint('account_level').notNullable();
    table.string('status', 20).notNullable(); // granted | pending_activation | late_activation | activated
    table.string('unit_code', 8); // the unit that granted it, at that time
    table.bigInteger('applied_at');
    table.bigInteger('granted_at').notNullable();
    table.bigInteger('notified_at');
    table.bigInteger('first_due_at'); // never changes: what on_time is measured by
    table.bigInteger('due_at'); // moves when the window is reopened
    table.bigInteger('activated_at'); // the latest activation
    table.bigInteger('first_activated_at'); // never changes
    table.bigInteger('first_login_at');
    table.string('channel', 16);
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.unique(['account_id', 'account_level']); // at most one grant, so at most one open, per account and level
    table.index(['status', 'due_at']);
  });

  await knex.schema.createTable('activations', (table) => {
    table.string('id', 36).primary();
    table.string('grant_id', 36).notNullable().references('id').inTable('level_grants');
    table.string('account_id', 36).notNullable();
    table.bigInteger('activated_at').notNullable();
    table.string('channel', 16).notNullable();
    table.string('unit_code', 8);
    table.string('attempt_id', 36);
    table.string('helper_id', 64);
    table.string('guardian_account_id', 36);
    table.bigInteger('recorded_at').notNullable();
    table.unique(['attempt_id', 'grant_id']); // one attempt activates a grant once
    table.index(['account_id']);
  });

  await knex.schema.createTable('lock_grounds', (table) => {
    table.string('id', 36).primary();
    table.string('account_id', 36).notNullable().references('id').inTable('accounts');
    table.string('ground', 24).notNullable();
    table.text('reason').notNullable();
    table.string('requested_by', 120).notNullable();
    table.string('unit_code', 8);
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('closed_at');
    table.string('closed_by', 120);
    table.text('close_reason');
    table.index(['account_id']);
  });
  await knex.raw(
    'create unique index lock_grounds_one_open on lock_grounds (account_id, ground) where closed_at is null',
  );

  await knex.schema.createTable('credentials', (table) => {
    table.string('id', 36).primary();
    table.string('account_id', 36).notNullable().references('id').inTable('accounts');
    table.string('kind', 12).notNullable(); // password | passcode | totp | answer_1 | answer_2
    table.text('secret').notNullable(); // argon2id, or sealed for totp
    table.string('question', 32); // the security question's key, for answers
    table.bigInteger('last_time_step'); // totp: the step last used, so that a code cannot be replayed
    table.bigInteger('created_at').notNullable();
    table.bigInteger('changed_at').notNullable();
    table.unique(['account_id', 'kind']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['credentials', 'lock_grounds', 'activations', 'level_grants', 'accounts', 'persons', 'units'])
    await knex.schema.dropTable(name);
}
