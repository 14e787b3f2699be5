import { parseCalendarDate } from './birth-date.ts';
import { existsOn, findUnit } from './place.ts';
import type { DenominatorBasis } from './rate.ts';
import type { CalendarDate } from './viet-nam-time.ts';

/** What is counted elsewhere and loaded here. */
export const LOADED_BASES = ['eligible_residents', 'assigned_target'] as const satisfies readonly DenominatorBasis[];
export type LoadedBasis = (typeof LOADED_BASES)[number];

/** A number that rates are divided by and that is counted elsewhere: a population, a target. */
export type DenominatorFact = {
  readonly basis: LoadedBasis;
  /** The city itself by its own code. */
  readonly unitCode: string;
  /** The day about which it speaks; it stands until a later one. */
  readonly asOfOn: CalendarDate;
  /** Least age in completed years; 0 when not cut by age. */
  readonly ageMin: number;
  readonly quantity: number;
  readonly source: string;
  /** Why it replaces what was said about the same before. */
  readonly reason: string | undefined;
};

/** What may be wrong with a field of a record that came in a file. */
export type FieldReason =
  | 'missing'
  | 'too_long'
  | 'not_one_of_the_known'
  | 'unknown_unit'
  | 'unit_not_of_that_day'
  | 'not_a_day'
  | 'before_its_beginning'
  | 'not_a_whole_number'
  | 'not_a_percent'
  | 'percent_of_another_ratio'
  | 'basis_without_denominator'
  | 'denominator_without_basis'
  | 'out_of_range'
  | 'repeated_in_file'
  | 'reason_needed_for_a_correction';
export type FieldProblem = { readonly field: string; readonly reason: FieldReason };
export type ReadRecord<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** The columns of a file of bases. */
export const DENOMINATOR_COLUMNS = [
  'basis',
  'unit_code',
  'as_of_on',
  'age_min',
  'quantity',
  'source',
  'reason',
] as const;

const LONGEST_TEXT = 240;
const HIGHEST_AGE = 120;

/** Collects what is wrong with a row: `need` keeps a value that could be read and notes one that could not. */
export function fieldProblems(): {
  readonly all: FieldProblem[];
  readonly need: <T>(field: string, value: T | undefined, reason: FieldReason) => T | undefined;
} {
  const all: FieldProblem[] = [];
  return {
    all,
    need: (field, value, reason) => {
      if (value === undefined) all.push({ field, reason });
      return value;
    },
  };
}

/** One row of a file of bases, with every problem of it at once. */
export function readDenominator(
  fields: Readonly<Record<(typeof DENOMINATOR_COLUMNS)[number], string>>,
): ReadRecord<DenominatorFact> {
  const { unit_code: unitCode, source, reason } = fields;
  const { all, need } = fieldProblems();
  const known = LOADED_BASES.find((one) => one === fields.basis);
  const basis = need('basis', known, 'not_one_of_the_known');
  const day = parseCalendarDate(fields.as_of_on);
  const asOfOn = need('as_of_on', day.ok ? day.value : undefined, 'not_a_day');
  all.push(...unitProblems(unitCode, asOfOn));
  const ageMin = need('age_min', wholeNumber(fields.age_min), 'not_a_whole_number') ?? 0;
  if (ageMin > HIGHEST_AGE) all.push({ field: 'age_min', reason: 'out_of_range' });
  const quantity = need('quantity', wholeNumber(fields.quantity), 'not_a_whole_number') ?? 1;
  if (quantity === 0) all.push({ field: 'quantity', reason: 'out_of_range' });
  all.push(...textProblems('source', source), ...textProblems('reason', reason, { isOptional: true }));
  if (all.length > 0 || basis === undefined || asOfOn === undefined) return { ok: false, problems: all };
  return {
    ok: true,
    value: { basis, unitCode, asOfOn, ageMin, quantity, source, reason: reason === '' ? undefined : reason },
  };
}

/** A unit of the register that existed on `day`. */
export function unitProblems(code: string, day: CalendarDate | undefined): FieldProblem[] {
  const unit = findUnit(code);
  if (unit === undefined) return [{ field: 'unit_code', reason: 'unknown_unit' }];
  if (day !== undefined && !existsOn(unit, day)) return [{ field: 'unit_code', reason: 'unit_not_of_that_day' }];
  return [];
}

export function textProblems(field: string, text: string, options: { isOptional?: boolean } = {}): FieldProblem[] {
  if (text === '') return options.isOptional === true ? [] : [{ field, reason: 'missing' }];
  return text.length > LONGEST_TEXT ? [{ field, reason: 'too_long' }] : [];
}

/** Digits alone: a grouped number (`6.220.864`) reads differently in each language, and is refused rather than guessed at. */
export function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^\d{1,15}$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}
