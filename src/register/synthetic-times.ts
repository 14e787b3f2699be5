import { addDays, type CalendarDate, startOfVietNamDay, vietNamDay } from '../domain/viet-nam-time.ts';
import { createRandomSource, type Weighted, weigh } from './random-source.ts';

/** Campaigns of the fictional city, by days before the last one: people come forward in them, and those who were late are looked for. */
export const SYNTHETIC_CAMPAIGNS = [
  {
    key: 'mau-mua-xuan',
    nameVi: 'Đợt cao điểm (mẫu) 1',
    nameEn: 'Sample campaign 1',
    fromDaysAgo: 232,
    toDaysAgo: 200,
  },
  { key: 'mau-mua-thu', nameVi: 'Đợt cao điểm (mẫu) 2', nameEn: 'Sample campaign 2', fromDaysAgo: 27, toDaysAgo: 12 },
] as const;

/** When things happen to synthetic people. */
export type SyntheticTimes = {
  readonly now: Date;
  /** Days on which people apply: few at weekends, many in campaigns. */
  readonly days: Weighted<CalendarDate>;
  readonly campaigns: readonly { readonly from: Date; readonly to: Date }[];
};

/** Applications on a day of the week, Sunday first (a guess). */
const BY_WEEKDAY = [0.15, 1, 1.1, 1.05, 1, 0.95, 0.45] as const;
const CAMPAIGN_GAIN = 1.9;

export function syntheticTimes(now: Date, historyDays: number): SyntheticTimes {
  const today = vietNamDay(now);
  const weights = Array.from({ length: historyDays + 1 }, (_, ago) => {
    const day = addDays(today, -ago);
    const inCampaign = SYNTHETIC_CAMPAIGNS.some((one) => ago <= one.fromDaysAgo && ago >= one.toDaysAgo);
    const weekday = BY_WEEKDAY[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 1;
    return [day, weekday * (inCampaign ? CAMPAIGN_GAIN : 1)] as const;
  });
  return {
    now,
    days: weigh(weights),
    campaigns: SYNTHETIC_CAMPAIGNS.map(({ fromDaysAgo, toDaysAgo }) => ({
      from: startOfVietNamDay(addDays(today, -fromDaysAgo)),
      to: startOfVietNamDay(addDays(today, 1 - toDaysAgo)),
    })),
  };
}

/** What a unit of the fictional city is like; always the same for the same code. */
export type UnitTraits = {
  /** Beside other units of its kind. */
  readonly size: number;
  /** Share of its people who activate in the end. */
  readonly diligence: number;
};

/** Large units and small, eager and slow ones: nothing official can be read out of it. */
export function unitTraits(code: string): UnitTraits {
  const random = createRandomSource(Number.parseInt(code, 10) * 7919 + code.length);
  const size = 0.3 + 2.4 * random.fraction() ** 2;
  return { size, diligence: 0.56 + 0.36 * random.fraction() };
}
