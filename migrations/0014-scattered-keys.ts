import type { Knex } from 'knex';
import { isPostgres } from './dialect.ts';

const APPENDED = {
  activation_counter_deltas: (table: Knex.CreateTableBuilder) => {
    table.string('day', 10).notNullable();
    table.string('unit_code', 8).notNullable();
    table.smallint('account_level').notNullable();
    table.string('channel', 16).notNullable();
    table.string('measure', 20).notNullable();
    table.string('recorded_on', 10).notNullable();
    table.bigInteger('total').notNullable();
    table.string('notified_on', 10);
  },
  resident_counter_deltas: (table: Knex.CreateTableBuilder) => {
    table.string('day', 10).notNullable();
    table.string('unit_code', 8).notNullable();
    table.string('gender', 8).notNullable();
    table.smallint('age_from').notNullable();
    table.string('recorded_on', 10).notNullable();
    for (const measure of ['activated', 'level2', 'used', 'usable']) table.bigInteger(measure).notNullable();
  },
  rp_uses: (table: Knex.CreateTableBuilder) => {
    table.string('client_id', 200).notNullable();
    table.string('account_id', 36).notNullable();
    table.string('used_on', 10).notNullable();
  },
};
type AppendedTable = keyof typeof APPENDED;
const TABLES = Object.keys(APPENDED) as AppendedTable[];

/** How many rows `resident_progress` has; a transaction locks one of them, whoever counts alone locks all. */
const PROGRESS_ROWS = 64;

/** What a PostgreSQL spread over many machines needs: keys at random where a sequence was, so that what is appended does not all go to one place; rows to lock
 *  where an advisory lock was, which such databases have not, or have in name alone. */
export async function up(knex: Knex): Promise<void> {
  const newKey = isPostgres(knex) ? 'gen_random_uuid()::text' : 'lower(hex(randomblob(16)))';
  for (const name of TABLES)
    await replaceTable(knex, name, {
      key: (table) => {
        table.string('id', 36).notNullable();
        table.primary(['id'], `${name}_key`);
      },
      select: newKey,
    });
  await knex.schema.createTable('named_locks', (table) => {
    table.string('name', 40).primary();
  });
  await knex('named_locks').insert({ name: 'rp_use_fold' });
  const [progress] = (await knex('resident_progress')) as { counted_on: string; filled_to: string }[];
  if (progress === undefined) throw new Error('resident_progress has no row');
  await knex('resident_progress').insert(
    Array.from({ length: PROGRESS_ROWS - 1 }, (_, index) => ({ ...progress, id: index + 2 })),
  );
}

/** What was appended and not yet folded is kept. */
export async function down(knex: Knex): Promise<void> {
  await knex('resident_progress').where('id', '>', 1).delete();
  await knex.schema.dropTable('named_locks');
  for (const name of TABLES) await replaceTable(knex, name, { key: (table) => table.bigIncrements('id') });
}

/** With another key. No database changes the type of one in its place in the same way. */
async function replaceTable(
  knex: Knex,
  name: AppendedTable,
  id: { key: (table: Knex.CreateTableBuilder) => unknown; select?: string },
): Promise<void> {
  const next = `${name}_next`;
  await knex.schema.createTable(next, (table) => {
    id.key(table);
    APPENDED[name](table);
  });
  const columns = Object.keys(await knex(name).columnInfo()).filter((column) => column !== 'id');
  const [into, from] = id.select === undefined ? ['', ''] : ['id, ', `${id.select}, `];
  const names = columns.join(', ');
  await knex.raw(`insert into ${next} (${into}${names}) select ${from}${names} from ${name}`);
  await knex.schema.dropTable(name);
  await knex.schema.renameTable(next, name);
}
