import { addDays, type CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Denominator } from '../stores/denominator-store.ts';
import type { ActivationRates, UnitFigures } from './activation-rates.ts';
import type { TrendPoint } from './activation-trend.ts';
import type { TargetProgress } from './target-progress.ts';
import { rankUnits, ratioOf } from './unit-ranks.ts';

/** What an official should look at first. Each is found by a rule that can be told, and that a reader may disagree with (design). */
export type Signal =
  | { readonly kind: 'no_target' }
  | { readonly kind: 'target_missed'; readonly high: number; readonly target: number; readonly dueOn: CalendarDate }
  /** Lowest first. */
  | { readonly kind: 'units_behind'; readonly units: readonly UnitFigures[] }
  | { readonly kind: 'rate_fell'; readonly points: number }
  | { readonly kind: 'on_time_low'; readonly numerator: number; readonly denominator: number }
  | { readonly kind: 'old_basis'; readonly basis: Denominator };

/** A unit so far below the whole is behind, in percentage points. */
const BEHIND_POINTS = 10;
/** Below so many grants a rate is chance. */
const LEAST_GRANTS = 30;
const FELL_POINTS = 0.5;
const ON_TIME_LEAST = 0.7;
const BASIS_DAYS = 365;

export function findSignals(
  rates: ActivationRates,
  trend: readonly TrendPoint[],
  progress: TargetProgress,
): readonly Signal[] {
  return [...targetSignals(progress), ...unitSignals(rates), ...rateSignals(rates, trend), ...basisSignals(rates)];
}

function targetSignals({ forecast, target, dueOn, daysLeft }: TargetProgress): Signal[] {
  if (forecast.kind !== 'forecast' || target === undefined || daysLeft === 0) return [];
  const isMissed = forecast.high < target.quantity;
  return isMissed ? [{ kind: 'target_missed', high: forecast.high, target: target.quantity, dueOn }] : [];
}

function unitSignals(rates: ActivationRates): Signal[] {
  const units = unitsBehind(rates);
  return units.length === 0 ? [] : [{ kind: 'units_behind', units }];
}

function rateSignals({ whole }: ActivationRates, trend: readonly TrendPoint[]): Signal[] {
  const points = pointsOf(trend) ?? 0;
  const onTime = whole.on_time;
  const isLow = onTime.kind === 'shown' && (ratioOf(onTime) ?? 1) < ON_TIME_LEAST;
  return [
    ...(points <= -FELL_POINTS ? [{ kind: 'rate_fell', points: -points } as const] : []),
    ...(isLow ? [{ kind: 'on_time_low', numerator: onTime.numerator, denominator: onTime.denominator } as const] : []),
  ];
}

function basisSignals({ bases, moment }: ActivationRates): Signal[] {
  const loaded = [bases.assigned_target, bases.eligible_residents].filter((basis) => basis !== undefined);
  if (loaded.length === 0) return [{ kind: 'no_target' }];
  const oldest = addDays(moment.day, -BASIS_DAYS);
  return loaded.filter(({ asOfOn }) => asOfOn < oldest).map((basis) => ({ kind: 'old_basis', basis }));
}

function unitsBehind(rates: ActivationRates): readonly UnitFigures[] {
  const city = ratioOf(rates.units.whole.activation_of_granted);
  if (city === undefined) return [];
  return rankUnits(rates)
    .ranked.filter(({ figures }) => {
      const figure = figures.activation_of_granted;
      const ratio = ratioOf(figure);
      if (figure.kind !== 'shown' || ratio === undefined || figure.denominator < LEAST_GRANTS) return false;
      return (city - ratio) * 100 >= BEHIND_POINTS;
    })
    .toReversed();
}

/** How many points the rate has gained over the trend. */
function pointsOf(trend: readonly TrendPoint[]): number | undefined {
  const ratios = trend.flatMap(({ figure }) => ratioOf(figure) ?? []);
  const [first, last] = [ratios.at(0), ratios.at(-1)];
  return first === undefined || last === undefined ? undefined : (last - first) * 100;
}
