import type { Knex } from 'knex';

/** The counters of each month in one row, so that reading years costs months; and the bases of rates that are counted elsewhere. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('activation_month_counters', (table) => {
    table.string('month', 7).notNullable(); // YYYY-MM, of the day in Viet Nam
    table.string('unit_code', 8).notNullable();
    table.smallint('account_level').notNullable();
    table.string('measure', 20).notNullable();
    table.bigInteger('total').notNullable();
    table.primary(['unit_code', 'account_level', 'measure', 'month']); // in the order in which they are added up
  });
  await knex.raw(`insert into activation_month_counters (month, unit_code, account_level, measure, total)
    select substr(day, 1, 7), unit_code, account_level, measure, sum(total)
    from activation_counters group by substr(day, 1, 7), unit_code, account_level, measure`);

  await knex.schema.createTable('denominators', (table) => {
    table.string('id', 36).primary();
    table.string('basis', 24).notNullable(); // eligible_residents | assigned_target
    table.string('unit_code', 8).notNullable(); // the city itself by its own code
    table.string('as_of_on', 10).notNullable(); // the day about which it speaks
    table.smallint('age_min').notNullable(); // 0: not cut by age
    table.bigInteger('quantity').notNullable();
    table.string('source', 240).notNullable();
    table.integer('version').notNullable(); // a correction is the next version, with its reason
    table.string('reason', 240);
    table.bigInteger('recorded_at').notNullable(); // when the system learned of it
    table.unique(['basis', 'unit_code', 'as_of_on', 'age_min', 'version']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['denominators', 'activation_month_counters']) await knex.schema.dropTable(name);
}
