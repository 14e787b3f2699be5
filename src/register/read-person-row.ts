import { type ActivationChannel, isActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { parseCalendarDate } from '../domain/birth-date.ts';
import { type CitizenId, type Gender, parseCitizenId } from '../domain/citizen-id.ts';
import { parseFullName } from '../domain/full-name.ts';
import { parsePhoneNumber } from '../domain/phone-number.ts';
import { parseInstant } from './instants.ts';
import { judgePersonRecord } from './judge-person-record.ts';
import {
  CARD_STATUSES,
  GUARDIAN_RELATIONSHIPS,
  PERSON_COLUMN_NAMES,
  PERSON_COLUMNS,
  type PersonColumn,
  type PersonRecord,
  RESIDENCE_TYPES,
  type RowProblem,
  type RowReason,
} from './person-record.ts';

export type RowOptions = { readonly allowSynthetic: boolean; readonly now: Date };
export type ReadRow =
  | { readonly ok: true; readonly value: PersonRecord }
  | { readonly ok: false; readonly problems: readonly RowProblem[] };
export type RowReader = (fields: readonly string[]) => ReadRow;

export type HeaderProblem = {
  readonly kind: 'missing_columns' | 'unknown_columns' | 'repeated_columns';
  readonly columns: readonly string[];
};

/** Reads the header. @returns a reader of the rows under it, which reports every problem of a row, not the first alone. */
export function rowReaderFor(
  header: readonly string[],
  options: RowOptions,
): { readonly ok: true; readonly read: RowReader } | { readonly ok: false; readonly problem: HeaderProblem } {
  const names = header.map((name) => name.trim().toLowerCase());
  const problem = headerProblem(names);
  if (problem !== undefined) return { ok: false, problem };
  const places = Object.fromEntries(PERSON_COLUMN_NAMES.map((name) => [name, names.indexOf(name)])) as Places;
  return {
    ok: true,
    read(fields) {
      if (fields.length !== names.length)
        return { ok: false, problems: [{ field: 'row', reason: 'wrong_column_count' }] };
      return readRow({ fields, places, problems: [] }, options);
    },
  };
}

function headerProblem(names: readonly string[]): HeaderProblem | undefined {
  const missing = PERSON_COLUMN_NAMES.filter((name) => PERSON_COLUMNS[name] === 'required' && !names.includes(name));
  if (missing.length > 0) return { kind: 'missing_columns', columns: missing };
  // A misspelt optional column must not be dropped in silence. Only its place is told: without a header, the first line is a person's.
  const unknown = names.flatMap((name, at) => (Object.hasOwn(PERSON_COLUMNS, name) ? [] : [String(at + 1)]));
  if (unknown.length > 0) return { kind: 'unknown_columns', columns: unknown };
  const repeated = names.filter((name, at) => names.indexOf(name) !== at);
  return repeated.length > 0 ? { kind: 'repeated_columns', columns: repeated } : undefined;
}

type Places = Readonly<Record<PersonColumn, number>>;
/** A row being read, and what was found wrong with it so far. */
type Row = { readonly fields: readonly string[]; readonly places: Places; readonly problems: RowProblem[] };
type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: RowReason };

/** The parsers that are made of a list of values. */
const PARSE = {
  gender: oneOf<Gender>(
    new Map([
      ['male', 'male'],
      ['nam', 'male'],
      ['female', 'female'],
      ['nữ', 'female'],
    ]),
  ),
  accountLevel: oneOf<AccountLevel>(
    new Map([
      ['1', 1],
      ['2', 2],
    ]),
  ),
  cardStatus: oneOf(named(CARD_STATUSES)),
  residenceType: oneOf(named(RESIDENCE_TYPES)),
  relationship: oneOf(named(GUARDIAN_RELATIONSHIPS)),
  unitCode: anyText(8),
  place: anyText(160),
  address: anyText(240),
};

