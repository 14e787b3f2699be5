import type { Knex } from 'knex';
import { isPostgres } from './dialect.ts';

/** What a step appends to the counters, until it is folded. */
const APPENDED = {
  activation_counter_deltas:
    'day varchar(10) not null, unit_code varchar(8) not null, account_level smallint not null, channel varchar(16) not null, measure varchar(20) not null, recorded_on varchar(10) not null, total bigint not null, notified_on varchar(10)',
  resident_counter_deltas:
    'day varchar(10) not null, unit_code varchar(8) not null, gender varchar(8) not null, age_from smallint not null, recorded_on varchar(10) not null, activated bigint not null, level2 bigint not null, used bigint not null, usable bigint not null',
} as const;

/** In a file rows are numbered as they come: a key without any order had an index of its own, whose pages each activation wrote as well. PostgreSQL stays as it is,
 *  where keys at random spread what is appended over machines. */
export async function up(knex: Knex): Promise<void> {
  if (isPostgres(knex)) return;
  for (const name of tables())
    await replaceTable(knex, name, { definition: 'id integer primary key', names: '', values: '' });
}

export async function down(knex: Knex): Promise<void> {
  if (isPostgres(knex)) return;
  for (const name of tables())
    await replaceTable(knex, name, {
      definition: `id varchar(36) not null constraint ${name}_key primary key`,
      names: 'id, ',
      values: 'lower(hex(randomblob(16))), ',
    });
}

function tables(): (keyof typeof APPENDED)[] {
  return Object.keys(APPENDED) as (keyof typeof APPENDED)[];
}

/** With another key; what waits in it is kept. */
async function replaceTable(
  knex: Knex,
  name: keyof typeof APPENDED,
  key: { definition: string; names: string; values: string },
): Promise<void> {
  const columns = APPENDED[name].replaceAll(/ [a-z]+(\(\d+\))?( not null)?(?=,|$)/g, '');
  await knex.raw(`create table ${name}_next (${key.definition}, ${APPENDED[name]})`);
  await knex.raw(`insert into ${name}_next (${key.names}${columns}) select ${key.values}${columns} from ${name}`);
  await knex.schema.dropTable(name);
  await knex.schema.renameTable(`${name}_next`, name);
}
