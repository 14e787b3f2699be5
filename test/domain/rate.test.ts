import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerText, percentText, RATE_DEFINITIONS, type Rate } from '../../src/domain/rate.ts';

const count = fc.nat({ max: 100_000_000 });
const base = fc.integer({ min: 1, max: 100_000_000 });

/** The truth, on whole numbers alone: how many 10^-decimals percents, half up. */
function truth(numerator: number, denominator: number, decimals: number): bigint {
  const [n, d] = [BigInt(numerator) * 100n * 10n ** BigInt(decimals), BigInt(denominator)];
  const [quotient, rest] = [n / d, n % d];
  return rest * 2n >= d ? quotient + 1n : quotient;
}

describe('a percent', () => {
  it.each([
    [4_220_601, 6_220_864, 1, '67,8%', 'accounts to be activated, 28/6/2023'],
    [79_954, 107_056, 2, '74,68%', 'judicial records by e-identity'],
    [14_398, 17_083, 1, '84,3%', 'feedback handled'],
    [21, 25, 1, '84%', 'essential services'],
    [588_728, 5_055_845, 2, '11,64%', 'a rate of two decimals'],
    [4_220_601, 6_220_864, 4, '67,8459%', 'the same to four decimals'],
    [1_061, 1_000, 1, '106,1%', 'a district above its target'],
  ])('%s of %s to %s decimals is %s (%s)', (numerator, denominator, decimals, text) => {
    expect(percentText({ numerator, denominator }, 'vi', decimals)).toBe(text);
  });

  it('is written with a point in English', () => {
    expect(percentText({ numerator: 4_220_601, denominator: 6_220_864 }, 'en')).toBe('67.8%');
  });

  it('published without its denominator is shown as published, with its count', () => {
    const healthBook = { numerator: 1_760_822, denominator: undefined, publishedPercent: '25.57' };
    expect(integerText(healthBook.numerator, 'vi')).toBe('1.760.822');
    expect(percentText(healthBook, 'vi')).toBe('25,57%');
    expect(percentText(healthBook, 'en')).toBe('25.57%');
  });

  it('without a loaded basis says so, and divides nothing by zero', () => {
    expect(percentText({ numerator: 12, denominator: undefined }, 'vi')).toBe('no_basis');
    expect(percentText({ numerator: 0, denominator: 0 }, 'vi')).toBe('–');
  });

  it('rounds half up, where floating point would not', () => {
    expect(percentText({ numerator: 1, denominator: 2000 }, 'vi')).toBe('0,1%');
    expect(percentText({ numerator: 2_010, denominator: 400_000 }, 'vi', 2)).toBe('0,50%');
    expect(percentText({ numerator: 1_005, denominator: 100_000 }, 'vi', 2)).toBe('1,01%');
    expect((1.005).toFixed(2)).toBe('1.00');
  });

  it('keeps its closing zeros only when it was rounded', () => {
    expect(percentText({ numerator: 1, denominator: 2 }, 'vi', 2)).toBe('50%');
    expect(percentText({ numerator: 2_001, denominator: 25_000 }, 'vi')).toBe('8,0%');
    expect(percentText({ numerator: 1, denominator: 100_000 }, 'vi')).toBe('0,0%');
    expect(percentText({ numerator: 0, denominator: 7 }, 'vi')).toBe('0%');
    expect(percentText({ numerator: 1, denominator: 3 }, 'vi', 0)).toBe('33%');
  });

  it('agrees with whole-number arithmetic for every count and every number of decimals', () => {
    fc.assert(
      fc.property(count, base, fc.integer({ min: 0, max: 6 }), (numerator, denominator, decimals) => {
        const text = percentText({ numerator, denominator }, 'en', decimals);
        const [whole = '', fraction = ''] = text.slice(0, -1).replaceAll(',', '').split('.');
        expect(BigInt(whole + fraction.padEnd(decimals, '0'))).toBe(truth(numerator, denominator, decimals));
      }),
    );
  });

  it('is never clamped at 100', () => {
    fc.assert(
      fc.property(base, (denominator) => {
        expect(percentText({ numerator: denominator * 20, denominator }, 'vi')).toBe('2.000%');
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses %s as a count: that is a fault of the program', (numerator) => {
    expect(() => percentText({ numerator, denominator: 10 }, 'vi')).toThrow(RangeError);
  });
});

describe('a whole number', () => {
  it('groups its thousands as the language does', () => {
    expect(integerText(4_220_601, 'vi')).toBe('4.220.601');
    expect(integerText(4_220_601, 'en')).toBe('4,220,601');
    expect(integerText(999, 'vi')).toBe('999');
    expect(integerText(-1000, 'vi')).toBe('-1.000');
    expect(integerText(12_345_678_901_234_567_890n, 'vi')).toBe('12.345.678.901.234.567.890');
  });

  it('is the same number when the separators are taken out', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(BigInt(integerText(value, 'vi').replaceAll('.', ''))).toBe(value);
      }),
    );
  });
});

describe('a rate', () => {
  it('names its denominator, or says that it is a count', () => {
    for (const definition of Object.values(RATE_DEFINITIONS)) {
      expect(definition.denominatorBasis === 'none').toBe(definition.measure !== 'ratio');
    }
  });

  it('may exceed 100% only against a target', () => {
    for (const definition of Object.values(RATE_DEFINITIONS)) {
      expect(definition.mayExceedHundred).toBe(definition.denominatorBasis === 'assigned_target');
    }
  });

  it('of the city on 28/6/2023 carries everything needed to say what it means', () => {
    const rate: Rate = {
      id: 'activation_of_target',
      asOf: new Date('2023-06-28T23:59:59.999+07:00'),
      numeratorRule: RATE_DEFINITIONS.activation_of_target.numeratorRule,
      denominatorBasis: RATE_DEFINITIONS.activation_of_target.denominatorBasis,
      ageMin: undefined,
      geography: 'hanoi_districts_2023',
      accountLevel: undefined,
      numerator: 4_220_601,
      denominator: 6_220_864,
    };
    expect(percentText(rate, 'vi')).toBe('67,8%');
  });
});
