import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { ageAt } from '../domain/birth-date.ts';
import type { CitizenId, Gender } from '../domain/citizen-id.ts';
import type { FullName } from '../domain/full-name.ts';
import { activationDueAt } from '../domain/level-grant.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { SYNTHETIC_BIRTHPLACE_CODE, TWO_TIER_FROM } from '../domain/place.ts';
import { HANOI_DISTRICTS, HANOI_UNITS } from '../domain/place-data.ts';
import { addDays, startOfVietNamDay, vietNamDay } from '../domain/viet-nam-time.ts';
import type { PersonRecord } from './person-record.ts';
import { createPermutation, createRandomSource, type RandomSource, weigh } from './random-source.ts';
import { syntheticName } from './synthetic-names.ts';
import { type SyntheticTimes, syntheticTimes, unitTraits } from './synthetic-times.ts';

export type GenerateOptions = {
  /** Persons; some have two rows, one for each account level. */
  readonly count: number;
  readonly seed: number;
  /** The last moment of the histories. */
  readonly now: Date;
};

/** Fictional people of Hà Nội with plausible histories: their citizen ids begin with the unassigned 999, so that no real person can be hit.
 *  The same options give the same rows. Ages, shares and waits are guesses (design); nothing official can be read out of them. */
export function* generatePeople({ count, seed, now }: GenerateOptions): Generator<PersonRecord> {
  const random = createRandomSource(seed);
  const scatter = createPermutation(seed, SERIALS);
  const born = new Map<string, number>();
  /** The serial number of the next child of that sex and year: no two of them share one. */
  const nextSerial = (group: string): number => {
    const serial = born.get(group) ?? 0;
    born.set(group, serial + 1);
    return scatter(serial);
  };
  const scatterPhone = createPermutation(seed + 1, SUBSCRIBERS);
  const times = syntheticTimes(now, HISTORY_DAYS);
  let guardian: CitizenId | undefined;
  for (let index = 0; index < count; index += 1) {
    const person = syntheticPerson(random, now, { nextSerial, subscriber: scatterPhone(index), guardian });
    const levels = levelsOf(random, person, now);
    for (const level of levels) yield { ...person, accountLevel: level, ...historyOf(random, person, level, times) };
    if (ageAt(person.birthOn, now) >= 25) guardian = person.citizenId;
  }
}

/** Six digits behind the sex and the year of birth: enough for as many people as there are. */
const SERIALS = 1_000_000;
/** Nine digits behind 0, the first of them one of PHONE_PREFIXES. */
const SUBSCRIBERS = 500_000_000;
const PHONE_PREFIXES = ['3', '5', '7', '8', '9'] as const;
const DAY_MS = 86_400_000;
/** Histories go back this far. */
const HISTORY_DAYS = 540;

const AGE_BANDS = weigh<readonly [number, number]>([
  [[6, 13], 6],
  [[14, 17], 9],
  [[18, 29], 21],
  [[30, 44], 29],
  [[45, 59], 21],
  [[60, 74], 11],
  [[75, 92], 3],
]);

const DISTRICTS = weigh(HANOI_DISTRICTS.map(([code, , , weight]) => [code, weight] as const));
/** A ward holds about as many people as one and a half communes of the same list (a guess: no weights are published for the units of 2025). */
const UNITS = weigh(
  HANOI_UNITS.map(([code, , type]) => [code, unitTraits(code).size * (type === 'phường' ? 3 : 2)] as const),
);

type Person = Omit<
  PersonRecord,
  'accountLevel' | 'unitCode' | 'appliedAt' | 'grantedAt' | 'notifiedAt' | 'activatedAt' | 'firstLoginAt' | 'channel'
>;

