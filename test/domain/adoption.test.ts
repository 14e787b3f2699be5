import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdoptionStep, publishedSteps, publishedTotals } from '../../src/domain/adoption.ts';

describe('publishedSteps', () => {
  it('holds a month back until enough persons and enough returns came', () => {
    const steps = [
      { month: '2026-01', subjects: 9, signIns: 40 },
      { month: '2026-02', subjects: 20, signIns: 60 },
      { month: '2026-03', subjects: 25, signIns: 90 },
      { month: '2026-04', subjects: 40, signIns: 105 },
    ];
    expect(publishedSteps(steps).map(({ month }) => month)).toEqual(['2026-02', '2026-04']);
  });

  it('holds a month back in which few of those who are told elsewhere never came', () => {
    const steps = [
      { month: '2026-01', subjects: 20, signIns: 40 },
      { month: '2026-02', subjects: 40, signIns: 90 },
      { month: '2026-03', subjects: 60, signIns: 140 },
    ];
    const toldAt = (month: string): number[] => (month === '2026-02' ? [1_000, 47] : [1_000, 70]);
    expect(publishedSteps(steps, toldAt).map(({ month }) => month)).toEqual(['2026-01', '2026-03']);
  });

  it('never gives a small number by subtraction, nor changes what it said', () => {
    const added = fc.record({ persons: fc.nat(30), returns: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(added, { maxLength: 24 }), (months) => {
        let [subjects, signIns] = [0, 0];
        const steps = months.map(({ persons, returns }, index): AdoptionStep => {
          subjects += persons;
          signIns += persons + returns;
          return { month: String(index).padStart(2, '0'), subjects, signIns };
        });
        const published = publishedSteps(steps);
        published.forEach((one, index) => {
          for (const other of [{ subjects: 0, signIns: 0 }, ...published.slice(0, index)]) {
            expect(one.subjects - other.subjects).toBeGreaterThanOrEqual(10);
            expect(one.signIns - one.subjects - (other.signIns - other.subjects)).toBeGreaterThanOrEqual(10);
          }
        });
        expect(publishedSteps(steps.slice(0, -1))).toEqual(published.filter((one) => one !== steps.at(-1)));
      }),
    );
  });
});

describe('publishedTotals', () => {
  const total = {
    clientId: 'a',
    topic: 't',
    fromOn: '2026-01-01',
    toOn: '2026-03-31',
    dossiers: 200,
    throughIdentity: 120,
  };
  it('keeps a period that differs from a published one by a few', () => {
    const longer = { ...total, toOn: '2026-04-30', dossiers: 215, throughIdentity: 125 };
    expect(publishedTotals([total, longer])).toEqual([total]);
    const muchLonger = { ...longer, dossiers: 300, throughIdentity: 170 };
    expect(publishedTotals([total, muchLonger])).toEqual([total, muchLonger]);
    expect(publishedTotals([total, { ...muchLonger, fromOn: '2026-02-01' }])).toEqual([total]);
    expect(publishedTotals([total, { ...total, fromOn: '2026-04-01', toOn: '2026-04-30' }])).toHaveLength(2);
  });
  it('keeps few dossiers, and few that went another way', () => {
    expect(publishedTotals([{ ...total, throughIdentity: 9 }])).toEqual([]);
    expect(publishedTotals([{ ...total, throughIdentity: 195 }])).toEqual([]);
  });
});
