import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RESIDENT_MEASURES, type ResidentMeasure } from '../../src/domain/resident-ledger.ts';
import { LEAST_PUBLIC_COUNT } from '../../src/domain/suppression.ts';
import {
  type Cell,
  type Daily,
  type ProtectedCells,
  protectCells,
} from '../../src/statistics/editions/protect-residents.ts';
import { type PersonCounts, personsFrom } from '../../src/statistics/figures/resident-counts.ts';
import { determinedCells, type Equation } from '../support/linear-attack.ts';

type Cells = ReadonlyMap<string, Cell>;

const AGES = [14, 15, 18, 60] as const;
/** Women and men aged 14, 15 to 17, 18 to 59, 60 and over. */
const KEYS = AGES.flatMap((age) => [`${age}|female`, `${age}|male`]);
/** From which age on other figures tell each day how many activated, are at level 2 and signed in: that of the target, or of all residents. */
const dailyAge = fc.constantFrom(14 as const, 15 as const, 15 as const, 18 as const);
type DailyAge = typeof dailyAge extends fc.Arbitrary<infer T> ? T : never;
const DAYS = ['2026-01-31', '2026-02-28', '2026-03-31'];

const EVERYBODY = 1_000_000;
const share = fc.oneof(
  fc.constantFrom(0, EVERYBODY / 2, EVERYBODY),
  fc.integer({ min: 0, max: EVERYBODY }),
  fc.integer({ min: EVERYBODY - 30_000, max: EVERYBODY }),
);
const shares = fc.tuple(share, share, share);
/** Who activated before all months, and what each month brings: nobody, few, many; some die or have a birthday. */
const person = fc.record({
  before: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 3_000 })),
  growth: fc.array(
    fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 90 }), fc.constant(-2)),
    { minLength: DAYS.length, maxLength: DAYS.length },
  ),
  shares: fc.array(shares, { minLength: DAYS.length, maxLength: DAYS.length }),
});
type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;
const city = fc.array(person, { minLength: KEYS.length, maxLength: KEYS.length }).map(monthsOf);

function monthsOf(all: readonly Person[]): Cells[] {
  const ageOf = (index: number): Cell['ageFrom'] => AGES[Math.floor(index / 2)] ?? 14;
  return DAYS.map(
    (_, month) =>
      new Map(all.map((one, index) => [KEYS[index] as string, { ...countsOf(one, month), ageFrom: ageOf(index) }])),
  );
}

function countsOf({ before, growth, shares: all }: Person, month: number): PersonCounts {
  const counts = { activated: 0, level2: 0, used: 0, usable: 0 };
  for (let at = 0; at <= month; at += 1) {
    const added = Math.max(-counts.activated, (at === 0 ? before : 0) + (growth[at] ?? 0));
    counts.activated += added;
    for (const [index, measure] of (['level2', 'used', 'usable'] as const).entries()) {
      const of = Math.round((added * (all[at]?.[index] ?? 0)) / EVERYBODY);
      counts[measure] = Math.min(counts.activated, Math.max(0, counts[measure] + of));
    }
  }
  return counts;
}

/** Unknowns: what each month adds to each cell, those of a measure and those who are not among it. */
const PARTS = RESIDENT_MEASURES.flatMap((measure) =>
  measure === 'activated' ? [measure] : [measure, `not ${measure}`],
);
const WIDTH = DAYS.length * KEYS.length * PARTS.length;
const at = (month: number, key: string, part: string): number =>
  (month * KEYS.length + KEYS.indexOf(key)) * PARTS.length + PARTS.indexOf(part);
const upTo = (month: number): number[] => Array.from({ length: month + 1 }, (_, index) => index);
const countOf = (counts: PersonCounts, part: string): number =>
  part.startsWith('not ')
    ? counts.activated - counts[part.slice(4) as ResidentMeasure]
    : counts[part as ResidentMeasure];

type Published = ProtectedCells['cells'] extends ReadonlyMap<string, infer One> ? One : never;

