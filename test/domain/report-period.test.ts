import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latestReportPeriod, REPORT_KINDS, reportPeriod } from '../../src/domain/report-period.ts';
import { addDays, daysBetween } from '../../src/domain/viet-nam-time.ts';

describe('a period of reports', () => {
  it.each([
    { kind: 'day', day: '2024-02-29', from: '2024-02-29', to: '2024-02-29', before: '2024-02-28' },
    { kind: 'week', day: '2027-01-02', from: '2026-12-28', to: '2027-01-03', before: '2026-12-27' },
    { kind: 'week', day: '2026-12-28', from: '2026-12-28', to: '2027-01-03', before: '2026-12-27' },
    { kind: 'month', day: '2024-02-10', from: '2024-02-01', to: '2024-02-29', before: '2024-01-31' },
    { kind: 'month', day: '2026-12-31', from: '2026-12-01', to: '2026-12-31', before: '2026-11-30' },
  ] as const)('of $day by $kind goes from $from to $to', ({ kind, day, ...expected }) => {
    expect(reportPeriod(kind, day)).toEqual({ kind, ...expected });
  });

  it('holds its day, follows the one before without a gap, and is the same from each of its days', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REPORT_KINDS), fc.integer({ min: 0, max: 20_000 }), (kind, offset) => {
        const day = addDays('2000-01-01', offset);
        const period = reportPeriod(kind, day);
        expect(period.from <= day && day <= period.to).toBe(true);
        expect(reportPeriod(kind, period.before).to).toBe(period.before);
        expect(addDays(period.before, 1)).toBe(period.from);
        expect(reportPeriod(kind, period.to)).toEqual(period);
        expect(latestReportPeriod(kind, day).to < day).toBe(true);
        expect(daysBetween(period.from, period.to)).toBeLessThan(31);
      }),
    );
  });
});
