import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPhoneNumber, parsePhoneNumber } from '../../src/domain/phone-number.ts';

const subscriber = fc
  .tuple(fc.constantFrom('3', '5', '7', '8', '9'), fc.integer({ min: 0, max: 99_999_999 }))
  .map(([range, rest]) => `${range}${String(rest).padStart(8, '0')}`);

describe('a mobile number', () => {
  it('is the same number however it is written', () => {
    fc.assert(
      fc.property(
        subscriber,
        fc.constantFrom('0', '84', '+84'),
        fc.constantFrom('', ' ', '.', '-', '–'),
        (number, prefix, gap) => {
          const typed = [prefix, number.slice(0, 3), number.slice(3, 6), number.slice(6)].join(gap);
          expect(parsePhoneNumber(typed)).toEqual({ ok: true, value: `+84${number}` });
        },
      ),
    );
  });

  it.each(['0241234567', '091234567', '09123456789', '+1 650 555 0100', '113', '0084912345678', 'abc'])(
    'is not %s',
    (text) => {
      expect(parsePhoneNumber(text)).toEqual({ ok: false, reason: 'not_vietnamese_mobile' });
    },
  );

  it('left out is told apart from a wrong one', () => {
    expect(parsePhoneNumber(' . ')).toEqual({ ok: false, reason: 'empty' });
  });

  it('shows its last three digits and nothing else', () => {
    const result = parsePhoneNumber('0900 000 123');
    expect(result.ok && maskPhoneNumber(result.value)).toBe('*** *** 123');
  });
});
