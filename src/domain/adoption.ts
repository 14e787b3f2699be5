import type { RpTotal } from './rp-total.ts';
import { LEAST_PUBLIC_COUNT, ratioCounts } from './suppression.ts';

/** Persons (distinct subjects) and sign-ins (lượt) at a relying party, from its beginning to the end of a month. */
export type AdoptionStep = { readonly month: string; readonly subjects: number; readonly signIns: number };

/** The steps that the public may see: a month is published when, since the last one published, enough persons came for the first time and enough sign-ins
 *  were of persons who had been there, and when those who never came, of all whose number is told, are enough. So every number that is found by subtraction is
 *  large enough, and a later answer never adds to what an earlier one told of the months before.
 *  @param steps in order of months. @param toldAt how many there are of whom the subjects may be a part, at the end of a month */
export function publishedSteps(
  steps: readonly AdoptionStep[],
  toldAt: (month: string) => readonly number[] = () => [],
  least: number = LEAST_PUBLIC_COUNT,
): AdoptionStep[] {
  const published: AdoptionStep[] = [];
  let last: AdoptionStep = { month: '', subjects: 0, signIns: 0 };
  for (const step of steps) {
    const subjects = step.subjects - last.subjects;
    const returns = step.signIns - last.signIns - subjects;
    if (subjects < least || returns < least) continue;
    if (toldAt(step.month).some((persons) => Math.abs(persons - step.subjects) < least)) continue;
    published.push(step);
    last = step;
  }
  return published;
}

type Period = Pick<RpTotal, 'clientId' | 'topic' | 'fromOn' | 'toOn' | 'dossiers' | 'throughIdentity'>;

/** Of reported totals those that the public may see, in the order in which they were first reported. Two periods of one topic are published only where they do not
 *  meet, or begin on the same day and differ by enough: what lies between them is a cell like any other. */
export function publishedTotals<T extends Period>(totals: readonly T[], least: number = LEAST_PUBLIC_COUNT): T[] {
  const published: T[] = [];
  for (const total of totals) {
    const others = published.filter((one) => one.clientId === total.clientId && one.topic === total.topic);
    if (isLarge(total, least) && others.every((other) => isSafeBeside(total, other, least))) published.push(total);
  }
  return published;
}

function isLarge({ throughIdentity, dossiers }: Pick<Period, 'throughIdentity' | 'dossiers'>, least: number): boolean {
  return ratioCounts(throughIdentity, dossiers).every((count) => count >= least);
}

function isSafeBeside(one: Period, other: Period, least: number): boolean {
  if (one.toOn < other.fromOn || other.toOn < one.fromOn) return true;
  if (one.fromOn !== other.fromOn) return false;
  const [longer, shorter] = one.toOn > other.toOn ? [one, other] : [other, one];
  const between = {
    throughIdentity: longer.throughIdentity - shorter.throughIdentity,
    dossiers: longer.dossiers - shorter.dossiers,
  };
  return between.dossiers >= between.throughIdentity && between.throughIdentity >= least && isLarge(between, least);
}
