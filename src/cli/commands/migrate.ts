import { openDatabase, migrate as runMigrations } from '../../platform/database.ts';
import type { CliCommand } from '../command.ts';
import { explainedFailure, readConfig } from '../with-register.ts';

export const migrate: CliCommand = {
  usage: 'migrate',
  summary: 'bring the schema of the register up to date',
  details:
    'Safe to repeat. In production the provider refuses to start on an old schema; run this before the new version.',
  example: 'npx dinhdanh migrate',
  printsData: true,
  async run({ print }) {
    const config = readConfig();
    const db = openDatabase(config.database);
    try {
      const names = await runMigrations(db);
      print({ migrations: names }, names.length === 0 ? 'The schema is up to date.' : `Done: ${names.join(', ')}`);
    } catch (error) {
      throw explainedFailure(error);
    } finally {
      await db.destroy();
    }
    return undefined;
  },
};
