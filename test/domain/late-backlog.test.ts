import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandsOf, LATE_BANDS, type LateFact, lateSteps } from '../../src/domain/late-backlog.ts';
import { addDays } from '../../src/domain/viet-nam-time.ts';

const NOTICE = '2024-02-10';

function bandsOn(facts: readonly LateFact[], day: string) {
  const totals = { late_from_8: 0, late_from_31: 0, late_from_91: 0 };
  for (const step of facts.flatMap(lateSteps)) if (step.day <= day) totals[step.measure] += step.quantity;
  return bandsOf(totals);
}

/** The band of a grant, looked at as it stands: not late in its first 7 days, in a reopened window, and once it is activated. */
function bandOf(age: number, activatedAt: number | undefined, reopenedAt: readonly number[]): string | undefined {
  if (age < 8 || (activatedAt !== undefined && activatedAt <= age)) return undefined;
  if (reopenedAt.some((at) => at <= age && age <= at + 7)) return undefined;
  return age <= 30 ? '8_30' : age <= 90 ? '31_90' : 'over_90';
}

describe('what is late', () => {
  it('is counted from the 8th, the 31st and the 91st day after the notice', () => {
    const notified: LateFact = { kind: 'notified', day: NOTICE, notifiedOn: NOTICE };
    const seen = [7, 8, 30, 31, 90, 91, 1000].map((age) => bandsOn([notified], addDays(NOTICE, age)));
    expect(seen.map((bands) => LATE_BANDS.findIndex((band) => bands[band] === 1))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
  });

  it('is what it is on every day, after any activation and any reopened windows', () => {
    const wait = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.array(wait, { maxLength: 4 }), fc.option(fc.nat(130), { nil: undefined }), (gaps, activated) => {
        // A window is opened only when the one before is over.
        let at = 8;
        const reopened = gaps.map((gap) => {
          const from = at + gap;
          at = from + 8;
          return from;
        });
        const before = reopened.filter((from) => activated === undefined || from <= activated);
        const last = before.at(-1);
        const facts: LateFact[] = [
          { kind: 'notified', day: NOTICE, notifiedOn: NOTICE },
          ...before.map((from): LateFact => {
            const [day, dueOn] = [addDays(NOTICE, from), addDays(NOTICE, from + 7)];
            return { kind: 'reopened', day, notifiedOn: NOTICE, dueOn };
          }),
        ];
        if (activated !== undefined) {
          const dueOn = last === undefined ? undefined : addDays(NOTICE, last + 7);
          facts.push({ kind: 'activated', day: addDays(NOTICE, activated), notifiedOn: NOTICE, dueOn });
        }
        for (let age = 0; age < 200; age += 1) {
          const bands = bandsOn(facts, addDays(NOTICE, age));
          const expected = bandOf(age, activated, before);
          for (const band of LATE_BANDS)
            expect([age, band, bands[band]]).toEqual([age, band, band === expected ? 1 : 0]);
        }
      }),
    );
  });
});
