import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  daysBetween,
  endOfVietNamDay,
  startOfVietNamDay,
  vietNamDay,
  weekStart,
} from '../../src/domain/viet-nam-time.ts';

const anyInstant = fc.date({
  min: new Date('1950-01-01T00:00:00Z'),
  max: new Date('2399-01-01T00:00:00Z'),
  noInvalidDate: true,
});

describe('a day in Viet Nam', () => {
  it('begins at 17:00 UTC of the day before', () => {
    expect(startOfVietNamDay('2026-01-01').toISOString()).toBe('2025-12-31T17:00:00.000Z');
    expect(endOfVietNamDay('2026-01-01').toISOString()).toBe('2026-01-01T16:59:59.999Z');
  });

  it('holds every instant from its start to its end, and no other', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const day = vietNamDay(instant);
        const [start, end] = [startOfVietNamDay(day), endOfVietNamDay(day)];
        expect(start.getTime()).toBeLessThanOrEqual(instant.getTime());
        expect(end.getTime()).toBeGreaterThanOrEqual(instant.getTime());
        expect(vietNamDay(new Date(start.getTime() - 1))).toBe(addDays(day, -1));
        expect(vietNamDay(new Date(end.getTime() + 1))).toBe(addDays(day, 1));
      }),
    );
  });

  it('moves over the ends of months and leap years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2025-12-31', 1)).toBe('2026-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  });

  it('is so many days after another, and in a week that begins on a Monday', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2026-01-01', '2025-12-31')).toBe(-1);
    expect(['2026-11-15', '2026-11-16', '2026-11-22', '2026-11-23'].map(weekStart)).toEqual([
      '2026-11-09',
      '2026-11-16',
      '2026-11-16',
      '2026-11-23',
    ]);
  });

  it('written in another way is a fault of the program', () => {
    expect(() => startOfVietNamDay('01/03/2026')).toThrow(RangeError);
  });
});
