import { kaplanMeier } from '../../src/domain/kaplan-meier.ts';
import { addDays, vietNamDay, weekStart } from '../../src/domain/viet-nam-time.ts';
import type { Db } from '../../src/platform/database.ts';
import { lateBacklog } from '../../src/statistics/figures/late-backlog.ts';
import { timeToActivate } from '../../src/statistics/figures/time-to-activate.ts';

export type Life = {
  unitCode: string;
  level: number;
  notifiedOn: string;
  activatedOn: string | undefined;
  reopenedOn: string[];
};

/** What was known of each grant at the end of a day, from the events one by one: those taken back since are left out. */
async function livesKnownOn(db: Db, knownOn: string): Promise<Life[]> {
  const rows = (await db('activation_events').whereIn('kind', ['notified', 'activated', 'reopened'])) as {
    kind: string;
    quantity: number;
    grant_id: string;
    unit_code: string;
    account_level: number;
    day: string;
    recorded_at: number;
  }[];
  const known = rows.filter((row) => vietNamDay(new Date(row.recorded_at)) <= knownOn);
  return [...Map.groupBy(known, ({ grant_id }) => grant_id).values()].flatMap((events) => {
    const days = (kind: string): string[] => {
      const ofKind = events.filter((event) => event.kind === kind);
      return [...new Set(ofKind.map(({ day }) => day))].filter(
        (day) => ofKind.filter((event) => event.day === day).reduce((sum, { quantity }) => sum + quantity, 0) > 0,
      );
    };
    const [notifiedOn] = days('notified');
    const [first] = events;
    if (notifiedOn === undefined || first === undefined) return [];
    const { unit_code: unitCode, account_level: level } = first;
    return [{ unitCode, level, notifiedOn, activatedOn: days('activated')[0], reopenedOn: days('reopened') }];
  });
}

function ageOn(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

function bandOn({ notifiedOn, activatedOn, reopenedOn }: Life, day: string): string | undefined {
  const age = ageOn(notifiedOn, day);
  const isOpenAgain = reopenedOn.some((from) => from <= day && day <= addDays(from, 7));
  if (age < 8 || isOpenAgain || (activatedOn !== undefined && activatedOn <= day)) return undefined;
  if (age <= 30) return '8_30';
  return age <= 90 ? '31_90' : 'over_90';
}

export type AsOf = { now: Date; asOfDay: string; knownOnDay: string };

/** What the statistics answer, and what looking at every grant by itself says. */
export async function backlogTwice(db: Db, asOf: AsOf) {
  const { counts, units } = await lateBacklog(db, asOf);
  const lives = await livesKnownOn(db, asOf.knownOnDay);
  const countsOf = (some: readonly Life[]) => {
    const bands = some.flatMap((life) => bandOn(life, asOf.asOfDay) ?? []);
    const count = (band: string): number => bands.filter((one) => one === band).length;
    return { '8_30': count('8_30'), '31_90': count('31_90'), over_90: count('over_90'), all: bands.length };
  };
  const here = (code: string) => lives.filter(({ unitCode }) => unitCode === code);
  const read = { counts, units: units.map(({ code, counts: own }) => [code, own]) };
  return { read, counted: { counts: countsOf(lives), units: units.map(({ code }) => [code, countsOf(here(code))]) } };
}

export async function waitsTwice(
  db: Db,
  asOf: AsOf & { unitCode?: string; accountLevel?: 1 | 2 },
): Promise<{ read: object; counted: object }> {
  const { curve, whole } = await timeToActivate(db, asOf);
  const { asOfDay, unitCode, accountLevel } = asOf;
  const firstDay = addDays(weekStart(asOfDay), -84);
  const cohort = (await livesKnownOn(db, asOf.knownOnDay)).filter(
    (life) =>
      life.notifiedOn >= firstDay &&
      life.notifiedOn <= asOfDay &&
      (unitCode === undefined || life.unitCode === unitCode) &&
      (accountLevel === undefined || life.level === accountLevel),
  );
  const [ended, censored] = [new Map<number, number>(), new Map<number, number>()];
  for (const { notifiedOn, activatedOn } of cohort) {
    const isOver = activatedOn !== undefined && activatedOn <= asOfDay;
    const [counts, days] = isOver ? [ended, ageOn(notifiedOn, activatedOn)] : [censored, ageOn(notifiedOn, asOfDay)];
    counts.set(days, (counts.get(days) ?? 0) + 1);
  }
  const { points, total } = kaplanMeier({ ended, censored });
  return {
    read: { curve, notified: whole.kind === 'shown' ? whole.notified : undefined },
    counted: { curve: points, notified: total },
  };
}
