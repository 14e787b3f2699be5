import type { Knex } from 'knex';
import { isPostgres } from './dialect.ts';

/** Who uses which relying party, counted as persons and as sign-ins, and what relying parties report of their own. */
export async function up(knex: Knex): Promise<void> {
  // Appended by each sign-in, so that none waits for another's counter row; folded in by a timer.
  await knex.schema.createTable('rp_uses', (table) => {
    table.bigIncrements('id');
    table.string('client_id', 200).notNullable();
    table.string('account_id', 36).notNullable();
    table.string('used_on', 10).notNullable(); // in Viet Nam
  });
  await knex.schema.createTable('rp_subjects', (table) => {
    table.string('client_id', 200).notNullable();
    table.string('account_id', 36).notNullable();
    table.string('first_used_on', 10).notNullable();
    table.primary(['account_id', 'client_id']); // folding asks by account
  });
  await knex.schema.createTable('rp_subject_days', (table) => {
    table.string('client_id', 200).notNullable();
    table.string('account_id', 36).notNullable();
    table.string('used_on', 10).notNullable().index();
    table.integer('sign_ins').notNullable();
    table.primary(['account_id', 'client_id', 'used_on']);
  });
  await knex.schema.createTable('rp_day_counters', (table) => {
    table.string('client_id', 200).notNullable();
    table.string('day', 10).notNullable();
    table.bigInteger('sign_ins').notNullable();
    table.bigInteger('new_subjects').notNullable();
    table.primary(['client_id', 'day']);
  });
  await carryOver(knex);

  await knex.schema.createTable('rp_totals', (table) => {
    table.string('id', 36).primary();
    table.string('client_id', 200).notNullable();
    table.string('topic', 40).notNullable();
    table.string('from_on', 10).notNullable();
    table.string('to_on', 10).notNullable();
    table.bigInteger('dossiers').notNullable();
    table.bigInteger('through_identity').notNullable();
    table.text('basis').notNullable(); // whom the service is for, in its own words; 'unknown'
    table.bigInteger('basis_persons'); // null: unknown
    table.text('source').notNullable();
    table.text('reason');
    table.integer('version').notNullable();
    table.string('reported_by', 200).notNullable();
    table.bigInteger('recorded_at').notNullable();
    table.unique(['client_id', 'topic', 'from_on', 'to_on', 'version']);
  });
  await knex.schema.alterTable('clients', (table) => {
    table.string('reports_for', 200);
  });
}

/** What is stored already: every sign-in with its pages, and the days on which consent was given (at least one sign-in each). Sign-ins through a session that was
 *  there were not kept. */
async function carryOver(knex: Knex): Promise<void> {
  const dayOf = (column: string): string =>
    isPostgres(knex)
      ? `to_char(to_timestamp((${column} + 25200000) / 1000) at time zone 'UTC', 'YYYY-MM-DD')`
      : `strftime('%Y-%m-%d', (${column} + 25200000) / 1000, 'unixepoch')`;
  await knex.raw(`insert into rp_subject_days (client_id, account_id, used_on, sign_ins)
    select client_id, account_id, used_on, case when sum(signed_in) > 0 then sum(signed_in) else 1 end from (
      select client_id, account_id, ${dayOf('occurred_at')} as used_on, 1 as signed_in from sign_ins
        where outcome = 'signed_in' and client_id is not null
      union all
      select client_id, account_id, ${dayOf('given_at')} as used_on, 0 as signed_in from consents) as uses
    where client_id not in (select id from clients where origin = 'own')
    group by client_id, account_id, used_on`);
  await knex.raw(`insert into rp_subjects (client_id, account_id, first_used_on)
    select client_id, account_id, min(used_on) from rp_subject_days group by client_id, account_id`);
  await knex.raw(`insert into rp_day_counters (client_id, day, sign_ins, new_subjects)
    select client_id, day, sum(sign_ins), sum(new_subjects) from (
      select client_id, used_on as day, sign_ins, 0 as new_subjects from rp_subject_days
      union all
      select client_id, first_used_on as day, 0 as sign_ins, 1 as new_subjects from rp_subjects) as uses
    group by client_id, day`);
}

/** What was counted since cannot be rebuilt whole: sign-ins through a session that was there are kept nowhere else. */
export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('clients', (table) => {
    table.dropColumn('reports_for');
  });
  for (const name of ['rp_totals', 'rp_day_counters', 'rp_subject_days', 'rp_subjects', 'rp_uses'])
    await knex.schema.dropTable(name);
}
