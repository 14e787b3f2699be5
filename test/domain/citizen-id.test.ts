import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CitizenId,
  citizenIdFacts,
  citizenIdWarnings,
  maskCitizenId,
  parseCitizenId,
} from '../../src/domain/citizen-id.ts';
import { PROVINCES_OF_BIRTH } from '../../src/domain/place-data.ts';

const synthetic = (text: string) => parseCitizenId(text, { allowSynthetic: true });
const real = (text: string) => parseCitizenId(text, { allowSynthetic: false });

function parsed(text: string): CitizenId {
  const result = synthetic(text);
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.value;
}

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
const spaces = fc.constantFrom('', ' ', '\u00a0', '\u2009', '\u3000', '\t', '\u200b', '\ufeff');

describe('a citizen id', () => {
  it('is read with spaces of any kind between its digits', () => {
    fc.assert(
      fc.property(digits(9), fc.array(spaces, { minLength: 12, maxLength: 12 }), (tail, gaps) => {
        const id = `999${tail}`;
        const typed = [...id].map((digit, index) => `${gaps[index] ?? ''}${digit}`).join('');
        expect(synthetic(typed)).toEqual({ ok: true, value: id });
      }),
    );
  });

  it('is refused unless exactly 12 ASCII digits remain', () => {
    expect(real('')).toEqual({ ok: false, reason: 'empty' });
    expect(real(' \u00a0 ')).toEqual({ ok: false, reason: 'empty' });
    for (const text of [
      '99909000001',
      '9990900000011',
      '999-090000001',
      '99909000000O',
      '٠٠١٠٩٠٠٠٠٠٠١',
      '9990９0000001',
      '123456789',
    ]) {
      expect(synthetic(text), JSON.stringify(text.length)).toEqual({ ok: false, reason: 'not_12_digits' });
    }
  });

  it('never makes the parser throw, and what it accepts is a citizen id already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const result = synthetic(text);
        if (result.ok) expect(synthetic(result.value)).toEqual(result);
      }),
    );
  });

  it('may begin with any of the 63 province codes, merged provinces included', () => {
    expect(PROVINCES_OF_BIRTH).toHaveLength(63);
    for (const [code] of PROVINCES_OF_BIRTH) expect(real(`${code}090000000`).ok).toBe(true);
  });

  it.each([
    ['100', false],
    ['101', true],
    ['295', true],
    ['296', false],
    ['003', false],
    ['097', false],
    ['000', false],
  ])('beginning with %s is known: %s', (code, isKnown) => {
    const result = real(`${code}090000000`);
    expect(result.ok ? 'known' : result.reason).toBe(isKnown ? 'known' : 'unknown_birthplace');
  });

  it('with the synthetic prefix 999 is refused outside of synthetic mode', () => {
    expect(real('999090000001')).toEqual({ ok: false, reason: 'synthetic_not_allowed' });
  });

  it('shows its last three digits and nothing else', () => {
    expect(maskCitizenId(parsed('999090123789'))).toBe('*********789');
  });

  it.each([
    ['0', 1990, 'male'],
    ['1', 1990, 'female'],
    ['2', 2090, 'male'],
    ['3', 2090, 'female'],
    ['4', 2190, 'male'],
    ['7', 2290, 'female'],
    ['9', 2390, 'female'],
  ])('with century digit %s speaks of %s, %s', (digit, birthYear, gender) => {
    expect(citizenIdFacts(parsed(`999${digit}90000001`))).toEqual({
      birthplaceCode: '999',
      birthYear,
      gender,
      isSynthetic: true,
      isForeignBirthplace: false,
    });
  });

  it('tells a birth registered abroad from one registered at home', () => {
    expect(citizenIdFacts(parsed('101090000000')).isForeignBirthplace).toBe(true);
    expect(citizenIdFacts(parsed('001090000000')).isForeignBirthplace).toBe(false);
  });

  it('that disagrees with the register is a warning for the officer, not a refusal', () => {
    const id = parsed('999190000001');
    expect(citizenIdWarnings(id, { birthDate: '1990-05-01', gender: 'female' })).toEqual([]);
    expect(citizenIdWarnings(id, { birthDate: '1991-05-01', gender: 'male' })).toEqual([
      'birth_year_differs',
      'gender_differs',
    ]);
  });
});
