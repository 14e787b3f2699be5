import { describe, expect, it } from 'vitest';
import { ageAt } from '../../src/domain/birth-date.ts';
import { percentText } from '../../src/domain/rate.ts';
import { endOfVietNamDay } from '../../src/domain/viet-nam-time.ts';
import { createHanoiRegister, HANOI_2023 } from '../../src/register/hanoi-register.ts';
import { hanoiStream } from '../../src/register/hanoi-stream.ts';
import { judgePersonRecord } from '../../src/register/judge-person-record.ts';
import type { PersonRecord } from '../../src/register/person-record.ts';

const END = endOfVietNamDay(HANOI_2023.asOfOn);
const NOW = new Date('2026-11-22T03:00:00Z');

function everybody(scale: number, seed = 1): (readonly PersonRecord[])[] {
  const register = createHanoiRegister({ scale, seed });
  return Array.from({ length: register.people }, (_, index) => register.recordsOf(index));
}

function activatedBy(people: readonly (readonly PersonRecord[])[], moment: Date): (readonly PersonRecord[])[] {
  return people.filter((records) =>
    records.some(({ activatedAt }) => activatedAt !== undefined && activatedAt <= moment),
  );
}

describe('the fictional register of Hà Nội', () => {
  it('has 67,8% = 4.220.601/6.220.864 in full, shared out over thirty districts without a rest', () => {
    const { people, activated, districts } = createHanoiRegister({ scale: 1, seed: 1 });
    expect({ people, activated }).toEqual({ people: 6_220_864, activated: 4_220_601 });
    expect(percentText({ numerator: activated, denominator: people }, 'vi')).toBe('67,8%');
    expect(districts).toHaveLength(30);
    expect(districts.reduce((sum, one) => sum + one.people, 0)).toBe(people);
    expect(districts.reduce((sum, one) => sum + one.activated, 0)).toBe(activated);
    for (const one of districts) expect(one.activated).toBeLessThanOrEqual(one.people);
  });

  it.each([
    { scale: 0.001, seed: 1, expected: 4_221 },
    { scale: 0.0025, seed: 7, expected: 10_552 },
  ])('activates exactly its share at scale $scale, each person once', ({ scale, seed, expected }) => {
    const people = everybody(scale, seed);
    expect(activatedBy(people, END)).toHaveLength(expected);
    expect(activatedBy(people, NOW)).toHaveLength(expected);
    for (const district of createHanoiRegister({ scale, seed }).districts) {
      const own = people.filter(([first]) => first?.unitCode === district.code);
      expect(own).toHaveLength(district.people);
      expect(activatedBy(own, END)).toHaveLength(district.activated);
    }
  });

  it('makes rows that the import accepts, of people who are all different and of an age that every cut counts', () => {
    const people = everybody(0.003);
    expect(people.flat().flatMap((record) => judgePersonRecord(record, NOW))).toEqual([]);
    expect(new Set(people.map(([first]) => first?.citizenId)).size).toBe(people.length);
    expect(new Set(people.map(([first]) => first?.phone)).size).toBe(people.length);
    for (const [first] of people) expect(first?.citizenId).toMatch(/^999/);
    const ages = activatedBy(people, END).map(([first]) => ageAt(first?.birthOn ?? '', END));
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(15);
  });

  it('shows the campaigns: more activations a day in them, a third of all by 8/5/2023', () => {
    const people = everybody(0.01);
    const at = people.flatMap((records) => records.flatMap(({ activatedAt }) => activatedAt?.getTime() ?? []));
    const perDay = (from: string, to: string): number => {
      const [start, end] = [Date.parse(`${from}T00:00:00+07:00`), Date.parse(`${to}T00:00:00+07:00`)];
      return at.filter((one) => one >= start && one < end).length / ((end - start) / 86_400_000);
    };
    expect(perDay('2022-07-25', '2022-08-26')).toBeGreaterThan(2 * perDay('2022-06-01', '2022-07-25'));
    expect(perDay('2023-05-05', '2023-06-29')).toBeGreaterThan(4 * perDay('2023-03-01', '2023-05-05'));
    const share = activatedBy(people, new Date('2023-05-08T16:59:59.999Z')).length / activatedBy(people, END).length;
    expect(share).toBeCloseTo(1.4 / 4.2206, 1);
  });

  it('goes on at any line with what a whole reading has there', () => {
    const { stream } = hanoiStream({ scale: 0.001, seed: 3 });
    const lines = [...stream.from(0)].join('').split('\n');
    for (const line of [1, 2, 777, stream.lines - 1])
      expect([...stream.from(line)].join('').split('\n')).toEqual(lines.slice(line));
    expect(lines).toHaveLength(stream.lines + 1);
  });
});
