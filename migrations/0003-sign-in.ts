import type { Knex } from 'knex';

/** Relying parties, what citizens agreed to, and what sign-in must remember. Tokens and sessions lie in the protocol store (src/oidc/adapters). */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('clients', (table) => {
    table.string('id', 64).primary();
    table.text('metadata').notNullable(); // OIDC client metadata as JSON, without the secret
    table.string('secret_hmac', 64); // shown once, kept as HMAC-SHA-256
    table.string('origin', 12).notNullable(); // operator | sandbox | dynamic | own
    table.string('name_vi', 120).notNullable();
    table.string('name_en', 120).notNullable();
    table.text('purpose_vi');
    table.text('purpose_en');
    table.smallint('least_account_level').notNullable();
    table.smallint('least_auth_level').notNullable();
    table.text('essential_scopes').notNullable(); // space-separated: what the service cannot do without
    table.text('legal_basis'); // the law by which it may read the citizen id
    table.string('claim_names', 8).notNullable(); // standard | legacy: also under the names of the integrations of today
    table.smallint('may_introspect_all').notNullable(); // 1: also tokens of other clients, as a resource server must
    table.bigInteger('disabled_at');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });

  await knex.schema.createTable('pairwise_subjects', (table) => {
    table.string('account_id', 36).notNullable();
    table.string('sector', 255).notNullable();
    table.string('subject', 43).notNullable().unique();
    table.bigInteger('created_at').notNullable();
    table.primary(['account_id', 'sector']);
  });

  // One of the provider's grants per account and client: whatever was consented to since is added to it.
  await knex.schema.createTable('client_grants', (table) => {
    table.string('account_id', 36).notNullable();
    table.string('client_id', 64).notNullable();
    table.string('grant_id', 64).notNullable();
    table.bigInteger('created_at').notNullable();
    table.primary(['account_id', 'client_id']);
  });

  await knex.schema.createTable('consents', (table) => {
    table.string('id', 36).primary();
    table.string('account_id', 36).notNullable();
    table.string('client_id', 64).notNullable();
    table.string('grant_id', 64); // the provider's Grant it became
    table.text('scopes').notNullable();
    table.text('claims').notNullable();
    table.text('refused').notNullable(); // voluntary things asked for and not allowed
    table.text('purpose').notNullable();
    table.string('text_version', 24).notNullable();
    table.string('locale', 2).notNullable();
    table.bigInteger('given_at').notNullable();
    table.bigInteger('withdrawn_at');
    table.index(['account_id', 'client_id']);
  });

  await knex.schema.createTable('sign_in_attempts', (table) => {
    table.string('id', 64).primary(); // the interaction's uid
    table.string('serial', 36).notNullable(); // new with each proved password: what codes are bound to
    table.string('account_id', 36).notNullable();
    table.string('session_uid', 64); // step-up: the session whose factors are built upon
    table.string('stage', 16).notNullable(); // second_factor | refused | done
    table.smallint('codes_sent').notNullable().defaultTo(0);
    table.bigInteger('code_sent_at');
    table.smallint('tries').notNullable().defaultTo(0);
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.index(['expires_at']);
  });

  await knex.schema.createTable('sign_ins', (table) => {
    table.string('id', 36).primary();
    table.string('account_id', 36).notNullable();
    table.string('outcome', 24).notNullable(); // signed_in | wrong_password | wrong_code | refused | …
    table.string('client_id', 64);
    table.smallint('auth_level');
    table.string('amr', 64);
    table.string('session_uid', 64);
    table.string('device_id', 36);
    table.string('device_label', 80);
    table.bigInteger('occurred_at').notNullable();
    table.index(['account_id', 'occurred_at']);
    table.index(['occurred_at']);
  });

  await knex.schema.createTable('known_devices', (table) => {
    table.string('id', 36).primary();
    table.string('account_id', 36).notNullable();
    table.string('token_hash', 64).notNullable();
    table.string('label', 80).notNullable();
    table.bigInteger('first_seen_at').notNullable();
    table.bigInteger('last_seen_at').notNullable();
    table.unique(['account_id', 'token_hash']);
  });

  await knex.schema.createTable('throttles', (table) => {
    table.string('key', 80).primary(); // <kind>:<HMAC of what was typed, or of the address>
    table.integer('failures').notNullable();
    table.bigInteger('window_started_at').notNullable();
    table.bigInteger('blocked_until_at');
    table.integer('strikes').notNullable();
    table.bigInteger('forget_at').notNullable();
    table.index(['forget_at']);
  });

  await knex.schema.createTable('recovery_attempts', (table) => {
    table.string('id', 36).primary();
    table.string('token_hash', 64).notNullable().unique();
    table.string('account_id', 36); // null: it only pretends
    table.string('target', 12).notNullable(); // password | passcode
    table.string('step', 16).notNullable(); // code | second_proof | new_secret | done
    table.string('outcome', 20); // how it ended; null while it goes on
    table.string('proof', 8); // otp | card: the second proof this account owes, known once the phone is proved
    table.string('pair_fingerprint', 43).notNullable(); // keyed, of the typed id and phone: what limits count by
    table.string('phone_tail', 3).notNullable(); // for "a code was sent to … 123"
    table.string('locale', 2).notNullable();
    table.smallint('codes_sent').notNullable().defaultTo(0);
    table.bigInteger('code_sent_at').notNullable();
    table.smallint('tries').notNullable().defaultTo(0); // at the second proof
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('finished_at');
    table.index(['account_id']);
    table.index(['expires_at']);
  });

  // An authenticator app on its way: shown as a QR code and not on before a code of it was typed.
  await knex.schema.createTable('totp_enrolments', (table) => {
    table.string('account_id', 36).primary();
    table.string('id', 36).notNullable().unique();
    table.string('session_uid', 64).notNullable(); // only the session that began it can finish it
    table.text('secret_sealed').notNullable();
    table.smallint('tries').notNullable().defaultTo(0);
    table.bigInteger('expires_at').notNullable();
    table.index(['expires_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  const tables = [
    'totp_enrolments',
    'recovery_attempts',
    'throttles',
    'known_devices',
    'sign_ins',
    'sign_in_attempts',
    'consents',
    'client_grants',
    'pairwise_subjects',
    'clients',
  ];
  for (const name of tables) await knex.schema.dropTable(name);
}
