import { listResidentMonths } from '../../accounts/resident-counter-store.ts';
import { listRpDays, listRpMonths } from '../../accounts/rp-use-store.ts';
import { type AdoptionStep, publishedSteps, publishedTotals } from '../../domain/adoption.ts';
import { HANOI_CODE } from '../../domain/place.ts';
import type { BandAge } from '../../domain/resident-ledger.ts';
import { UNKNOWN_BASIS } from '../../domain/rp-total.ts';
import { LEAST_PUBLIC_COUNT, ratioCounts } from '../../domain/suppression.ts';
import { addDays, type CalendarDate, lastDayOf } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { basesInForceOf, listDenominatorVersions } from '../stores/denominator-store.ts';
import { listRpTotals, type RpTotalVersion } from '../stores/rp-total-store.ts';
import {
  activationRates,
  type Figure,
  type Moment,
  momentOf,
  publishedMoment,
  type Viewer,
} from './activation-rates.ts';
import { whileUnchanged } from './kept-readings.ts';
import { oneCut } from './rate-counts.ts';
import { personsFrom, RESIDENTS_AGE_MIN } from './resident-counts.ts';

/** What reach is divided by: persons who ever activated, the residents loaded for the city, or whom the relying party itself names. */
export type Coverage = {
  readonly basis: 'activated_persons' | 'eligible_residents' | 'reported';
  /** In the relying party's words; `unknown` where it does not say. */
  readonly basisName: string | undefined;
  readonly figure: Figure;
};

export type RpAdoption = {
  readonly clientId: string;
  readonly name: { readonly vi: string; readonly en: string };
  /** To the end of this day. Undefined while nothing of it is published. */
  readonly day: CalendarDate | undefined;
  /** Distinct subjects who ever used it (persons), and sign-ins (lượt): never divided by each other. Undefined while nothing is published. */
  readonly counts: Pick<AdoptionStep, 'subjects' | 'signIns'> | undefined;
  /** The same at the end of each month there is, or that is published. */
  readonly steps: readonly AdoptionStep[];
  /** The last 31 days, for the full view alone. */
  readonly days: readonly { readonly day: CalendarDate; readonly signIns: number; readonly newSubjects: number }[];
  readonly coverage: readonly Coverage[];
  readonly totals: readonly { readonly total: RpTotalVersion; readonly channelShare: Figure }[];
};

export type Adoption = {
  readonly moment: Moment;
  readonly isMonthly: boolean;
  readonly services: readonly RpAdoption[];
};

/** A relying party as the register names it. */
export type NamedClient = {
  readonly id: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly origin: 'operator' | 'sandbox' | 'dynamic' | 'own';
};

export type AdoptionDeps = { readonly db: Db; readonly listClients: () => Promise<readonly NamedClient[]> };

/** Adoption of each relying party. The full view sees each day, and who registered itself; everybody else what `publishedSteps` and `publishedTotals` let out of
 *  those that an operator registered: a name that anybody can choose is not put on a public page. */
export async function rpAdoption(
  { db, listClients }: AdoptionDeps,
  { now, asOfDay, viewer }: { now: Date; asOfDay?: CalendarDate | undefined; viewer: Viewer },
): Promise<Adoption> {
  const isFull = viewer.kind === 'full';
  const moment = isFull ? momentOf({ now, asOfDay }) : publishedMoment(momentOf({ now, asOfDay }));
  const months = await listRpMonths(db, moment.day);
  const days = isFull ? await listRpDays(db, { from: addDays(moment.day, -30), to: moment.day }) : [];
  const known = (await listRpTotals(db)).filter(({ toOn }) => toOn <= moment.day);
  const totals = isFull ? known : publishedTotals(known);
  const bases = rememberBases(db, { now, viewer });
  const stepsFor = isFull ? stepsOf : await publishedOf(db, moment);
  const clients = (await listClients()).filter((client) => isShown(client, isFull));
  const services: RpAdoption[] = [];
  for (const { id: clientId, name } of clients) {
    const isOwn = (one: { readonly clientId: string }): boolean => one.clientId === clientId;
    const own = totals.filter(isOwn);
    const reach = reachOf(stepsFor(months.filter(isOwn), own), isFull ? moment.day : undefined);
    if (isFull && reach.counts === undefined && own.length === 0) continue;
    const { counts, day } = reach;
    services.push({
      clientId,
      name,
      ...reach,
      days: days.filter(isOwn).map(({ clientId: _id, ...rest }) => rest),
      coverage: counts && day !== undefined ? coverageOf(counts, await bases(day), { totals: own, isFull }) : [],
      totals: own.map((total) => ({ total, channelShare: ratio(total.throughIdentity, total.dossiers, isFull) })),
    });
  }
  return { moment, isMonthly: !isFull, services };
}

