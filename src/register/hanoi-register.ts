import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { CitizenId, Gender } from '../domain/citizen-id.ts';
import type { FullName } from '../domain/full-name.ts';
import { activationDueAt } from '../domain/level-grant.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { SYNTHETIC_BIRTHPLACE_CODE } from '../domain/place.ts';
import { HANOI_DISTRICTS } from '../domain/place-data.ts';
import {
  addDays,
  type CalendarDate,
  daysBetween,
  endOfVietNamDay,
  startOfVietNamDay,
} from '../domain/viet-nam-time.ts';
import type { PersonRecord } from './person-record.ts';
import { createPermutation, createRandomSource, type RandomSource, weigh } from './random-source.ts';
import { syntheticName } from './synthetic-names.ts';

/** As published on 28/6/2023: accounts to be activated, and activated ones. All else of these histories is made up. */
export const HANOI_2023 = { asOfOn: '2023-06-28', people: 6_220_864, activated: 4_220_601 } as const;

export type HanoiRegister = {
  readonly people: number;
  /** Persons with at least one level activated by the end of `HANOI_2023.asOfOn`. */
  readonly activated: number;
  readonly districts: readonly { readonly code: string; readonly people: number; readonly activated: number }[];
  /** The rows of one person, one for each account level. People come in the order in which they were told of their grant, as a register that grows. */
  recordsOf(index: number): readonly PersonRecord[];
};

/** Fictional people in the numbers of Hà Nội on 28/6/2023: every total is exact at every scale, and each person follows from the seed and her place
 *  alone, so that making them can go on anywhere. About a third of the activations lie before 9/5/2023, as the figure of 8/5/2023 has it. */
export function createHanoiRegister({ scale, seed }: { scale: number; seed: number }): HanoiRegister {
  const people = Math.round(HANOI_2023.people * scale);
  const activated = Math.round(HANOI_2023.activated * scale);
  const districts = districtsOf(people, activated, seed);
  const born = bornOf(activated, people - activated);
  const placeOf = createPermutation(seed, people);
  const scatter = {
    activated: createPermutation(seed + 1, activated),
    others: createPermutation(seed + 2, people - activated),
    serial: createPermutation(seed + 3, SERIALS),
    phone: createPermutation(seed + 4, SUBSCRIBERS),
  };

  const personAt = (index: number): { place: Place; born: Born } => {
    const place = districts.at(placeOf(index));
    const own = place.isActivated
      ? born.activated.at(scatter.activated(place.rank))
      : born.others.at(scatter.others(place.rank));
    return { place, born: { ...own, serial: scatter.serial(own.serial) } };
  };

  return {
    people,
    activated,
    districts: districts.list,
    recordsOf(index) {
      const { place, born: own } = personAt(index);
      const random = createRandomSource(Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b));
      const person = personOf(random, own, scatter.phone(index));
      const notice = noticeOf(random, (index + 0.5) / people);
      const activation = place.isActivated ? activationOf(random, notice) : undefined;
      return levelsOf(random).map((accountLevel, at) => ({
        ...person,
        unitCode: place.code,
        accountLevel,
        ...notice.facts,
        // Who has both levels activated the first with the second or without it.
        ...(at === 0 || random.chance(0.6) ? activation : NOT_ACTIVATED),
      })) as PersonRecord[];
    },
  };
}

type Place = { readonly code: string; readonly isActivated: boolean; readonly rank: number };

