import { describe, expect, it } from 'vitest';
import { CAMPAIGN_COLUMNS, campaignPeriods, readCampaign, tellable } from '../../src/domain/campaign.ts';

const EMPTY = Object.fromEntries(CAMPAIGN_COLUMNS.map((column) => [column, ''])) as Parameters<typeof readCampaign>[0];
const ROW = {
  ...EMPTY,
  key: 'den-tung-nha',
  kind: 'campaign',
  name_vi: 'Đến từng nhà',
  name_en: 'Door to door',
  from_on: '2023-06-28',
  to_on: '30/7/2023',
  units: '002 001 002',
  target: '1000',
  source: 'Hà Nội',
};
const problemsOf = (change: Partial<typeof ROW>): unknown => {
  const read = readCampaign({ ...ROW, ...change });
  return read.ok ? [] : read.problems.map(({ field, reason }) => `${field} ${reason}`);
};

describe('a row of a file of campaigns', () => {
  it('is read: days as people write them, each unit once', () => {
    expect(readCampaign(ROW)).toMatchObject({
      ok: true,
      value: { fromOn: '2023-06-28', toOn: '2023-07-30', unitCodes: ['001', '002'], target: 1000, reason: undefined },
    });
    expect(readCampaign({ ...ROW, units: 'all', target: '' })).toMatchObject({
      ok: true,
      value: { unitCodes: [], target: undefined },
    });
  });

  it('needs no last day where it is a note', () => {
    expect(readCampaign({ ...ROW, kind: 'note', to_on: '' })).toMatchObject({
      ok: true,
      value: { toOn: '2023-06-28' },
    });
    expect(problemsOf({ to_on: '' })).toEqual(['to_on not_a_day']);
  });

  it('tells every problem at once', () => {
    expect(problemsOf({ key: 'A', kind: 'x', name_en: '', units: '', target: '1.000', source: '' })).toEqual([
      'key not_one_of_the_known',
      'kind not_one_of_the_known',
      'name_en missing',
      'units unknown_unit',
      'target not_a_whole_number',
      'source missing',
    ]);
    expect(problemsOf({ to_on: '2023-06-27' })).toEqual(['to_on before_its_beginning']);
    expect(problemsOf({ to_on: '2033-06-27', units: 'all' })).toEqual(['to_on out_of_range']);
  });

  it('does not name a district for days after the districts', () => {
    expect(problemsOf({ from_on: '2025-06-01', to_on: '2025-07-10' })).toEqual(['units unit_not_of_that_day']);
  });
});

describe('the periods of a campaign', () => {
  const CAMPAIGN = { fromOn: '2023-06-28', toOn: '2023-07-30' };
  it('are its days so far and as many before it', () => {
    expect(campaignPeriods(CAMPAIGN, '2023-06-27')).toBeUndefined();
    expect(campaignPeriods(CAMPAIGN, '2023-06-30')).toEqual({
      during: { fromOn: '2023-06-28', toOn: '2023-06-30' },
      before: { fromOn: '2023-06-25', toOn: '2023-06-27' },
      days: 3,
      isOver: false,
    });
    expect(campaignPeriods(CAMPAIGN, '2026-01-01')).toMatchObject({
      days: 33,
      isOver: true,
      before: { fromOn: '2023-05-26' },
    });
  });
});

describe('campaigns whose sums tell of the days by which they differ', () => {
  const totals: Readonly<Record<string, readonly number[]>> = {
    '01': [0, 0],
    '10': [12, 40],
    '11': [15, 40],
    '20': [30, 60],
    '25': [30, 64],
  };
  const told = (...campaigns: readonly (readonly string[])[]): string[] =>
    [
      ...tellable(
        campaigns.map((days) => ({ days })),
        (day) => totals[day] ?? [],
      ),
    ].map(({ days }) => days.join('–'));

  it('are told where every total went nowhere or far enough between any two of their days', () => {
    expect(told(['01', '10'], ['11', '20'])).toEqual(['01–10', '11–20']);
    expect(told(['01', '10'], ['01', '20'])).toEqual(['01–10', '01–20']);
  });

  it('are not told, the later one, where it went a little, by way of a third too', () => {
    expect(told(['01', '10'], ['01', '11'])).toEqual(['01–10']);
    expect(told(['01', '10'], ['11', '20'], ['01', '20'])).toEqual(['01–10', '11–20']);
    expect(told(['20', '25'])).toEqual([]);
  });
});
