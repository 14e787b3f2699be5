import { parseCalendarDate } from './birth-date.ts';
import { type FieldProblem, fieldProblems, type ReadRecord, textProblems, wholeNumber } from './denominator.ts';
import type { CalendarDate } from './viet-nam-time.ts';

/** What a relying party says of its own: of so many dossiers of a topic in a period, so many came through e-identity. Kept as reported, never recounted. */
export type RpTotal = {
  readonly clientId: string;
  /** Which of its services, a short name of its own. */
  readonly topic: string;
  /** Both days are in the period. */
  readonly fromOn: CalendarDate;
  readonly toOn: CalendarDate;
  readonly dossiers: number;
  readonly throughIdentity: number;
  /** Whom the service is for, in the relying party's words; `unknown` where it does not say. */
  readonly basis: string;
  /** How many those are; undefined with the basis `unknown`. */
  readonly basisPersons: number | undefined;
  readonly source: string;
  /** Why it replaces what was reported about the same period before. */
  readonly reason: string | undefined;
};

export const RP_TOTAL_COLUMNS = [
  'client_id',
  'topic',
  'from_on',
  'to_on',
  'dossiers',
  'through_identity',
  'basis',
  'basis_persons',
  'source',
  'reason',
] as const;

export const UNKNOWN_BASIS = 'unknown';

/** The scope of a machine's token that reports totals. */
export const REPORT_SCOPE = 'report_totals';

/** One report, with every problem of it at once. An empty basis is unknown. */
export function readRpTotal(fields: Readonly<Record<(typeof RP_TOTAL_COLUMNS)[number], string>>): ReadRecord<RpTotal> {
  const { client_id: clientId, topic, source, reason } = fields;
  const { all, need } = fieldProblems();
  all.push(...textProblems('client_id', clientId));
  if (!/^[a-z][a-z0-9-]{1,39}$/.test(topic)) all.push({ field: 'topic', reason: 'not_one_of_the_known' });
  const { fromOn, toOn, problems } = readPeriod(fields);
  all.push(...problems);
  const dossiers = need('dossiers', wholeNumber(fields.dossiers), 'not_a_whole_number') ?? 0;
  const through = need('through_identity', wholeNumber(fields.through_identity), 'not_a_whole_number') ?? 0;
  if (through > dossiers) all.push({ field: 'through_identity', reason: 'out_of_range' });
  const basis = fields.basis === '' ? UNKNOWN_BASIS : fields.basis;
  const basisPersons = fields.basis_persons === '' ? undefined : wholeNumber(fields.basis_persons);
  all.push(...basisProblems(basis, fields.basis_persons, basisPersons), ...textProblems('source', source));
  all.push(...textProblems('reason', reason, { isOptional: true }));
  if (all.length > 0 || fromOn === undefined || toOn === undefined) return { ok: false, problems: all };
  return {
    ok: true,
    value: {
      clientId,
      topic,
      fromOn,
      toOn,
      dossiers,
      throughIdentity: through,
      basis,
      basisPersons,
      source,
      reason: reason === '' ? undefined : reason,
    },
  };
}

function readPeriod(fields: { from_on: string; to_on: string }): {
  fromOn: CalendarDate | undefined;
  toOn: CalendarDate | undefined;
  problems: FieldProblem[];
} {
  const { all, need } = fieldProblems();
  const fromOn = need('from_on', dayOf(fields.from_on), 'not_a_day');
  const toOn = need('to_on', dayOf(fields.to_on), 'not_a_day');
  if (fromOn !== undefined && toOn !== undefined && toOn < fromOn)
    all.push({ field: 'to_on', reason: 'before_its_beginning' });
  return { fromOn, toOn, problems: all };
}

function basisProblems(basis: string, persons: string, quantity: number | undefined): FieldProblem[] {
  const all = textProblems('basis', basis);
  if (basis === UNKNOWN_BASIS && persons !== '')
    return [...all, { field: 'basis', reason: 'denominator_without_basis' }];
  if (basis !== UNKNOWN_BASIS && persons === '')
    return [...all, { field: 'basis_persons', reason: 'basis_without_denominator' }];
  if (persons === '') return all;
  if (quantity === undefined) return [...all, { field: 'basis_persons', reason: 'not_a_whole_number' }];
  return quantity === 0 ? [...all, { field: 'basis_persons', reason: 'out_of_range' }] : all;
}

function dayOf(text: string): CalendarDate | undefined {
  const day = parseCalendarDate(text);
  return day.ok ? day.value : undefined;
}
