import { describe, expect, it } from 'vitest';
import { ageAt } from '../../src/domain/birth-date.ts';
import { citizenIdFacts, parseCitizenId } from '../../src/domain/citizen-id.ts';
import { generatePeople } from '../../src/register/generate-people.ts';
import { createPermutation } from '../../src/register/random-source.ts';
import { rowReaderFor } from '../../src/register/read-person-row.ts';
import { PERSON_HEADER, writePersonRow } from '../../src/register/write-person-row.ts';
import { openTestRegister } from './support.ts';

const NOW = new Date('2025-12-31T17:00:00Z');
const people = (count: number, seed = 7) => [...generatePeople({ count, seed, now: NOW })];

describe('synthetic people', () => {
  it('are the same for the same seed, and others for another', () => {
    const lines = (seed: number): string => people(300, seed).map(writePersonRow).join('\n');
    expect(lines(7)).toBe(lines(7));
    expect(lines(7)).not.toBe(lines(8));
  });

  it('pass every rule of the import as they are written', () => {
    const header = rowReaderFor(PERSON_HEADER.split(','), { allowSynthetic: true, now: NOW });
    for (const record of people(3_000)) {
      const read = header.ok && header.read(writePersonRow(record).split(','));
      expect(read).toEqual({ ok: true, value: record });
    }
  });

  it('can be nobody real, and share no number', () => {
    const all = people(5_000);
    expect(all.every((one) => !parseCitizenId(one.citizenId, { allowSynthetic: false }).ok)).toBe(true);
    const persons = new Map(all.map((one) => [one.citizenId, one]));
    expect(persons.size).toBe(5_000);
    const phones = [...persons.values()].flatMap((one) => one.phone ?? []);
    expect(new Set(phones).size).toBe(phones.length);
    expect(all.every((one) => citizenIdFacts(one.citizenId).gender === one.gender)).toBe(true);
  });

  it('have histories of every kind', () => {
    const all = people(5_000);
    const share = (is: (one: (typeof all)[number]) => boolean): number => all.filter(is).length / all.length;
    expect(share((one) => one.activatedAt !== undefined)).toBeGreaterThan(0.6);
    expect(share((one) => one.activatedAt === undefined)).toBeGreaterThan(0.1);
    expect(share((one) => one.firstLoginAt !== undefined)).toBeGreaterThan(0.5);
    expect(share((one) => ageAt(one.birthOn, NOW) >= 60)).toBeGreaterThan(0.08);
    expect(new Set(all.map((one) => one.channel)).size).toBe(7);
    expect(new Set(all.map((one) => one.unitCode)).size).toBeGreaterThan(140);
    expect(share((one) => one.guardianCitizenId !== undefined)).toBeGreaterThan(0.02);
  });

  it('come into the register without a refusal', async () => {
    const register = await openTestRegister();
    register.setNow(NOW.toISOString());
    const outcome = await register.importLines(people(1_500).map(writePersonRow), { rowsPerBatch: 400 });
    expect(outcome).toMatchObject({ refused: 0, updated: 0, unchanged: 0 });
    await register.close();
  });
});

describe('the permutation behind their numbers', () => {
  it.each([1, 2, 10, 1000, 4097])('gives each of %i numbers once', (size) => {
    const at = createPermutation(3, size);
    expect(new Set(Array.from({ length: size }, (_, index) => at(index))).size).toBe(size);
  });
});
