import type { Knex } from 'knex';
import { isPostgres } from './dialect.ts';

/** Nobody asks for the events of a day, which are counters, nor for one by its id: single ones are looked for by their account. In a file they lie in that order,
 *  and the table is its own index: an event is written in one place in place of four. PostgreSQL, whose tables have no order, keeps its key and the index by
 *  account: nothing there is written anew. */
export async function up(knex: Knex): Promise<void> {
  if (isPostgres(knex)) await knex.raw('drop index activation_events_day_index');
  else await replaceTable(knex, 'primary key (account_id, id)) without rowid');
}

export async function down(knex: Knex): Promise<void> {
  const indexed = isPostgres(knex) ? ['day'] : ['account_id', 'day'];
  if (!isPostgres(knex)) await replaceTable(knex, 'primary key (id))');
  for (const column of indexed)
    await knex.raw(`create index activation_events_${column}_index on activation_events (${column})`);
}

/** Each row is carried over, in the order of the new key. */
async function replaceTable(knex: Knex, key: string): Promise<void> {
  await knex.raw(`create table activation_events_next (
    id varchar(36) not null,
    kind varchar(20) not null,
    quantity smallint not null,
    account_id varchar(36) not null,
    grant_id varchar(36),
    account_level smallint not null,
    unit_code varchar(8) not null,
    channel varchar(16) not null,
    day varchar(10) not null,
    occurred_at bigint not null,
    recorded_at bigint not null,
    notified_on varchar(10),
    due_on varchar(10),
    ${key}`);
  await knex.raw(`insert into activation_events_next
    select id, kind, quantity, account_id, grant_id, account_level, unit_code, channel, day, occurred_at, recorded_at, notified_on, due_on
    from activation_events order by account_id, id`);
  await knex.schema.dropTable('activation_events');
  await knex.schema.renameTable('activation_events_next', 'activation_events');
}