function isShownAnew(cell: Published | undefined, month: number, measure: ResidentMeasure): boolean {
  return cell?.day === DAYS[month] && cell?.[measure] !== null;
}

/** Grants are many more, of children and of who activated twice. */
function dailyOf(cells: Cells, from: DailyAge, month = 0): Daily {
  const all = personsFrom([...cells.values()], 14);
  const more = 100 * (month + 1);
  const grants = { activated: all.activated + more, level2: all.level2 + more };
  return { from, counts: personsFrom([...cells.values()], from), grants };
}

/** All that is published of these people in these months: the tables, their wholes, and what is told each day from one age on. */
function knownOf(months: readonly Cells[], tables: readonly ProtectedCells[], from: DailyAge): Equation[] {
  const known: Equation[] = [];
  const add = (of: readonly number[], less: readonly number[], value: number): void => {
    const coefficients = Array.from({ length: WIDTH }, () => 0);
    for (const index of of) coefficients[index] = 1;
    for (const index of less) coefficients[index] = -1;
    known.push({ coefficients, value });
  };
  const told = (month: number, keys: readonly string[], measure: ResidentMeasure): void =>
    add(
      keys.flatMap((key) => upTo(month).map((one) => at(one, key, measure))),
      [],
      keys.reduce((sum, key) => sum + (months[month]?.get(key)?.[measure] ?? 0), 0),
    );
  for (const month of months.keys())
    for (const key of KEYS)
      for (const measure of RESIDENT_MEASURES.filter((one) => one !== 'activated'))
        add([at(month, key, measure), at(month, key, `not ${measure}`)], [at(month, key, 'activated')], 0);
  for (const [month, cells] of months.entries()) {
    const table = tables[month];
    for (const measure of RESIDENT_MEASURES) {
      if (table?.whole[measure] !== null) told(month, KEYS, measure);
      for (const key of KEYS) {
        const cell = table?.cells.get(key);
        if (isShownAnew(cell, month, measure)) told(month, [key], measure);
      }
    }
    for (const measure of toldDaily(cells, from)) told(month, keysFrom(from), measure);
  }
  return known;
}

type Wanted = {
  of: number[];
  value: number;
  wholeValue: number;
  hasComeAndGone: boolean;
  /** Of the younger, of whom there is nobody: that may be told. */
  isOfNobody: boolean;
  name: string;
};

function toldDaily(cells: Cells, from: DailyAge): ResidentMeasure[] {
  const { counts } = dailyOf(cells, from);
  return (['activated', 'level2', 'used'] as const).filter((measure) => {
    const rest = measure === 'activated' ? LEAST_PUBLIC_COUNT : counts.activated - counts[measure];
    return Math.min(counts[measure], rest) >= LEAST_PUBLIC_COUNT;
  });
}

function keysFrom(from: DailyAge): string[] {
  return KEYS.filter((key) => Number(key.split('|')[0]) >= from);
}

/** Cells by themselves, in pairs, all but one, and the younger than those who are told each day: at the end of a month, and what it added. All of the others together
 *  are told each day, on purpose. */
function* wantedOf(months: readonly Cells[], from: DailyAge): Generator<Wanted> {
  const groups = KEYS.flatMap((key, index) => [
    [key],
    KEYS.filter((one) => one !== key),
    ...KEYS.slice(index + 1).map((other) => [key, other]),
  ]);
  const younger = KEYS.filter((key) => !keysFrom(from).includes(key));
  for (const keys of [...groups, ...(younger.length === 0 ? [] : [younger])]) {
    if (keys.length === keysFrom(from).length && keys.every((key) => keysFrom(from).includes(key))) continue;
    for (const part of PARTS)
      for (const month of months.keys())
        for (const first of new Set([0, month])) {
          const grown = (some: readonly string[]): number => {
            const count = (one: number): number =>
              some.reduce((sum, key) => sum + countOf(months[one]?.get(key) as Cell, part), 0);
            return count(month) - (first === 0 ? 0 : count(first - 1));
          };
          yield {
            of: keys.flatMap((key) =>
              upTo(month)
                .slice(first)
                .map((one) => at(one, key, part)),
            ),
            value: grown(keys),
            wholeValue: grown(KEYS),
            isOfNobody:
              keys.every((key) => younger.includes(key)) &&
              younger.every((key) => months[month]?.get(key)?.activated === 0),
            hasComeAndGone: keys.some((key) => grown([key]) < 0) && keys.some((key) => grown([key]) > 0),
            name: `${part} of ${keys.join('+')} ${first === 0 ? 'until' : 'in'} month ${month}`,
          };
        }
  }
}

