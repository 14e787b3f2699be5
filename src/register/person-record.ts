import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { CitizenId, Gender } from '../domain/citizen-id.ts';
import type { FullName } from '../domain/full-name.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import type { CalendarDate } from '../domain/viet-nam-time.ts';

export const CARD_STATUSES = ['none', 'valid', 'expired', 'revoked', 'retained'] as const;
export const RESIDENCE_TYPES = ['permanent', 'temporary'] as const;
export const GUARDIAN_RELATIONSHIPS = ['father', 'mother', 'guardian'] as const;

/** One row of a register file: a person, and what is known of one account level of hers. Its key is the citizen id with the account level. */
export type PersonRecord = {
  readonly citizenId: CitizenId;
  readonly fullName: FullName;
  readonly birthOn: CalendarDate;
  readonly gender: Gender;
  readonly phone: PhoneNumber | undefined;
  /** The unit of the grant at that time. */
  readonly unitCode: string;
  readonly accountLevel: AccountLevel;
  readonly cardStatus: (typeof CARD_STATUSES)[number];
  readonly cardIssuedOn: CalendarDate | undefined;
  readonly cardExpiresOn: CalendarDate | undefined;
  readonly appliedAt: Date | undefined;
  readonly grantedAt: Date;
  readonly notifiedAt: Date | undefined;
  readonly activatedAt: Date | undefined;
  readonly firstLoginAt: Date | undefined;
  readonly channel: ActivationChannel | undefined;
  /** ISO 3166-1 alpha-3. */
  readonly nationality: string;
  readonly placeOfBirth: string | undefined;
  readonly residenceAddress: string | undefined;
  readonly residenceType: (typeof RESIDENCE_TYPES)[number] | undefined;
  readonly guardianCitizenId: CitizenId | undefined;
  readonly guardianRelationship: (typeof GUARDIAN_RELATIONSHIPS)[number] | undefined;
};

/** Columns of a register file in the order in which they are written; they may be read in any order. */
export const PERSON_COLUMNS = {
  citizen_id: 'required',
  full_name: 'required',
  birth_date: 'required',
  sex: 'required',
  phone: 'required',
  unit_code: 'required',
  account_level: 'required',
  card_status: 'required',
  card_issued_on: 'required',
  card_expires_on: 'required',
  applied_at: 'required',
  granted_at: 'required',
  notified_at: 'required',
  activated_at: 'required',
  first_login_at: 'required',
  channel: 'required',
  nationality: 'optional',
  place_of_birth: 'optional',
  residence_address: 'optional',
  residence_type: 'optional',
  guardian_citizen_id: 'optional',
  guardian_relationship: 'optional',
} as const satisfies Record<string, 'required' | 'optional'>;

export type PersonColumn = keyof typeof PERSON_COLUMNS;
export const PERSON_COLUMN_NAMES = Object.keys(PERSON_COLUMNS) as readonly PersonColumn[];

/** Why a row is refused. `row` stands for the line as a whole. Codes only: no value of a person's is ever repeated. */
export type RowProblem = { readonly field: PersonColumn | 'row'; readonly reason: RowReason };

export type RowReason =
  // the line
  | 'not_utf8'
  | 'line_too_long'
  | 'broken_quotes'
  | 'wrong_column_count'
  // a value by itself
  | 'empty'
  | 'unknown_value'
  | 'too_long'
  | 'control_character'
  | 'not_12_digits'
  | 'unknown_birthplace'
  | 'synthetic_not_allowed'
  | 'not_a_name'
  | 'not_a_date'
  | 'not_a_time'
  | 'in_future'
  | 'not_vietnamese_mobile'
  | 'not_a_country_code'
  // a value against others of its row
  | 'before_birth'
  | 'before_issued'
  | 'before_applied'
  | 'before_granted'
  | 'before_notified'
  | 'before_activated'
  | 'needed_with_activated_at'
  | 'needed_with_first_login_at'
  | 'needed_with_guardian_citizen_id'
  | 'only_with_activated_at'
  | 'only_with_a_card'
  | 'unit_not_in_force'
  | 'too_young'
  | 'no_valid_card'
  | 'same_as_holder'
  // a row against the register
  | 'differs_from_register'
  | 'taken_by_another_person'
  | 'guardian_not_found'
  | 'account_closed';
