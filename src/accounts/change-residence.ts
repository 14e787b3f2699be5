import { appendAudit } from '../audit/audit-store.ts';
import type { AuditActor } from '../domain/audit-event.ts';
import { existsOn, findUnit } from '../domain/place.ts';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import { findAccountForChange } from './account-store.ts';
import { recordResidentFact } from './count-residents.ts';
import { changePerson, findPerson } from './person-store.ts';
import { findLatestMove } from './resident-fact-store.ts';

export type ResidenceChange = {
  readonly accountId: string;
  /** Where the holder lives since `movedOn`. */
  readonly unitCode: string;
  readonly movedOn: CalendarDate;
  readonly reason: string;
  readonly actor: AuditActor;
  readonly now: Date;
};

/** Moves a person to another unit, as of a day that may be over: figures of the days since then count her there, as known from today on. A move learned late
 *  does not undo a later one.
 *  @returns `no_such_unit` for a unit that did not exist on that day, `not_yet` for a day that has not begun; then nothing was written. */
export async function changeResidence(
  tx: Db,
  vault: Vault,
  { accountId, unitCode, movedOn, reason, actor, now }: ResidenceChange,
): Promise<'moved' | 'no_account' | 'no_such_unit' | 'not_yet'> {
  const unit = findUnit(unitCode);
  if (unit === undefined || !existsOn(unit, movedOn)) return 'no_such_unit';
  if (movedOn > vietNamDay(now)) return 'not_yet';
  const account = await findAccountForChange(tx, accountId);
  const person = account && (await findPerson(tx, account.personId));
  if (person === undefined) return 'no_account';
  const from = person.residenceUnitCode;
  const latest = await findLatestMove(tx, person.id);
  await recordResidentFact(
    tx,
    accountId,
    {
      personId: person.id,
      kind: 'moved',
      quantity: 1,
      day: movedOn,
      unitCode,
      ...(from === undefined ? {} : { fromUnitCode: from }),
    },
    now,
  );
  if (latest === undefined || latest.day <= movedOn)
    await changePerson(tx, vault, { id: person.id, residenceUnitCode: unitCode }, now);
  const detail = { from: from ?? null, to: unitCode, moved_on: movedOn };
  await appendAudit(tx, { at: now, actor, action: 'person.residence_changed', accountId, reason, detail });
  return 'moved';
}
