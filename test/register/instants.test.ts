import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from '../../src/register/instants.ts';

describe('a moment in a register file', () => {
  it.each([
    ['2025-03-01T09:00:00+07:00', '2025-03-01T02:00:00.000Z'],
    ['2025-03-01T09:00:00Z', '2025-03-01T09:00:00.000Z'],
    ['2025-03-01T09:00:00.123456-05:30', '2025-03-01T14:30:00.123Z'],
    ['2025-03-01 09:00', '2025-03-01T02:00:00.000Z'],
    ['2025-03-01', '2025-02-28T17:00:00.000Z'],
    ['2024-02-29T23:59:59', '2024-02-29T16:59:59.000Z'],
  ])('is read: %s', (text, instant) => {
    expect(parseInstant(text)?.toISOString()).toBe(instant);
  });

  it.each([
    '',
    '2025-02-30',
    '2025-02-29T10:00',
    '2025-13-01',
    '2025-3-1',
    '01/03/2025',
    '2025-03-01T24:00',
    '1740800000',
    '2025-03-01T09',
    'x',
  ])('is not read: %s', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('comes back as it was written', () => {
    const instants = fc.date({ min: new Date('1950-01-01'), max: new Date('2300-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (instant) => parseInstant(formatInstant(instant))?.getTime() === instant.getTime()),
    );
  });
});