/** Districts by the weights of the domain data; each activates by a share of its own (a guess), and the totals are exact. */
function districtsOf(people: number, activated: number, seed: number) {
  const random = createRandomSource(seed + 5);
  const of = shareOut(
    people,
    HANOI_DISTRICTS.map(([, , , weight]) => weight),
  );
  const activatedOf = shareOut(
    activated,
    of.map((count) => count * (0.88 + 0.24 * random.fraction())),
  );
  const list = HANOI_DISTRICTS.map(([code], at) => ({ code, people: of[at] ?? 0, activated: activatedOf[at] ?? 0 }));
  const upTo = runningTotals(of);
  const upToActivated = runningTotals(activatedOf);
  return {
    list,
    /** @param slot from 0: a district's people lie together, those who activate first. */
    at(slot: number): Place {
      const district = firstAbove(upTo, slot);
      const { code, people: count, activated: itsActivated } = list[district] ?? { code: '', people: 0, activated: 0 };
      const offset = slot - ((upTo[district] ?? 0) - count);
      const before = (upToActivated[district] ?? 0) - itsActivated;
      if (offset < itsActivated) return { code, isActivated: true, rank: before + offset };
      const othersBefore = (upTo[district] ?? 0) - count - before;
      return { code, isActivated: false, rank: othersBefore + offset - itsActivated };
    },
  };
}

type Born = { readonly year: number; readonly gender: Gender; readonly serial: number };

/** Shares of a year of birth (a guess). Whoever is activated is 15 or older on 28/6/2023, so that no age cut of the target (14, 15) takes her away. */
const BIRTH_YEARS: readonly (readonly [from: number, to: number, activated: number, others: number])[] = [
  [1930, 1944, 0.15, 0.55],
  [1945, 1954, 0.45, 0.9],
  [1955, 1964, 0.8, 0.9],
  [1965, 1979, 1.15, 0.9],
  [1980, 1995, 1.4, 1.1],
  [1996, 2007, 0.95, 0.8],
  [2008, 2008, 0, 0.6],
];

function bornOf(activated: number, others: number) {
  const groups = BIRTH_YEARS.flatMap(([from, to, ...shares]) =>
    Array.from({ length: to - from + 1 }, (_, at) => at + from).flatMap((year) =>
      (['male', 'female'] as const).map((gender) => ({ year, gender, shares })),
    ),
  );
  const counts = [activated, others].map((total, side) =>
    shareOut(
      total,
      groups.map(({ shares }) => shares[side] ?? 0),
    ),
  );
  const pick = (side: 0 | 1) => {
    const upTo = runningTotals(counts[side] ?? []);
    return {
      at(slot: number): Born {
        const group = firstAbove(upTo, slot);
        const { year, gender } = groups[group] ?? { year: 1990, gender: 'female' as const };
        const offset = slot - ((upTo[group] ?? 0) - (counts[side]?.[group] ?? 0));
        // Serials of one sex and year: first those who activate, then the others.
        return { year, gender, serial: offset + (side === 1 ? (counts[0]?.[group] ?? 0) : 0) };
      },
    };
  };
  return { activated: pick(0), others: pick(1) };
}

/** Six digits behind sex and year; nine behind 0, the first one of PHONE_PREFIXES. */
const SERIALS = 1_000_000;
const SUBSCRIBERS = 500_000_000;
const PHONE_PREFIXES = ['3', '5', '7', '8', '9'] as const;

function personOf(random: RandomSource, { year, gender, serial }: Born, subscriber: number) {
  const birthOn = addDays(`${year}-01-01`, random.whole(0, 364));
  const group = `${(Math.floor(year / 100) - 19) * 2 + (gender === 'female' ? 1 : 0)}${String(year).slice(2)}`;
  const prefix = PHONE_PREFIXES[Math.floor(subscriber / 1e8)] ?? '9';
  return {
    citizenId: `${SYNTHETIC_BIRTHPLACE_CODE}${group}${String(serial).padStart(6, '0')}` as CitizenId,
    fullName: syntheticName(random, gender, year) as FullName,
    birthOn,
    gender,
    phone: `+84${prefix}${String(subscriber % 1e8).padStart(8, '0')}` as PhoneNumber,
    cardStatus: 'valid' as const,
    cardIssuedOn: addDays('2021-01-04', random.whole(0, 400)),
    cardExpiresOn: undefined,
    nationality: 'VNM',
    placeOfBirth: undefined,
    residenceAddress: undefined,
    residenceType: random.chance(0.86) ? ('permanent' as const) : ('temporary' as const),
    guardianCitizenId: undefined,
    guardianRelationship: undefined,
  };
}

