import type { Knex } from 'knex';
import { isPostgres } from './dialect.ts';

/** Persons who are alive and activated, where they live, by sex and age band: counters of their own, and the facts about persons that change them (moves,
 *  deaths) with the day on which they were learned. The counters are a recount of those facts and of the activation events; those of people who are there
 *  already are counted in batches (`resident_progress`, `fillResidents`). */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('resident_facts', (table) => {
    table.string('id', 36).primary();
    table.string('person_id', 36).notNullable();
    table.string('kind', 12).notNullable(); // moved | died
    table.smallint('quantity').notNullable(); // 1, or -1 where a death is taken back
    table.string('unit_code', 8); // of a move: where to
    table.string('from_unit_code', 8); // of a move: what the register said before
    table.string('day', 10).notNullable(); // in Viet Nam
    table.bigInteger('recorded_at').notNullable();
    table.index(['person_id']);
  });
  await knex.schema.createTable('resident_counters', (table) => {
    table.string('period', 11).notNullable(); // D2026-03-02, M2026-03 or Y2026: each entry stands in all three
    counterColumns(table);
    table.primary(['period', 'unit_code', 'gender', 'age_from', 'recorded_on']);
  });
  // What PostgreSQL has yet to add, as activation_counter_deltas.
  await knex.schema.createTable('resident_counter_deltas', (table) => {
    table.bigIncrements('id');
    table.string('day', 10).notNullable();
    counterColumns(table);
  });
  await knex.schema.createTable('resident_progress', (table) => {
    table.smallint('id').primary(); // one row
    table.string('counted_on', 10).notNullable(); // birthdays are counted to the end of this day
    table.string('filled_to', 36).notNullable(); // accounts up to this id are counted; '~' for all
  });
  await knex.schema.alterTable('persons', (table) => {
    table.index(['birth_on']);
  });

  const today = isPostgres(knex)
    ? `to_char(now() at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD')`
    : `strftime('%Y-%m-%d', 'now', '+7 hours')`;
  await knex.raw(`insert into resident_progress (id, counted_on, filled_to)
    select 1, ${today}, case when exists (select 1 from accounts) then '' else '~' end`);
  const dayOf = (instant: string): string =>
    isPostgres(knex)
      ? `to_char(to_timestamp((${instant} + 25200000) / 1000) at time zone 'UTC', 'YYYY-MM-DD')`
      : `strftime('%Y-%m-%d', (${instant} + 25200000) / 1000, 'unixepoch')`;
  const died = `select %ID%, persons.id, 'died', %QUANTITY%, ${dayOf('coalesce(deceased_at, opened_at)')}, %AT%
    from lock_grounds join accounts on accounts.id = account_id join persons on persons.id = person_id
    where ground = 'death'`;
  const columns = 'insert into resident_facts (id, person_id, kind, quantity, day, recorded_at)';
  const fill = (id: string, quantity: string, at: string): string =>
    died.replace('%ID%', id).replace('%QUANTITY%', quantity).replace('%AT%', at);
  await knex.raw(`${columns} ${fill('lock_grounds.id', '1', 'opened_at')}`);
  await knex.raw(
    `${columns} ${fill(`'x' || substr(lock_grounds.id, 2)`, '-1', 'closed_at')} and closed_at is not null`,
  );
}

function counterColumns(table: Knex.CreateTableBuilder): void {
  table.string('unit_code', 8).notNullable(); // '' when it is not known
  table.string('gender', 8).notNullable();
  table.smallint('age_from').notNullable(); // least age of the band
  table.string('recorded_on', 10).notNullable(); // '' when it was known by the end of the period; else the day it was learned
  for (const measure of ['activated', 'level2', 'used', 'usable']) table.bigInteger(measure).notNullable();
}

/** Moves are lost, but for where they led to. */
export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('persons', (table) => {
    table.dropIndex(['birth_on']);
  });
  for (const name of ['resident_progress', 'resident_counter_deltas', 'resident_counters', 'resident_facts'])
    await knex.schema.dropTable(name);
}
