import { type ActivationEvent, recordActivationEvents } from '../../src/accounts/activation-event-store.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { insertCampaigns } from '../../src/statistics/stores/campaign-store.ts';
import { insertDenominators } from '../../src/statistics/stores/denominator-store.ts';
import type { Frame, Group } from '../support/city-knowledge.ts';
import { accountOf, type Cohort, recordCohort } from './statistics-db.ts';

export const UNITS = ['00004', '00008', '00025', '00070', '00082'];
export const CHANNELS = ['self', 'assist_point', 'police'] as const;
/** Nobody has a birthday into another band within the months. */
const BORN = ['2014-06-01', '2011-06-01', '1990-06-01', '1950-06-01'];
export const SERVICES = ['ihanoi', 'so-suc-khoe'];
export const FRAME: Omit<Frame, 'isLevelTold'> = {
  units: UNITS.length,
  ages: [11, 14, 30, 65],
  channels: CHANNELS.length,
  weeks: ['2025-12-01', '2025-12-29', '2026-02-02'],
  days: ['2025-12-10', '2026-01-06', '2026-01-20', '2026-02-11', '2026-02-18'],
  months: ['2025-12', '2026-01', '2026-02'],
  services: SERVICES.length,
};
export const BANDS: Readonly<Record<string, number>> = { '6-13': 11, '14': 14, '18-59': 30, '60+': 65 };
export const ENDS = ['2025-12-31', '2026-01-31', '2026-02-28'];

export type Person = Group & { readonly level: 1 | 2 };
/** A small city, and what is loaded about it. */
export type City = {
  readonly groups: readonly Person[];
  /** Of each week's notices, so many never activated. */
  readonly open: readonly number[];
  /** By service and month: who used it for the first time. */
  readonly subjects: readonly (readonly number[])[];
  /** Age cuts of what is loaded. */
  readonly targetAge: number | undefined;
  readonly residentAges: readonly number[];
  /** First and last days of campaigns. */
  readonly campaigns: readonly (readonly [from: string, to: string])[];
};

const at = (day: string, second = 0): Date => new Date(Date.parse(`${day}T03:00:00Z`) + second * 1_000);

export async function loadBases(db: Db, { targetAge, residentAges, campaigns }: City): Promise<void> {
  const base = { unitCode: '01', asOfOn: '2025-12-01', source: 'test', version: 1, recordedAt: at('2025-12-01') };
  await insertDenominators(db, [
    ...residentAges.map((ageMin) => ({
      ...base,
      basis: 'eligible_residents' as const,
      ageMin,
      quantity: 90_000 - ageMin,
    })),
    ...(targetAge === undefined
      ? []
      : [{ ...base, basis: 'assigned_target' as const, ageMin: targetAge, quantity: 80_000 }]),
  ]);
  await insertCampaigns(
    db,
    campaigns.map(([fromOn, toOn], index) => ({
      key: `dot-${index}`,
      kind: 'campaign',
      nameVi: 'Đợt',
      nameEn: 'Round',
      fromOn,
      toOn,
      unitCodes: [],
      target: undefined,
      note: '',
      source: 'test',
      reason: undefined,
      version: 1,
      recordedAt: at('2025-12-01'),
    })),
  );
}

/** What happened on some of the days. */
export async function liveIn(db: Db, city: City, isThen: (day: string) => boolean): Promise<void> {
  for (const [index, group] of city.groups.entries()) {
    const cohort = cohortOf(group, index);
    if (isThen(FRAME.days[group.day] as string)) await recordCohort(db, cohort);
    await activateAgain(db, { again: group.again, cohort }, isThen);
  }
  for (const [week, open] of city.open.entries()) {
    const monday = FRAME.weeks[week] as string;
    const cohort = { unitCode: '00004', notified: open, activated: 0, notifiedAt: at(monday, 9_000) };
    if (open > 0 && isThen(monday)) await recordCohort(db, cohort);
  }
  await useServices(db, city, isThen);
}

function cohortOf({ unit, age, sex, channel, week, day, persons, level }: Person, index: number): Cohort {
  return {
    unitCode: UNITS[unit] as string,
    level,
    notified: persons,
    activated: persons,
    signedIn: Math.floor(persons / 2),
    // Each at another second: then each has accounts of its own.
    notifiedAt: at(FRAME.weeks[week] as string, index),
    activatedAt: at(FRAME.days[day] as string, index),
    channel: CHANNELS[channel] ?? 'self',
    birthOn: BORN[age] ?? '1990-06-01',
    gender: sex === 0 ? 'female' : 'male',
  };
}

async function useServices(db: Db, { subjects }: City, isThen: (day: string) => boolean): Promise<void> {
  const rows = subjects.flatMap((months, service) =>
    months.map((persons, month) => ({
      client_id: SERVICES[service],
      day: ENDS[month] as string,
      sign_ins: persons * 3,
      new_subjects: persons,
    })),
  );
  for (const row of rows) if (row.new_subjects > 0 && isThen(row.day)) await db('rp_day_counters').insert(row);
}

/** Their other level, whose notice came on the day. */
async function activateAgain(
  db: Db,
  { again, cohort }: { again: readonly number[]; cohort: Cohort },
  isThen: (day: string) => boolean,
): Promise<void> {
  let first = 0;
  for (const [day, persons] of again.entries()) {
    const on = FRAME.days[day] as string;
    const ids = Array.from({ length: persons }, (_, index) => accountOf(cohort, first + index));
    first += persons;
    if (!isThen(on)) continue;
    const told = { recordedAt: at(on), occurredAt: at(on), unitCode: cohort.unitCode ?? '' };
    const base = { ...told, accountLevel: cohort.level === 1 ? 2 : 1 } as const;
    const events = ids.flatMap((accountId): ActivationEvent[] => [
      { ...base, accountId, kind: 'notified' },
      { ...base, accountId, kind: 'activated', channel: cohort.channel ?? 'self', notifiedOn: on },
    ]);
    await inTransaction(db, (tx) => recordActivationEvents(tx, events));
  }
}

/** How many of a week's notices there were by the end of a month. */
export function notifiedOf({ groups, open }: City, week: number, month: number): number {
  if ((FRAME.weeks[week] as string) > (ENDS[month] as string)) return 0;
  const activated = groups.filter((one) => one.week === week).reduce((sum, one) => sum + one.persons, 0);
  return activated + (open[week] ?? 0);
}

/** Women of 30 at level 2, unless told. */
export function group(day: number, persons: number, more: Partial<Person> = {}): Person {
  const week = [0, 1, 1, 2, 2][day] ?? 0;
  return { unit: 0, age: 2, sex: 0, channel: 0, week, day, persons, again: [], level: 2, ...more };
}

/** Grown up, of both sexes and levels, through every channel, on every day. */
export const CROWD: readonly Person[] = FRAME.days.flatMap((_, day) =>
  UNITS.flatMap((_code, unit) => [
    group(day, 25, { unit, channel: unit % 3, level: 1 }),
    group(day, 25, { unit, sex: 1, channel: (unit + 1) % 3 }),
    group(day, 15, { unit, age: 3, sex: unit % 2 === 0 ? 0 : 1 }),
  ]),
);