it('no count under ten of cells comes out, nor what a month added or took, whatever is added and subtracted', () => {
  const seen = { shown: 0, partly: 0, stale: 0, determined: 0 };
  fc.assert(
    fc.property(city, dailyAge, (months, from) => {
      const publish = protectCells();
      const tables = months.map((cells, month) =>
        publish(cells, { day: DAYS[month] as string, daily: dailyOf(cells, from, month) }),
      );
      for (const [month, table] of tables.entries())
        for (const one of table.cells.values()) {
          const hidden = RESIDENT_MEASURES.filter((measure) => one[measure] === null).length;
          if (one.day !== DAYS[month]) seen.stale += 1;
          else if (hidden === 0) seen.shown += 1;
          else seen.partly += 1;
        }
      const wanted = [...wantedOf(months, from)];
      const determined = determinedCells(
        knownOf(months, tables, from),
        wanted.map(({ of }) => of),
      );
      const hasComeAndGone = (index: number): boolean => wanted[index]?.hasComeAndGone === true;
      const isOfNobody = (index: number): boolean => wanted[index]?.isOfNobody === true;
      const isWholeUnchanged = (index: number): boolean => wanted[index]?.wholeValue === 0;
      for (const [index, { value, name }] of wanted.entries()) {
        const count = determined[index];
        if (count === undefined) continue;
        seen.determined += 1;
        expect(count - value, name).toBeCloseTo(0);
        // Where nothing came to the whole, nothing came to a cell. And many who came less many who went are no few people.
        if ((count === 0 && (isWholeUnchanged(index) || isOfNobody(index))) || hasComeAndGone(index)) continue;
        if (Math.abs(count) < LEAST_PUBLIC_COUNT) throw new Error(`${name} is ${count}`);
      }
    }),
    { numRuns: 60, examples: [[OF_EVERYTHING, 15]] },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

/** Shown with and without a measure, hidden, not anew, and what is found by subtraction all the same: so that a run that lacks something tries it. */
const OF_EVERYTHING = monthsOf(
  [300, 280, 900, 800, 4_000, 3_900, 700, 4].map((before, index) => {
    const growth = [
      [0, 20, 20],
      [0, 1, 30],
    ][index % 2] as number[];
    const level2 = index === 2 ? EVERYBODY - 1_000 : EVERYBODY / 2;
    return { before, growth, shares: DAYS.map(() => [level2, EVERYBODY / 2, EVERYBODY / 2]) };
  }),
);

it('hides who is not usable, and tells how many activated', () => {
  const cells = new Map(
    [900, 800, 700, 600, 5_000, 4_800, 700, 650].map((activated, index) => [
      KEYS[index] as string,
      {
        activated,
        level2: activated / 2,
        used: activated / 2,
        usable: activated - index,
        ageFrom: AGES[index >> 1] ?? 14,
      },
    ]),
  );
  const table = protectCells()(cells, { day: '2026-01-31', daily: dailyOf(cells, 15) });
  expect(table.whole).toEqual({ activated: 14_150, level2: 7_075, used: 7_075, usable: 14_122 });
  for (const [key, one] of table.cells) {
    const { ageFrom: _age, ...counts } = cells.get(key) as Cell;
    expect(one).toEqual({ ...counts, usable: null, day: '2026-01-31' });
  }
});
