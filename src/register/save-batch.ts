import { type Account, changeAccounts, insertAccounts } from '../accounts/account-store.ts';
import {
  type ActivationEvent,
  type BatchCounts,
  insertEvents,
  listStandingEvents,
} from '../accounts/activation-event-store.ts';
import { type Activation, insertActivations } from '../accounts/activation-store.ts';
import { type Newcomers, recordResidentFact } from '../accounts/count-residents.ts';
import { changeGrants, insertGrants, type LevelGrant } from '../accounts/level-grant-store.ts';
import { changePerson, insertPersons, numberIndexes, type PersonChange } from '../accounts/person-store.ts';
import type { LedgerPerson } from '../domain/resident-ledger.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import type { Holder, PersonFacts, Tracked } from './known-register.ts';
import { grantEvents, mayDisproveReopening, placeWithChannelOf } from './merge-grant.ts';

/** Writes what a batch of rows made of `holders`, in the caller's transaction: records, activations, events. What the events say is added to `counts`,
 *  which the caller adds to the counters.
 *  @returns the accounts that stood before and have changed. */
export async function saveBatch(
  tx: Db,
  { vault, counts }: { readonly vault: Vault; readonly counts: BatchCounts },
  holders: readonly Holder[],
  now: Date,
): Promise<readonly string[]> {
  await savePersons(tx, vault, holders, now);
  const accounts = holders.flatMap(({ account }) => (account === undefined ? [] : [account]));
  await insertAccounts(tx, newOnes(accounts));
  await changeAccounts(tx, changedOnes(accounts), now);
  const grants = holders.flatMap((holder) => [...holder.grants.values()]);
  await insertGrants(tx, newOnes(grants), now);
  await changeGrants(tx, changedOnes(grants), now);
  await insertActivations(tx, grants.flatMap(newActivation), now);
  await insertEvents(tx, { events: await eventsOf(tx, holders, now), newcomers: newcomersOf(holders) }, counts);
  return holders.flatMap(changedAccountId);
}

/** Those of whom no event was told before. */
function newcomersOf(holders: readonly Holder[]): Newcomers {
  const persons = new Map<string, LedgerPerson>();
  for (const { person, account } of holders) {
    if (account === undefined || account.before !== undefined || person.before !== undefined) continue;
    const { birthOn, gender, residenceUnitCode: unitCode = '' } = person.now;
    persons.set(account.now.id, { birthOn, gender, unitCode });
  }
  return persons;
}

async function savePersons(tx: Db, vault: Vault, holders: readonly Holder[], now: Date): Promise<void> {
  const added = holders.flatMap(({ person, entry, newPhone }) => {
    if (entry === undefined) return [];
    const { citizenId } = entry.record;
    const phone = newPhone === undefined ? {} : { phone: newPhone };
    // A later row of hers may have brought the number.
    const indexes =
      newPhone === entry.record.phone ? entry.indexes : numberIndexes(vault, { citizenId, phone: newPhone });
    return [{ person: { ...person.now, citizenId, ...phone }, indexes }];
  });
  await insertPersons(tx, vault, added, now);
  for (const holder of holders) {
    const { person, newPhone } = holder;
    if (person.before === undefined || (person.before === person.now && newPhone === undefined)) continue;
    await recordFoundResidence(tx, holder, now);
    const change: PersonChange = { ...changeOf(person.before, person.now), ...(newPhone && { phone: newPhone }) };
    await changePerson(tx, vault, { id: person.now.id, ...change }, now);
  }
}

/** Where somebody lives of whom the register did not know it: counted there since the unit granted her a level, as known from today on. Before the person is
 *  changed, for the ledger goes by what stood. */
async function recordFoundResidence(tx: Db, { person, account, grants }: Holder, now: Date): Promise<void> {
  const { id, residenceUnitCode: unitCode } = person.now;
  if (person.before?.residenceUnitCode !== undefined || unitCode === undefined || account?.before === undefined) return;
  const since = [...grants.values()].flatMap(({ now: grant }) => (grant.unitCode === unitCode ? grant.grantedAt : []));
  const day = vietNamDay(since.reduce((first, one) => (one < first ? one : first), now));
  await recordResidentFact(tx, account.now.id, { personId: id, kind: 'moved', quantity: 1, day, unitCode }, now);
}

function changeOf(before: PersonFacts, now: PersonFacts): PersonChange {
  const entries = Object.entries(now).filter(([key, value]) => before[key as keyof PersonFacts] !== value);
  const hasLostExpiry = before.cardExpiresOn !== undefined && now.cardExpiresOn === undefined;
  return { ...(Object.fromEntries(entries) as PersonChange), ...(hasLostExpiry ? { cardExpiresOn: null } : {}) };
}

function newOnes<T>(tracked: readonly Tracked<T>[]): T[] {
  return tracked.filter(({ before }) => before === undefined).map(({ now }) => now);
}

function changedOnes<T>(tracked: readonly Tracked<T>[]): T[] {
  return tracked.filter(isChanged).map(({ now }) => now);
}

function isChanged({ before, now }: Tracked<unknown>): boolean {
  return before !== undefined && before !== now;
}