function syntheticPerson(
  random: RandomSource,
  now: Date,
  unique: { nextSerial: (group: string) => number; subscriber: number; guardian: CitizenId | undefined },
): Person {
  const [youngest, oldest] = random.pickWeighted(AGE_BANDS);
  const ageDays = Math.floor((random.whole(youngest, oldest) + random.fraction()) * 365.25) + HISTORY_DAYS;
  const birthOn = addDays(vietNamDay(now), -ageDays);
  const gender: Gender = random.chance(0.503) ? 'female' : 'male';
  const age = ageAt(birthOn, now);
  const isChild = age < 14 && unique.guardian !== undefined;
  const card = cardOf(random, birthOn, now);
  return {
    citizenId: citizenIdOf(birthOn, gender, unique.nextSerial),
    fullName: syntheticName(random, gender, Number(birthOn.slice(0, 4))) as FullName,
    birthOn,
    gender,
    phone: age < 14 ? undefined : phoneOf(unique.subscriber),
    ...card,
    nationality: 'VNM',
    placeOfBirth: 'Hà Nội',
    residenceAddress: undefined,
    residenceType: random.chance(0.86) ? 'permanent' : 'temporary',
    guardianCitizenId: isChild ? unique.guardian : undefined,
    guardianRelationship: isChild ? random.pick(['father', 'mother', 'guardian']) : undefined,
  };
}

function citizenIdOf(birthOn: string, gender: Gender, nextSerial: (group: string) => number): CitizenId {
  const centuryAndSex = (Number(birthOn.slice(0, 2)) - 19) * 2 + (gender === 'female' ? 1 : 0);
  const group = `${centuryAndSex}${birthOn.slice(2, 4)}`;
  return `${SYNTHETIC_BIRTHPLACE_CODE}${group}${String(nextSerial(group)).padStart(6, '0')}` as CitizenId;
}

function phoneOf(subscriber: number): PhoneNumber {
  const prefix = PHONE_PREFIXES[Math.floor(subscriber / 1e8)] ?? '9';
  return `+84${prefix}${String(subscriber % 1e8).padStart(8, '0')}` as PhoneNumber;
}

/** Cards are renewed at 14, 25, 40 and 60; after that one is for life. Law 26/2023/QH15, Article 21. */
function cardOf(
  random: RandomSource,
  birthOn: string,
  now: Date,
): Pick<Person, 'cardStatus' | 'cardIssuedOn' | 'cardExpiresOn'> {
  const today = vietNamDay(now);
  const cardIssuedOn = addDays(today, -HISTORY_DAYS - random.whole(100, 1400));
  const renewal = [14, 25, 40, 60].map((age) => birthdayAt(birthOn, age)).find((day) => day > cardIssuedOn);
  const cardStatus = renewal !== undefined && renewal < today ? 'expired' : 'valid';
  return { cardStatus, cardIssuedOn, cardExpiresOn: renewal };
}

function birthdayAt(birthOn: string, age: number): string {
  const day = birthOn.slice(5) === '02-29' ? '02-28' : birthOn.slice(5);
  return `${Number(birthOn.slice(0, 4)) + age}-${day}`;
}

function levelsOf(random: RandomSource, person: Person, now: Date): readonly AccountLevel[] {
  if (ageAt(person.birthOn, now) < 14) return [1];
  if (random.chance(0.62)) return [2];
  return random.chance(0.6) ? [1] : [1, 2];
}

type History = Pick<
  PersonRecord,
  'unitCode' | 'appliedAt' | 'grantedAt' | 'notifiedAt' | 'activatedAt' | 'firstLoginAt' | 'channel'
>;

