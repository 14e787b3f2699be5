import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGE_BANDS, ageAt, ageBand, parseCalendarDate } from '../../src/domain/birth-date.ts';

const anyDay = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2399-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('a date', () => {
  it('reads the same as 2010-03-01 and as 01/03/2010', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom('/', '.', '-'), (day, separator) => {
        const vietnamese = day.split('-').toReversed().join(separator);
        expect(parseCalendarDate(day)).toEqual({ ok: true, value: day });
        expect(parseCalendarDate(vietnamese)).toEqual({ ok: true, value: day });
      }),
    );
  });

  it('may be written with one digit for the day and the month', () => {
    expect(parseCalendarDate(' 1/3/2010 ')).toEqual({ ok: true, value: '2010-03-01' });
  });

  it.each([
    '29/02/2023',
    '31/04/2000',
    '00/01/2000',
    '2000-13-01',
    '2000-1-1',
    '01/02/99',
    '1899-12-31',
    '2400-01-01',
    'hôm qua',
  ])('%s does not exist here', (text) => {
    expect(parseCalendarDate(text)).toEqual({ ok: false, reason: 'not_a_date' });
  });

  it('29 February exists in leap years only', () => {
    expect(parseCalendarDate('29/02/2024').ok).toBe(true);
    expect(parseCalendarDate('29/02/2100').ok).toBe(false);
  });

  it('left out is told apart from a wrong one', () => {
    expect(parseCalendarDate('  ')).toEqual({ ok: false, reason: 'empty' });
  });
});

describe('the age of a person', () => {
  it('grows at midnight in Viet Nam, not in London', () => {
    expect(ageAt('2011-06-15', new Date('2025-06-14T16:59:59.999Z'))).toBe(13);
    expect(ageAt('2011-06-15', new Date('2025-06-14T17:00:00.000Z'))).toBe(14);
  });

  it('grows on 1 March of a common year for who was born on 29 February', () => {
    expect(ageAt('2012-02-29', new Date('2026-02-28T12:00:00+07:00'))).toBe(13);
    expect(ageAt('2012-02-29', new Date('2026-03-01T00:00:00+07:00'))).toBe(14);
  });

  it.each([
    [0, '<6'],
    [5, '<6'],
    [6, '6-13'],
    [13, '6-13'],
    [14, '14'],
    [15, '15-17'],
    [17, '15-17'],
    [18, '18-59'],
    [59, '18-59'],
    [60, '60+'],
    [110, '60+'],
  ])('%s belongs to the band %s', (age, band) => {
    expect(ageBand(age)).toBe(band);
    expect(AGE_BANDS).toContain(band);
  });
});