function readRow(row: Row, options: RowOptions): ReadRow {
  const citizenIdOf = (text: string): Parsed<CitizenId> => parseCitizenId(text, options);
  const citizenId = required(row, 'citizen_id', citizenIdOf);
  const fullName = required(row, 'full_name', parseFullName);
  const birthOn = required(row, 'birth_date', parseCalendarDate);
  const gender = required(row, 'sex', PARSE.gender);
  const accountLevel = required(row, 'account_level', PARSE.accountLevel);
  const unitCode = required(row, 'unit_code', PARSE.unitCode);
  const cardStatus = required(row, 'card_status', PARSE.cardStatus);
  const grantedAt = required(row, 'granted_at', instant);
  const rest = {
    phone: optional(row, 'phone', parsePhoneNumber),
    cardIssuedOn: optional(row, 'card_issued_on', parseCalendarDate),
    cardExpiresOn: optional(row, 'card_expires_on', parseCalendarDate),
    appliedAt: optional(row, 'applied_at', instant),
    notifiedAt: optional(row, 'notified_at', instant),
    activatedAt: optional(row, 'activated_at', instant),
    firstLoginAt: optional(row, 'first_login_at', instant),
    channel: optional(row, 'channel', channel),
    nationality: optional(row, 'nationality', countryCode) ?? 'VNM',
    placeOfBirth: optional(row, 'place_of_birth', PARSE.place),
    residenceAddress: optional(row, 'residence_address', PARSE.address),
    residenceType: optional(row, 'residence_type', PARSE.residenceType),
    guardianCitizenId: optional(row, 'guardian_citizen_id', citizenIdOf),
    guardianRelationship: optional(row, 'guardian_relationship', PARSE.relationship),
  };
  const needed = { citizenId, fullName, birthOn, gender, accountLevel, unitCode, cardStatus, grantedAt };
  if (row.problems.length > 0) return { ok: false, problems: row.problems };
  const value = { ...needed, ...rest } as PersonRecord;
  const problems = judgePersonRecord(value, options.now);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value };
}

function required<T>(row: Row, column: PersonColumn, parse: (text: string) => Parsed<T>): T | undefined {
  return take(row, column, parse, textOf(row, column));
}

function optional<T>(row: Row, column: PersonColumn, parse: (text: string) => Parsed<T>): T | undefined {
  const text = textOf(row, column);
  return text === '' ? undefined : take(row, column, parse, text);
}

function take<T>(row: Row, field: PersonColumn, parse: (text: string) => Parsed<T>, text: string): T | undefined {
  const parsed: Parsed<T> = text === '' ? { ok: false, reason: 'empty' } : parse(text);
  if (parsed.ok) return parsed.value;
  row.problems.push({ field, reason: parsed.reason });
  return undefined;
}

function textOf(row: Row, column: PersonColumn): string {
  return (row.fields[row.places[column]] ?? '').trim();
}

function named<T extends string>(names: readonly T[]): ReadonlyMap<string, T> {
  return new Map(names.map((name) => [name, name]));
}

function oneOf<T>(values: ReadonlyMap<string, T>): (text: string) => Parsed<T> {
  return (text) => {
    const value = values.get(text) ?? values.get(text.normalize('NFC').toLowerCase());
    return value === undefined ? { ok: false, reason: 'unknown_value' } : { ok: true, value };
  };
}

function channel(text: string): Parsed<ActivationChannel> {
  return isActivationChannel(text) ? { ok: true, value: text } : { ok: false, reason: 'unknown_value' };
}

function instant(text: string): Parsed<Date> {
  const value = parseInstant(text);
  return value === undefined ? { ok: false, reason: 'not_a_time' } : { ok: true, value };
}

function countryCode(text: string): Parsed<string> {
  return /^[A-Z]{3}$/.test(text) ? { ok: true, value: text } : { ok: false, reason: 'not_a_country_code' };
}

function anyText(most: number): (text: string) => Parsed<string> {
  return (text) => {
    const value = text.normalize('NFC');
    if (value.length > most) return { ok: false, reason: 'too_long' };
    return /\p{Cc}/u.test(value) ? { ok: false, reason: 'control_character' } : { ok: true, value };
  };
}