/** Applied → granted → notified → activated → signed in; what would lie after `now` has not happened yet. */
function historyOf(random: RandomSource, person: Person, level: AccountLevel, times: SyntheticTimes): History {
  const { now } = times;
  const appliedAt = officeHour(random, random.pickWeighted(times.days), now);
  const grantedAt = later(appliedAt, random.whole(2, level === 1 ? 30 : 76) * 3_600_000, now) ?? appliedAt;
  const unitCode = random.pickWeighted(vietNamDay(grantedAt) < TWO_TIER_FROM ? DISTRICTS : UNITS);
  const notifiedAt = later(grantedAt, random.whole(5, 36 * 60) * 60_000, now);
  const activated = activationOf(random, times, notifiedAt, unitTraits(unitCode).diligence);
  const isUsed = random.chance(0.88);
  const firstLoginWait = random.chance(0.7) ? random.whole(1, 90) * 60_000 : random.whole(1, 40) * DAY_MS;
  const firstLoginAt = isUsed && activated !== undefined ? later(activated.at, firstLoginWait, now) : undefined;
  const channel = activated && channelOf(random, person, activated.how, now);
  return { unitCode, appliedAt, grantedAt, notifiedAt, activatedAt: activated?.at, firstLoginAt, channel };
}

type Activated = { readonly at: Date; readonly how: 'in_time' | 'late' | 'in_campaign' };

/** Most who activate do so in their seven days, at once; some come late, many of them when a campaign looks for them; some never. */
function activationOf(
  random: RandomSource,
  { now, campaigns }: SyntheticTimes,
  notifiedAt: Date | undefined,
  diligence: number,
): Activated | undefined {
  const fate = random.fraction();
  const haste = random.fraction();
  const lateDays = random.whole(1, 150);
  const isFound = random.chance(0.45);
  if (notifiedAt === undefined || fate > diligence) return undefined;
  const dueAt = activationDueAt(notifiedAt);
  if (fate <= diligence * 0.8) {
    const at = later(notifiedAt, Math.floor((haste ** 2 * 7 * DAY_MS + 60_000) / 1000) * 1000, now);
    return at && { at, how: at > dueAt ? 'late' : 'in_time' };
  }
  const campaign = isFound ? campaigns.find(({ to }) => to > dueAt) : undefined;
  if (campaign !== undefined) {
    const from = Math.max(dueAt.getTime() + 1000, campaign.from.getTime());
    const at = new Date(Math.floor((from + haste * (campaign.to.getTime() - from)) / 1000) * 1000);
    return at > now ? undefined : { at, how: 'in_campaign' };
  }
  const at = later(dueAt, lateDays * DAY_MS - Math.floor(haste * 40_000) * 1000, now);
  return at && { at: at > dueAt ? at : new Date(dueAt.getTime() + 1000), how: 'late' };
}

const CHANNELS = weigh<ActivationChannel>([
  ['self', 58],
  ['police', 14],
  ['assist_point', 9],
  ['mobile_team', 9],
  ['qr_guide', 7],
  ['hotline', 3],
]);
/** What a late or elderly person more often needs. */
const ASSISTED_CHANNELS = weigh<ActivationChannel>([
  ['hotline', 30],
  ['assist_point', 28],
  ['police', 24],
  ['mobile_team', 18],
]);

/** Of those whom a campaign finds at their doors. */
const CAMPAIGN_CHANNELS = weigh<ActivationChannel>([
  ['mobile_team', 62],
  ['police', 22],
  ['qr_guide', 16],
]);

function channelOf(random: RandomSource, person: Person, how: Activated['how'], now: Date): ActivationChannel {
  if (how === 'in_campaign') return random.pickWeighted(CAMPAIGN_CHANNELS);
  const isElder = ageAt(person.birthOn, now) >= 70;
  return random.pickWeighted(how === 'late' || (isElder && random.chance(0.7)) ? ASSISTED_CHANNELS : CHANNELS);
}

/** Between 7:30 and 17:00 of that day, but not after `now`. */
function officeHour(random: RandomSource, day: string, now: Date): Date {
  const at = startOfVietNamDay(day).getTime() + (7.5 * 3600 + random.whole(0, 9.5 * 3600)) * 1000;
  return new Date(Math.min(at, Math.floor(now.getTime() / 1000) * 1000));
}

function later(than: Date, byMillis: number, now: Date): Date | undefined {
  const at = new Date(than.getTime() + byMillis);
  return at <= now ? at : undefined;
}
