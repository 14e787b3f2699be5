import type { Knex } from 'knex';

/** Under which version of the definitions a snapshot was frozen (`DEFINITIONS_VERSION` of src/statistics/stores/snapshot-store.ts): one of before keeps its figures and
 *  their old meaning. Those that stand are 1: persons counted where they activated. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('statistics_snapshots', (table) => {
    table.smallint('definitions_version').notNullable().defaultTo(1);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('statistics_snapshots', (table) => {
    table.dropColumn('definitions_version');
  });
}
