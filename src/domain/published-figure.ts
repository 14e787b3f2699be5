import { parseCalendarDate } from './birth-date.ts';
import {
  type FieldProblem,
  fieldProblems,
  type ReadRecord,
  textProblems,
  unitProblems,
  wholeNumber,
} from './denominator.ts';
import { type DenominatorBasis, percentText, type Ratio } from './rate.ts';
import type { CalendarDate } from './viet-nam-time.ts';

/** The bases that a published figure may name. `unknown`: it was published without one. */
export const PUBLISHED_BASES = [
  'assigned_target',
  'eligible_residents',
  'accounts_taken_in',
  'dossiers',
  'unknown',
] as const satisfies readonly DenominatorBasis[];
export type PublishedBasis = (typeof PUBLISHED_BASES)[number];

/** A figure that somebody published, kept as it was: never recounted, never compared with one of another basis. */
export type PublishedFigure = {
  /** What it is about: `activation`, `intake`, or a service's id. */
  readonly topic: string;
  readonly unitCode: string;
  /** Undefined when no day was published with it. */
  readonly asOfOn: CalendarDate | undefined;
  readonly numerator: number;
  readonly denominator: number | undefined;
  /** Published in round numbers ("1.4 million"): nothing exact can be computed from it. */
  readonly isRounded: boolean;
  /** As published, a plain decimal: "67.8". */
  readonly percent: string | undefined;
  readonly basis: PublishedBasis;
  readonly source: string;
  /** Why it replaces what was said about the same before. */
  readonly reason: string | undefined;
};

export const PUBLISHED_FIGURE_COLUMNS = [
  'topic',
  'unit_code',
  'as_of_on',
  'numerator',
  'denominator',
  'is_rounded',
  'percent',
  'basis',
  'source',
  'reason',
] as const;

type Fields = Readonly<Record<(typeof PUBLISHED_FIGURE_COLUMNS)[number], string>>;

/** One row of a file of published figures, with every problem of it at once. A percent that does not follow from exact numbers is refused: one of the
 *  three was written down wrong. */
export function readPublishedFigure(fields: Fields): ReadRecord<PublishedFigure> {
  const { topic, unit_code: unitCode, source } = fields;
  const { all, need } = fieldProblems();
  if (!/^[a-z][a-z0-9-]{1,39}$/.test(topic)) all.push({ field: 'topic', reason: 'not_one_of_the_known' });
  const asOfOn = fields.as_of_on === '' ? undefined : need('as_of_on', dayOf(fields.as_of_on), 'not_a_day');
  all.push(...unitProblems(unitCode, asOfOn), ...textProblems('source', source));
  all.push(...textProblems('reason', fields.reason, { isOptional: true }));
  const isRounded = need('is_rounded', YES_OR_NO.get(fields.is_rounded), 'not_one_of_the_known');
  const named = PUBLISHED_BASES.find((one) => one === fields.basis);
  const basis = need('basis', named, 'not_one_of_the_known');
  const numerator = need('numerator', wholeNumber(fields.numerator), 'not_a_whole_number');
  const denominator = wholeNumber(fields.denominator);
  all.push(...denominatorProblems(fields, denominator), ...percentProblems(fields.percent));
  if (all.length > 0 || numerator === undefined || basis === undefined || isRounded === undefined)
    return { ok: false, problems: all };
  const percent = textOrNone(fields.percent);
  if (!isRounded && !agrees({ numerator, denominator }, percent))
    return { ok: false, problems: [{ field: 'percent', reason: 'percent_of_another_ratio' }] };
  const reason = textOrNone(fields.reason);
  return {
    ok: true,
    value: { topic, unitCode, asOfOn, numerator, denominator, isRounded, percent, basis, source, reason },
  };
}

const YES_OR_NO: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['no', false],
]);

function dayOf(text: string): CalendarDate | undefined {
  const day = parseCalendarDate(text);
  return day.ok ? day.value : undefined;
}

function textOrNone(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function percentProblems(percent: string): FieldProblem[] {
  if (percent === '' || /^\d{1,5}(\.\d{1,6})?$/.test(percent)) return [];
  return [{ field: 'percent', reason: 'not_a_percent' }];
}

function denominatorProblems(fields: Fields, denominator: number | undefined): FieldProblem[] {
  if (fields.denominator === '') {
    if (fields.basis === 'unknown') return [];
    return [{ field: 'denominator', reason: 'basis_without_denominator' }];
  }
  if (fields.basis === 'unknown') return [{ field: 'basis', reason: 'denominator_without_basis' }];
  if (denominator === undefined) return [{ field: 'denominator', reason: 'not_a_whole_number' }];
  return denominator === 0 ? [{ field: 'denominator', reason: 'out_of_range' }] : [];
}

function agrees({ numerator, denominator }: Ratio, percent: string | undefined): boolean {
  if (denominator === undefined || percent === undefined) return true;
  const decimals = percent.split('.')[1]?.length ?? 0;
  const computed = percentText({ numerator, denominator }, 'en', decimals).replaceAll(',', '');
  return Number(computed.slice(0, -1)) === Number(percent);
}

/** The numbers as they are to be shown: the percent as published wherever one was, because a rounded ratio would give another. */
export function publishedRatio({ numerator, denominator, percent, isRounded }: PublishedFigure): Ratio {
  const mustQuote = percent !== undefined && (denominator === undefined || isRounded);
  return mustQuote ? { numerator, denominator: undefined, publishedPercent: percent } : { numerator, denominator };
}