/** @param day to whose end the last step goes; that of its month unless told. */
function reachOf(
  steps: readonly AdoptionStep[],
  day: CalendarDate | undefined,
): Pick<RpAdoption, 'day' | 'counts' | 'steps'> {
  const last = steps.at(-1);
  if (last === undefined) return { day: undefined, counts: undefined, steps };
  return { day: day ?? lastDayOf(last.month), counts: { subjects: last.subjects, signIns: last.signIns }, steps };
}

function isShown({ origin }: NamedClient, isFull: boolean): boolean {
  return origin !== 'own' && (origin !== 'dynamic' || isFull);
}

/** From its beginning to the end of each month. */
function stepsOf(months: readonly RpMonth[]): AdoptionStep[] {
  let subjects = 0;
  let signIns = 0;
  return months.map(({ month, ...added }) => {
    subjects += added.newSubjects;
    signIns += added.signIns;
    return { month, subjects, signIns };
  });
}

/** Of those the ones that the public may see beside what its other figures tell at the end of a month: persons who ever activated, of the age of all days and from 14 on, the
 *  residents, and whom the relying party named by then. */
async function publishedOf(db: Db, moment: Moment) {
  const activatedAt = await activatedByMonth(db, moment);
  return (months: readonly RpMonth[], totals: readonly RpTotalVersion[]): AdoptionStep[] => {
    const namedAt = (month: string): number[] =>
      totals.flatMap(({ toOn, basisPersons }) => (toOn <= lastDayOf(month) ? (basisPersons ?? []) : []));
    return publishedSteps(stepsOf(months), (month) => [...activatedAt(month), ...namedAt(month)]);
  };
}

type RpMonth = { readonly month: string; readonly newSubjects: number; readonly signIns: number };
type Bases = { readonly activatedPersons: number; readonly residents: number | undefined };

async function activatedByMonth(db: Db, { day, knownAt }: Moment): Promise<(month: string) => readonly number[]> {
  const added = await whileUnchanged(db, { of: 'resident months', day, knownAt }, () =>
    listResidentMonths(db, { to: day.slice(0, 7), by: 'gender' }),
  );
  const versions = await listDenominatorVersions(db);
  return (month) => {
    const at = { day: lastDayOf(month), knownAt };
    const cells = added.filter((one) => one.month <= month);
    const { ageMin } = oneCut(basesInForceOf(versions, { ...at, basis: 'assigned_target' }));
    const residents = basesInForceOf(versions, { ...at, basis: 'eligible_residents', ageMin });
    const loaded = residents?.byUnit.get(HANOI_CODE)?.quantity;
    const activated = [ageMin, RESIDENTS_AGE_MIN as BandAge].map((from) => personsFrom(cells, from).activated);
    return [...activated, ...(loaded === undefined ? [] : [loaded])];
  };
}

/** What reach is divided by as of a day, each day read once. */
function rememberBases(db: Db, { now, viewer }: { now: Date; viewer: Viewer }): (day: CalendarDate) => Promise<Bases> {
  const known = new Map<CalendarDate, Bases>();
  return async (day) => {
    const read = known.get(day);
    if (read !== undefined) return read;
    const { whole, bases } = await activationRates(db, { now, asOfDay: day, viewer });
    const persons = whole.activation_of_target;
    const made = {
      activatedPersons: persons.kind === 'suppressed' ? 0 : persons.numerator,
      residents: bases.eligible_residents?.quantity,
    };
    known.set(day, made);
    return made;
  };
}

function coverageOf(
  { subjects }: Pick<AdoptionStep, 'subjects'>,
  { activatedPersons, residents }: Bases,
  { totals, isFull }: { totals: readonly RpTotalVersion[]; isFull: boolean },
): Coverage[] {
  const newest = totals.toSorted((a, b) => (a.toOn < b.toOn ? -1 : 1)).at(-1);
  return [
    { basis: 'activated_persons', basisName: undefined, figure: ratio(subjects, activatedPersons, isFull) },
    { basis: 'eligible_residents', basisName: undefined, figure: ratio(subjects, residents, isFull) },
    {
      basis: 'reported',
      basisName: newest?.basis ?? UNKNOWN_BASIS,
      figure: ratio(subjects, newest?.basisPersons, isFull),
    },
  ];
}

function ratio(numerator: number, denominator: number | undefined, isFull: boolean): Figure {
  if (!isFull && ratioCounts(numerator, denominator).some((count) => count < LEAST_PUBLIC_COUNT))
    return { kind: 'suppressed' };
  // Nothing to divide by: no dossier at all.
  if (denominator === undefined || denominator === 0) return { kind: 'no_basis', numerator };
  return { kind: 'shown', numerator, denominator };
}
