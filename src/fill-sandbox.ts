import type { Register } from './assemble-register.ts';
import { fillAttempts } from './fill-sandbox-attempts.ts';
import { fillStatistics } from './fill-sandbox-bases.ts';
import { generatePeople } from './register/generate-people.ts';
import { importRecords } from './register/import-people.ts';
import { listImportPositions } from './register/import-position-store.ts';
import { startSandboxData } from './sandbox/start-sandbox-data.ts';

/** Always the same fictional people. */
const SEED = 1;

/** Fills a new sandbox with SYNTHETIC_PEOPLE fictional people and the personas; in one that was filled before, or by `dinhdanh demo`, whose numbers are exact,
 *  only the personas are looked after. */
export async function fillSandbox(register: Register): Promise<{ synthetic: number; added: number; reopened: number }> {
  const addSyntheticPeople = async (count: number, now: Date): Promise<void> => {
    await importRecords(register, generatePeople({ count, seed: SEED, now }));
    await fillStatistics(register.db, count, now);
    await fillAttempts(register.db, now);
  };
  const isDemo = (await listImportPositions(register.db)).length > 0;
  const config = isDemo ? { ...register.config, syntheticPeople: 0 } : register.config;
  return startSandboxData({ ...register, config, addSyntheticPeople }, register.clock());
}
