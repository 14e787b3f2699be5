import { findAccount } from '../accounts/account-store.ts';
import { startOfVietNamDay, vietNamDay } from '../domain/viet-nam-time.ts';
import { PERSONAS } from './personas.ts';
import { personaIds } from './sandbox-person.ts';
import { type SeedDeps, seedPersonas } from './seed-personas.ts';

export type StartSandboxDataDeps = SeedDeps & {
  config: { syntheticPeople: number };
  /** Makes this many fictional people by the same road as imported ones; the same `now` makes the same people. */
  addSyntheticPeople(count: number, now: Date): Promise<void>;
};

/** Fills a new sandbox: synthetic people, so that the rates mean something, then the personas. A register that has a persona already was
 *  filled before, and gets only what `seedPersonas` finds missing. Stopped half-way, it goes on where it was if it is started again that day. */
export async function startSandboxData(
  deps: StartSandboxDataDeps,
  now: Date,
): Promise<{ synthetic: number; added: number; reopened: number }> {
  const synthetic = (await hasPersona(deps)) ? 0 : deps.config.syntheticPeople;
  if (synthetic > 0) await deps.addSyntheticPeople(synthetic, startOfVietNamDay(vietNamDay(now)));
  return { synthetic, ...(await seedPersonas(deps, now)) };
}

async function hasPersona({ db }: SeedDeps): Promise<boolean> {
  for (const { key } of PERSONAS) if ((await findAccount(db, personaIds(key).accountId)) !== undefined) return true;
  return false;
}