const LEVELS = weigh<readonly AccountLevel[]>([
  [[2], 70],
  [[1], 25],
  [[1, 2], 5],
]);

function levelsOf(random: RandomSource): readonly AccountLevel[] {
  return random.pickWeighted(LEVELS);
}

const FIRST_DAY: CalendarDate = '2022-02-25';
const END = endOfVietNamDay(HANOI_2023.asOfOn).getTime();
const DAY_MS = 86_400_000;

/** How many notices a day, against each other: two campaigns (DOMAIN §2), and two thirds of all by 8/5/2023, when 4.2 of 6.2 million had been collected. */
const NOTICES: readonly (readonly [from: CalendarDate, to: CalendarDate, share: number])[] = [
  [FIRST_DAY, '2022-07-24', 0.1],
  ['2022-07-25', '2022-08-25', 0.15],
  ['2022-08-26', '2023-05-04', 0.41],
  ['2023-05-05', '2023-05-08', 0.015],
  ['2023-05-09', '2023-06-27', 0.325],
];

/** Order 01 of 5/5/2023: activation. */
const ORDER_01 = daysBetween(FIRST_DAY, '2023-05-05');
const LAST = daysBetween(FIRST_DAY, HANOI_2023.asOfOn);
const CAMPAIGN_2022 = { from: daysBetween(FIRST_DAY, '2022-07-25'), to: daysBetween(FIRST_DAY, '2022-08-25') };

const NOTICES_UP_TO = runningTotals(
  NOTICES.flatMap(([from, to, share]) => {
    const first = daysBetween(FIRST_DAY, from);
    const weights = Array.from({ length: daysBetween(from, to) + 1 }, (_, at) => weekdayWeight(first + at));
    const total = weights.reduce((sum, one) => sum + one, 0);
    return weights.map((one) => (one / total) * share);
  }),
);

/** How many late activations a day, against each other: more in the first campaign, ever more from order 01 on. */
const LATE_UP_TO = runningTotals(
  Array.from({ length: LAST + 1 }, (_, day) => {
    const isCampaign = day >= CAMPAIGN_2022.from && day <= CAMPAIGN_2022.to;
    const pull = day >= ORDER_01 ? 3 + (day - ORDER_01) / 8 : isCampaign ? 4 : 1;
    return pull * weekdayWeight(day);
  }),
);

/** Campaigns work on Sundays too, less. */
function weekdayWeight(day: number): number {
  const weekday = (day + 5) % 7; // FIRST_DAY was a Friday
  const isCampaign = day >= ORDER_01 || (day >= CAMPAIGN_2022.from && day <= CAMPAIGN_2022.to);
  if (weekday !== 0 && weekday !== 6) return 1;
  return isCampaign ? 0.8 : 0.4;
}

type Notice = {
  readonly day: number;
  readonly facts: { readonly appliedAt: Date; readonly grantedAt: Date; readonly notifiedAt: Date };
};

/** @param quantile of all notices in their order. */
function noticeOf(random: RandomSource, quantile: number): Notice {
  const total = NOTICES_UP_TO.at(-1) ?? 1;
  const day = Math.min(firstAbove(NOTICES_UP_TO, quantile * total), NOTICES_UP_TO.length - 1);
  const notifiedAt = at(day, random.whole(7.5 * 3600, 19 * 3600));
  const grantedAt = notifiedAt - random.whole(5, 36 * 60) * 60_000;
  const appliedAt = grantedAt - random.whole(2, 76) * 3_600_000;
  return {
    day,
    facts: { appliedAt: new Date(appliedAt), grantedAt: new Date(grantedAt), notifiedAt: new Date(notifiedAt) },
  };
}