function changedAccountId({ person, newPhone, account, grants }: Holder): string[] {
  if (account?.before === undefined) return [];
  const tracked: Tracked<unknown>[] = [person, account, ...grants.values()];
  const hasNewGrant = [...grants.values()].some(({ before }) => before === undefined);
  return hasNewGrant || newPhone !== undefined || tracked.some(isChanged) ? [account.now.id] : [];
}

/** An activation that was not known before: a row of its own. It brings no credentials. */
function newActivation({ before, now }: Tracked<LevelGrant>): Activation[] {
  const { firstActivatedAt: activatedAt, channel, unitCode } = now;
  if (activatedAt === undefined || channel === undefined || before?.firstActivatedAt !== undefined) return [];
  const base = { id: newId(), grantId: now.id, accountId: now.accountId, activatedAt, channel };
  return [unitCode === undefined ? base : { ...base, unitCode }];
}

async function eventsOf(tx: Db, holders: readonly Holder[], now: Date): Promise<ActivationEvent[]> {
  const events: ActivationEvent[] = [];
  /** By account: what an earlier row said and this batch has disproved. */
  const disproved = new Map<string, ((event: Omit<ActivationEvent, 'recordedAt'>) => boolean)[]>();
  const takeBack = (accountId: string, isDisproved: (event: Omit<ActivationEvent, 'recordedAt'>) => boolean): void =>
    void disproved.set(accountId, [...(disproved.get(accountId) ?? []), isDisproved]);

  for (const { account, grants } of holders) {
    if (account === undefined) continue;
    for (const grant of grants.values()) {
      if (grant.before === grant.now) continue;
      const told = grantEvents(grant.before, grant.now, now);
      events.push(...told.events);
      if (told.takesBackLate)
        takeBack(grant.now.accountId, (event) => event.kind === 'late' && event.grantId === grant.now.id);
      if (mayDisproveReopening(grant.before, grant.now))
        takeBack(grant.now.accountId, (event) => isReopenedAfter(event, grant.now));
    }
    for (const { kind, of } of PERSON_EVENTS) {
      const first = firstOf(account, [...grants.values()], of);
      if (first === undefined) continue;
      events.push({ ...placeWithChannelOf(first.grant), kind, occurredAt: first.at, recordedAt: now });
      if (first.replaces) takeBack(account.now.id, (event) => event.kind === kind);
    }
  }
  const standing = await listStandingEvents(tx, [...disproved.keys()], TAKEN_BACK);
  for (const event of events) if (event.kind === 'activated') putWindow(event, standing);
  const takenBack = standing.filter((event) =>
    (disproved.get(event.accountId) ?? []).some((isDisproved) => isDisproved(event)),
  );
  return [...events, ...takenBack.map((event) => ({ ...event, quantity: -1 as const, recordedAt: now }))];
}

function isReopenedAfter(event: Omit<ActivationEvent, 'recordedAt'>, { id, firstActivatedAt }: LevelGrant): boolean {
  if (event.kind !== 'reopened' || event.grantId !== id || firstActivatedAt === undefined) return false;
  return event.occurredAt >= firstActivatedAt;
}

/** The activation fell in the window that was opened last before it, or after its end. */
function putWindow(activated: ActivationEvent, standing: readonly Omit<ActivationEvent, 'recordedAt'>[]): void {
  const { grantId, occurredAt } = activated;
  const dueOn = standing
    .filter((event) => event.kind === 'reopened' && event.grantId === grantId && event.occurredAt < occurredAt)
    .flatMap((event) => event.dueOn ?? [])
    .toSorted()
    .at(-1);
  if (dueOn !== undefined) activated.dueOn = dueOn;
}

const PERSON_EVENTS = [
  { kind: 'person_activated', of: 'firstActivatedAt' },
  { kind: 'person_first_login', of: 'firstLoginAt' },
] as const;
const TAKEN_BACK = ['late', 'reopened', 'person_activated', 'person_first_login'] as const;

/** The grant by which a person counts from now on, the earliest, at equal times the lower level; undefined when that has not changed. */
function firstOf(
  account: Tracked<Account>,
  grants: readonly Tracked<LevelGrant>[],
  of: 'firstActivatedAt' | 'firstLoginAt',
): { grant: LevelGrant; at: Date; replaces: boolean } | undefined {
  const after = earliestGrant(
    grants.map(({ now }) => now),
    of,
  );
  const at = after?.[of];
  if (after === undefined || at === undefined) return undefined;
  const known = account.before?.[of];
  if (known === undefined) return { grant: after, at, replaces: false };
  const was = earliestGrant(
    grants.flatMap(({ before }) => before ?? []),
    of,
  );
  const isEarlier = at < known || (at.getTime() === known.getTime() && was !== undefined && was.id !== after.id);
  return isEarlier ? { grant: after, at, replaces: true } : undefined;
}

function earliestGrant(grants: readonly LevelGrant[], of: 'firstActivatedAt' | 'firstLoginAt'): LevelGrant | undefined {
  return grants
    .filter((grant) => grant[of] !== undefined)
    .toSorted((a, b) => Number(a[of]) - Number(b[of]) || a.accountLevel - b.accountLevel)[0];
}
