import type { AccountLevel } from '../../domain/assurance.ts';
import type { LoadedBasis } from '../../domain/denominator.ts';
import { findUnit, HANOI_CODE, type Unit } from '../../domain/place.ts';
import { RATE_DEFINITIONS } from '../../domain/rate.ts';
import { type ComparedSide, type Comparison, compareFigures } from '../../domain/rate-comparison.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { type BasesInForce, findBasesInForce } from '../stores/denominator-store.ts';
import {
  activationRates,
  type Figure,
  type Figures,
  type Moment,
  NOTHING_SHOWN,
  PUBLISHED_RATES,
  type PublishedRateId,
  publishedMoment,
  unitRuleOf,
  type Viewer,
} from './activation-rates.ts';
import { publicAgeMin, RESIDENTS_AGE_MIN } from './resident-counts.ts';

export type ComparedPlace = { readonly unitCode: string; readonly asOfDay: CalendarDate | undefined };

export type ComparisonQuery = {
  readonly now: Date;
  /** One unit on two days, or two units on one day. The city goes by its own code. */
  readonly first: ComparedPlace;
  readonly second: ComparedPlace;
  readonly accountLevel?: AccountLevel | undefined;
  readonly viewer?: Viewer | undefined;
};

export type ComparisonSide = { readonly unit: Unit; readonly moment: Moment };
export type RateComparison = {
  readonly viewer: Viewer;
  readonly accountLevel: AccountLevel | undefined;
  readonly first: ComparisonSide;
  readonly second: ComparisonSide;
  readonly rows: readonly {
    readonly id: PublishedRateId;
    readonly first: Figure;
    readonly second: Figure;
    readonly comparison: Comparison;
  }[];
};

/** Every rate of two places and times, side by side, and the difference where there is one to give. The public sees the ends of months that are over, as it does in
 *  every table: nothing here can be found that two of them do not tell. Both sides are read one after the other: facts that arrive between the two are in the
 *  second alone. @throws RangeError for a unit that does not exist, and a day that has not begun. */
export async function compareRates(db: Db, query: ComparisonQuery): Promise<RateComparison> {
  const { accountLevel, viewer = { kind: 'full' } } = query;
  const [first, second] = [await readSide(db, query, query.first), await readSide(db, query, query.second)];
  const isPublic = viewer.kind === 'public';
  return {
    viewer,
    accountLevel,
    first,
    second,
    rows: PUBLISHED_RATES.map((id) => {
      const [a, b] = [sideOf(first, id), sideOf(second, id)];
      return { id, first: a.figure, second: b.figure, comparison: compareFigures(a, b, { isPublic }) };
    }),
  };
}

type Side = ComparisonSide & {
  /** Of the residents. */
  readonly ageMin: number;
  readonly figures: Figures;
  readonly bases: Readonly<Record<LoadedBasis, BasesInForce | undefined>>;
};

async function readSide(db: Db, query: ComparisonQuery, { unitCode, asOfDay }: ComparedPlace): Promise<Side> {
  const { now, accountLevel, viewer } = query;
  const isPublic = viewer?.kind === 'public';
  const unit = findUnit(unitCode);
  if (unit === undefined) throw new RangeError('There is no such unit.');
  const { units } = await activationRates(db, {
    now,
    asOfDay,
    accountLevel,
    viewer,
    residentsAgeMin: isPublic ? undefined : RESIDENTS_AGE_MIN,
  });
  const row = units.rows.find(({ code }) => code === unitCode);
  // The public sees a unit as it was last published.
  const moment =
    row === undefined || row.day === units.moment.day
      ? units.moment
      : publishedMoment({ ...units.moment, day: row.day });
  const { day, knownAt } = moment;
  const targets = await findBasesInForce(db, { basis: 'assigned_target', day, knownAt });
  const ageMin = isPublic ? publicAgeMin(targets?.ageMin) : RESIDENTS_AGE_MIN;
  return {
    unit,
    ageMin,
    moment,
    figures:
      unitCode === HANOI_CODE
        ? units.whole
        : // Of a unit that is not in the table: another's, or one that came later.
          (row?.figures ?? NOTHING_SHOWN),
    bases: {
      eligible_residents: await findBasesInForce(db, { basis: 'eligible_residents', ageMin, day, knownAt }),
      assigned_target: targets,
    },
  };
}

function sideOf({ unit, moment, ageMin, figures, bases }: Side, id: PublishedRateId): ComparedSide {
  const basis = RATE_DEFINITIONS[id].denominatorBasis;
  const isLoaded = basis === 'eligible_residents' || basis === 'assigned_target';
  const record = isLoaded ? bases[basis]?.byUnit.get(unit.code) : undefined;
  const isOfResidents = unitRuleOf(id) === 'resident' && basis !== 'assigned_target';
  return { figure: figures[id], basis: record, ageMin: isOfResidents ? ageMin : undefined, unit, day: moment.day };
}