type Activation = Pick<PersonRecord, 'activatedAt' | 'firstLoginAt' | 'channel'>;
const NOT_ACTIVATED: Activation = { activatedAt: undefined, firstLoginAt: undefined, channel: undefined };

/** Always by the end of 28/6/2023. Shares and waits are guesses that meet the figure of 8/5/2023 within a few per cent. */
function activationOf(random: RandomSource, notice: Notice): Activation {
  const fate = random.fraction();
  const isOnTime = fate < (notice.day >= ORDER_01 ? 0.75 : 0.36) || notice.day + 8 > LAST;
  const activatedAt = isOnTime ? onTimeAt(random, notice) : lateAt(random, notice, fate);
  const loginAt = activatedAt + (random.chance(0.7) ? random.whole(1, 90) * 60_000 : random.whole(1, 40) * DAY_MS);
  const isUsed = random.chance(0.88) && loginAt <= END;
  const usual = isOnTime ? CHANNELS : LATE_CHANNELS;
  return {
    activatedAt: new Date(activatedAt),
    firstLoginAt: isUsed ? new Date(loginAt) : undefined,
    channel: random.pickWeighted(activatedAt >= at(ORDER_01, 0) ? CAMPAIGN_CHANNELS : usual),
  };
}

/** Most of them at once. */
function onTimeAt(random: RandomSource, { facts: { notifiedAt } }: Notice): number {
  const first = notifiedAt.getTime() + 60_000;
  const end = Math.min(activationDueAt(notifiedAt).getTime(), END);
  return Math.floor((first + random.fraction() ** 2 * (end - first)) / 1000) * 1000;
}

/** After the seven days: a few before order 01, most by it. */
function lateAt(random: RandomSource, { day }: Notice, fate: number): number {
  const lateFrom = day + 8;
  const isBeforeOrder = fate < 0.48 && lateFrom < ORDER_01;
  const [from, to] = isBeforeOrder ? [lateFrom, ORDER_01 - 1] : [Math.max(lateFrom, ORDER_01), LAST];
  const low = LATE_UP_TO[from - 1] ?? 0;
  const late = firstAbove(LATE_UP_TO, low + random.fraction() * ((LATE_UP_TO[to] ?? 0) - low));
  return at(Math.min(late, to), random.whole(6 * 3600, 22 * 3600));
}

const CHANNELS = weigh<ActivationChannel>([
  ['self', 62],
  ['police', 20],
  ['mobile_team', 9],
  ['qr_guide', 6],
  ['hotline', 3],
]);
const LATE_CHANNELS = weigh<ActivationChannel>([
  ['hotline', 34],
  ['police', 44],
  ['mobile_team', 22],
]);
const CAMPAIGN_CHANNELS = weigh<ActivationChannel>([
  ['mobile_team', 36],
  ['police', 27],
  ['self', 22],
  ['qr_guide', 12],
  ['hotline', 3],
]);

/** @param seconds since midnight in Viet Nam */
function at(day: number, seconds: number): number {
  return FIRST_MIDNIGHT + day * DAY_MS + Math.floor(seconds) * 1000;
}

const FIRST_MIDNIGHT = startOfVietNamDay(FIRST_DAY).getTime();

/** Whole parts of `total` in proportion to `weights`, by the largest remainder: they add up to `total`. */
function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, one) => all + one, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const missing = total - parts.reduce((all, one) => all + one, 0);
  const byRemainder = [...exact.keys()].toSorted(
    (a, b) => (exact[b] ?? 0) - (parts[b] ?? 0) - ((exact[a] ?? 0) - (parts[a] ?? 0)) || a - b,
  );
  for (const place of byRemainder.slice(0, missing)) parts[place] = (parts[place] ?? 0) + 1;
  return parts;
}

function runningTotals(parts: readonly number[]): number[] {
  let sum = 0;
  return parts.map((part) => {
    sum += part;
    return sum;
  });
}

/** The first place whose running total is above `value`. */
function firstAbove(upTo: readonly number[], value: number): number {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
