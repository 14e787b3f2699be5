import type { Knex } from 'knex';

/** Campaigns and dated notes; and how activation attempts went, counted when each is over. Attempts that are there are counted too: they lie uncounted. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('campaigns', (table) => {
    table.string('id', 36).primary();
    table.string('key', 40).notNullable();
    table.string('kind', 12).notNullable(); // campaign | note
    table.string('name_vi', 120).notNullable();
    table.string('name_en', 120).notNullable();
    table.string('from_on', 10).notNullable();
    table.string('to_on', 10).notNullable(); // the last day of it
    table.text('unit_codes').notNullable(); // separated by spaces; '' for all of the city
    table.bigInteger('target'); // persons; null where none was set
    table.string('note', 240).notNullable();
    table.string('source', 240).notNullable();
    table.integer('version').notNullable(); // a correction is the next version, with its reason
    table.string('reason', 240);
    table.bigInteger('recorded_at').notNullable();
    table.unique(['key', 'version']);
  });

  await knex.schema.alterTable('activation_attempts', (table) => {
    table.string('silence', 20); // why it is taken for lost where nothing ended it but time
    table.string('counted_unit', 8); // the unit under which it is counted in activation_funnel; null while it is not
  });
  await knex.raw('create index activation_attempts_uncounted on activation_attempts (id) where counted_unit is null');
  await knex.schema.createTable('activation_funnel', (table) => {
    table.string('day', 10).notNullable(); // on which the attempts began, in Viet Nam
    table.string('unit_code', 8).notNullable(); // '' when unknown, as it is where the typed pair does not exist
    table.string('channel', 16).notNullable();
    table.string('step', 12).notNullable(); // at which they ended
    table.string('ending', 20).notNullable();
    table.smallint('chose_password').notNullable(); // 1: the person had none
    table.smallint('needs_guardian').notNullable();
    table.bigInteger('total').notNullable();
    table.primary(['day', 'unit_code', 'channel', 'step', 'ending', 'chose_password', 'needs_guardian']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('activation_funnel');
  await knex.raw('drop index activation_attempts_uncounted');
  for (const column of ['counted_unit', 'silence']) {
    await knex.schema.alterTable('activation_attempts', (table) => table.dropColumn(column));
  }
  await knex.schema.dropTable('campaigns');
}
