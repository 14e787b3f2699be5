import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDenominator } from '../../src/domain/denominator.ts';
import { publishedRatio, readPublishedFigure } from '../../src/domain/published-figure.ts';
import { percentText } from '../../src/domain/rate.ts';

const TARGET = {
  basis: 'assigned_target',
  unit_code: '01',
  as_of_on: '2023-06-28',
  age_min: '0',
  quantity: '6220864',
  source: 'Hà Nội',
  reason: '',
};

describe('a row of a file of bases', () => {
  it('becomes a fact, a day written either way', () => {
    const read = readDenominator({ ...TARGET, as_of_on: '28/6/2023' });
    expect(read).toMatchObject({ ok: true, value: { asOfOn: '2023-06-28', quantity: 6_220_864, reason: undefined } });
  });

  it.each([
    [{ basis: 'grants_notified' }, 'basis', 'not_one_of_the_known'],
    [{ unit_code: '777' }, 'unit_code', 'unknown_unit'],
    [{ unit_code: '001', as_of_on: '2025-07-01' }, 'unit_code', 'unit_not_of_that_day'],
    [{ unit_code: '00004', as_of_on: '2025-06-30' }, 'unit_code', 'unit_not_of_that_day'],
    [{ as_of_on: '2023-02-30' }, 'as_of_on', 'not_a_day'],
    [{ age_min: '121' }, 'age_min', 'out_of_range'],
    [{ age_min: '' }, 'age_min', 'not_a_whole_number'],
    [{ quantity: '6.220.864' }, 'quantity', 'not_a_whole_number'],
    [{ quantity: '0' }, 'quantity', 'out_of_range'],
    [{ quantity: '-5' }, 'quantity', 'not_a_whole_number'],
    [{ source: '' }, 'source', 'missing'],
    [{ source: 'x'.repeat(241) }, 'source', 'too_long'],
  ])('is refused with %j: %s, %s', (change, field, reason) => {
    expect(readDenominator({ ...TARGET, ...change })).toEqual({ ok: false, problems: [{ field, reason }] });
  });

  it('tells every problem at once, and never throws', () => {
    expect(readDenominator({ ...TARGET, basis: '', quantity: '', source: '' })).toMatchObject({
      problems: [{ field: 'basis' }, { field: 'quantity' }, { field: 'source' }],
    });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(Object.keys(TARGET).map((key) => [key, fc.string()]))), (fields) => {
        const read = readDenominator(fields as typeof TARGET);
        if (read.ok) expect(read.value.quantity).toBeGreaterThan(0);
        else expect(read.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

const PUBLISHED = {
  topic: 'activation',
  unit_code: '01',
  as_of_on: '2023-06-28',
  numerator: '4220601',
  denominator: '6220864',
  is_rounded: 'no',
  percent: '67.8',
  basis: 'assigned_target',
  source: 'Hà Nội',
  reason: '',
};

function shown(change: Partial<typeof PUBLISHED>): string {
  const read = readPublishedFigure({ ...PUBLISHED, ...change });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return percentText(publishedRatio(read.value), 'vi', read.value.percent?.split('.')[1]?.length);
}

describe('a published figure', () => {
  it('of 28/6/2023 follows from its own numbers', () => {
    expect(shown({})).toBe('67,8%');
  });

  it('of 8/5/2023, published in round numbers, is quoted: 1.4 of 4.2 million would be 33,3%', () => {
    const round = { numerator: '1400000', denominator: '4200000', is_rounded: 'yes', percent: '33.7' };
    expect(shown({ ...round, basis: 'accounts_taken_in' })).toBe('33,7%');
  });

  it('of 1/7/2023 and of the health book is quoted, its basis unknown', () => {
    expect(shown({ numerator: '4471982', denominator: '', percent: '74.7', basis: 'unknown' })).toBe('74,7%');
    const healthBook = { topic: 'so-suc-khoe', as_of_on: '', numerator: '1760822', denominator: '', basis: 'unknown' };
    expect(shown({ ...healthBook, percent: '25.57' })).toBe('25,57%');
  });

  it.each([
    [{ percent: '68.7' }, 'percent', 'percent_of_another_ratio'],
    [{ percent: '67,8' }, 'percent', 'not_a_percent'],
    [{ denominator: '' }, 'denominator', 'basis_without_denominator'],
    [{ basis: 'unknown' }, 'basis', 'denominator_without_basis'],
    [{ is_rounded: '' }, 'is_rounded', 'not_one_of_the_known'],
    [{ is_rounded: 'constructor' }, 'is_rounded', 'not_one_of_the_known'],
    [{ topic: 'Kích hoạt' }, 'topic', 'not_one_of_the_known'],
  ])('is refused with %j: %s, %s', (change, field, reason) => {
    expect(readPublishedFigure({ ...PUBLISHED, ...change })).toEqual({ ok: false, problems: [{ field, reason }] });
  });
});
