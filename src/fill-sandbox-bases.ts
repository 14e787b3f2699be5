import { HANOI_CODE } from './domain/place.ts';
import { addDays, vietNamDay } from './domain/viet-nam-time.ts';
import type { Db } from './platform/database.ts';
import { SYNTHETIC_CAMPAIGNS } from './register/synthetic-times.ts';
import { insertCampaigns, listCampaignVersions } from './statistics/stores/campaign-store.ts';
import { insertDenominators, listDenominatorVersions } from './statistics/stores/denominator-store.ts';

/** Of numbers that nobody counted. */
const SOURCE = 'sandbox';

/** What the fictional city's rates are divided by, and the campaigns in its histories; nothing where any is loaded. */
export async function fillStatistics(db: Db, people: number, now: Date): Promise<void> {
  const today = vietNamDay(now);
  if ((await listDenominatorVersions(db)).length === 0) {
    const base = {
      unitCode: HANOI_CODE,
      asOfOn: `${today.slice(0, 4)}-01-01`,
      source: SOURCE,
      version: 1,
      recordedAt: now,
    };
    await insertDenominators(db, [
      { ...base, basis: 'assigned_target', ageMin: 15, quantity: Math.ceil(people * 0.84) },
      { ...base, basis: 'eligible_residents', ageMin: 14, quantity: Math.ceil(people * 1.12) },
      // The public counts residents from the age of the target on.
      { ...base, basis: 'eligible_residents', ageMin: 15, quantity: Math.ceil(people * 1.1) },
    ]);
  }
  if ((await listCampaignVersions(db)).length > 0) return;
  const campaigns = SYNTHETIC_CAMPAIGNS.map(({ fromDaysAgo, toDaysAgo, ...names }) => ({
    ...names,
    kind: 'campaign' as const,
    fromOn: addDays(today, -fromDaysAgo),
    toOn: addDays(today, -toDaysAgo),
    unitCodes: [],
    target: undefined,
    note: '',
    source: SOURCE,
    reason: undefined,
    version: 1,
    recordedAt: now,
  }));
  await insertCampaigns(db, campaigns);
}
