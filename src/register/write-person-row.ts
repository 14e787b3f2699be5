import { formatInstant } from './instants.ts';
import { PERSON_COLUMN_NAMES, type PersonColumn, type PersonRecord } from './person-record.ts';

/** The header of a register file. */
export const PERSON_HEADER = PERSON_COLUMN_NAMES.join(',');

/** A record as a line of a register file, without its line end. */
export function writePersonRow(record: PersonRecord): string {
  const texts: Record<PersonColumn, string | undefined> = {
    citizen_id: record.citizenId,
    full_name: record.fullName,
    birth_date: record.birthOn,
    sex: record.gender,
    phone: record.phone?.replace(/^\+84/, '0'),
    unit_code: record.unitCode,
    account_level: String(record.accountLevel),
    card_status: record.cardStatus,
    card_issued_on: record.cardIssuedOn,
    card_expires_on: record.cardExpiresOn,
    applied_at: instantText(record.appliedAt),
    granted_at: formatInstant(record.grantedAt),
    notified_at: instantText(record.notifiedAt),
    activated_at: instantText(record.activatedAt),
    first_login_at: instantText(record.firstLoginAt),
    channel: record.channel,
    nationality: record.nationality,
    place_of_birth: record.placeOfBirth,
    residence_address: record.residenceAddress,
    residence_type: record.residenceType,
    guardian_citizen_id: record.guardianCitizenId,
    guardian_relationship: record.guardianRelationship,
  };
  return PERSON_COLUMN_NAMES.map((column) => quoted(texts[column] ?? '')).join(',');
}

function instantText(instant: Date | undefined): string | undefined {
  return instant && formatInstant(instant);
}

function quoted(text: string): string {
  return /[",;\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
