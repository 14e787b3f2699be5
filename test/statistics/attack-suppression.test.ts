import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Figures, type MonthOf, publicKnowledge, type Register } from '../support/public-knowledge.ts';
import { recordCohort, TABLES } from './statistics-db.ts';

const UNITS = ['00004', '00008', '00025', '00070', '00082', '00091', '00103'];
const MONTHS = ['2025-12', '2026-01', '2026-02'];
const ENDS = ['2025-12-31', '2026-01-31', '2026-02-28'];

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

async function fill(register: Register): Promise<void> {
  const { db } = test.app;
  for (const table of TABLES) await db(table).delete();
  for (const [unit, levels] of register.entries())
    for (const [level, months] of levels.entries())
      for (const [month, one] of months.entries()) {
        const notifiedAt = new Date(`${MONTHS[month]}-10T03:00:00Z`);
        const unitCode = UNITS[unit] as string;
        await recordCohort(db, { ...one, unitCode, level: level === 0 ? 1 : 2, notifiedAt });
      }
}

type Rates = { id: string; numerator: number; denominator: number }[];
type Row = { unit_code: string; as_of_day: string; rates: Figures };

const ask = async (path: string) => (await test.browser().agent.get(path)).body;
const byId = (rates: Rates): Figures => Object.fromEntries(rates.map((one) => [one.id, one]));

/** Asks all that tells numbers of units: rates of every month and level, reports, comparisons, open data. */
async function everythingPublic(register: Register): Promise<ReturnType<typeof publicKnowledge>> {
  const knowledge = publicKnowledge(register.length, MONTHS.length);
  const unitOf = (code: string): number => UNITS.indexOf(code);
  const learnRow = ({ unit_code, as_of_day, rates }: Row, level: number | undefined): void => {
    const unit = unitOf(unit_code);
    if (unit === -1 || unit >= register.length) return;
    const month = ENDS.indexOf(as_of_day);
    expect(month).not.toBe(-1);
    knowledge.learnFigures(rates, { unit, level, month });
  };
  for (const [month, day] of ENDS.entries()) {
    for (const level of [undefined, 0, 1]) {
      const query = `?as_of=${day}${level === undefined ? '' : `&account_level=${level + 1}`}`;
      const answer = await ask(`/statistics/activation.json${query}`);
      knowledge.learnFigures(byId(answer.rates), { level, month });
      knowledge.learnFigures(answer.units.whole, { level, month });
      for (const row of answer.units.rows) learnRow(row, level);
    }
    for (const unit of UNITS.slice(0, register.length)) {
      const report = await ask(`/statistics/report.json?period=month&of=${day}&unit=${unit}`);
      for (const { id, at_end, before } of report.rates) {
        learnRow({ unit_code: unit, as_of_day: day, rates: { [id]: at_end } }, undefined);
        if (before !== null && month > 0)
          learnRow({ unit_code: unit, as_of_day: ENDS[month - 1] as string, rates: { [id]: before } }, undefined);
      }
      if (month === 0) continue;
      const comparison = await ask(`/statistics/compare.json?unit=${unit}&as_of=${ENDS[0]}&with_as_of=${day}`);
      for (const { id, first, second } of comparison.rates) {
        const sides = [
          [comparison.first.as_of_day, first],
          [comparison.second.as_of_day, second],
        ];
        for (const [as_of_day, figure] of sides)
          learnRow({ unit_code: unit, as_of_day, rates: { [id]: figure } }, undefined);
      }
    }
  }
  return knowledge;
}

/** Small counts of a single unit of which only one value is left that they can have. Two are left in a block of two units in which there was one person: which
 *  of the two it was, nobody can say. Whatever is between 1 and 9 and was grown by at least 10 together with others has ten or more. */
async function found(register: Register): Promise<string[]> {
  await fill(register);
  const knowledge = await everythingPublic(register);
  return knowledge
    .smallCounts(register)
    .filter(({ least, most }) => Math.ceil(least - 1e-6) === Math.floor(most + 1e-6))
    .map(({ what, value }) => `${what}: ${value}`);
}

const month = (notified: number, activated = 0, onTime = activated, signedIn = 0): MonthOf => {
  return { notified, activated, onTime, signedIn };
};
const none = [month(0), month(0), month(0)];
const grown = (size: number): MonthOf[] => [month(size, size / 2), month(size, size / 2), month(size, size / 2)];
const once = (notified: number, activated: number): MonthOf[] => [month(notified, activated), month(0), month(0)];

/** Of these the public sees nothing: they cover the many units in which there is nobody. */
const COVERS: Register = [
  [none, once(24, 12)],
  [none, once(24, 12)],
];

const ADVERSARIAL: Readonly<Record<string, Register>> = {
  'one unit of three persons': [
    [none, [month(3, 2), month(0), month(0)]],
    [none, grown(40)],
    [none, grown(60)],
  ],
  'a unit that grows by one in a month': [
    [none, [month(60, 30, 15), month(0), month(1, 1)]],
    [none, grown(40)],
    [none, grown(60)],
  ],
  'only one unit grows, by one': [
    [none, [month(60, 30, 15), month(1, 1), month(0)]],
    [none, once(40, 20)],
    [none, once(60, 30)],
  ],
  'two units that grow by one each': [
    [none, [month(60, 30, 15), month(1, 1), month(1, 0)]],
    [none, [month(50, 25), month(1, 0), month(1, 1)]],
    [none, grown(60)],
    [none, grown(80)],
  ],
  'a tiny level 1': [
    [[month(2, 1), month(1, 1), month(0)], grown(40)],
    [[month(40, 20), month(0), month(3, 2)], grown(40)],
    [[month(40, 20), month(10, 5), month(3, 2)], grown(60)],
  ],
  'a unit that appears late': [
    [none, [month(0), month(4, 3), month(30, 15)]],
    [none, grown(40)],
    [none, grown(60)],
    [none, once(60, 30)],
  ],
};

describe('whoever asks for everything that the public may have, for months', () => {
  it.each(Object.entries(ADVERSARIAL))('finds no small count of a unit: %s', async (_, register) => {
    expect(await found([...register, ...COVERS])).toEqual([]);
  });

  const size = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 8, max: 45 }));
  const anyMonth = fc.tuple(size, fc.nat(100), fc.nat(100), fc.nat(100)).map(([notified, a, b, c]) => {
    const activated = Math.floor((notified * a) / 100);
    return month(notified, activated, Math.floor((activated * b) / 100), Math.floor((activated * c) / 100));
  });
  const large = fc.constant(month(60, 30, 15, 15));
  const level = fc.oneof(
    fc.constant(none),
    fc.tuple(anyMonth, anyMonth, anyMonth),
    fc.tuple(large, anyMonth, anyMonth),
  );
  const anyRegister = fc.array(fc.tuple(level, level), { minLength: 2, maxLength: 5 });
  it('finds no small count of a unit in any register', async () => {
    await fc.assert(
      fc.asyncProperty(anyRegister, async (register) => {
        expect(await found([...register, ...COVERS])).toEqual([]);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  }, 240_000);
});
