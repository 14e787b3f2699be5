import type { Knex } from 'knex';

/** Figures that others published, as they published them: with a basis of their own, or with none. Nothing is divided by them. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('published_figures', (table) => {
    table.string('id', 36).primary();
    table.string('topic', 40).notNullable(); // what it is about: activation, intake, a service's own name
    table.string('unit_code', 8).notNullable();
    table.string('as_of_on', 10).notNullable(); // '' where no day was published
    table.bigInteger('numerator').notNullable();
    table.bigInteger('denominator'); // null where none was published
    table.smallint('is_rounded').notNullable(); // 1: published as "1.4 million"
    table.string('percent', 16); // as published, a plain decimal; null where none was
    table.string('basis', 24).notNullable(); // a DenominatorBasis; unknown where none was told
    table.string('source', 240).notNullable();
    table.integer('version').notNullable(); // a correction is the next version, with its reason
    table.string('reason', 240);
    table.bigInteger('recorded_at').notNullable();
    table.unique(['topic', 'unit_code', 'as_of_on', 'version']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('published_figures');
}
