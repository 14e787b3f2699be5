import { ageAt } from '../domain/birth-date.ts';
import { mayBeGranted } from '../domain/level-grant.ts';
import { existsOn, findUnit } from '../domain/place.ts';
import { startOfVietNamDay, vietNamDay } from '../domain/viet-nam-time.ts';
import type { PersonColumn, PersonRecord, RowProblem, RowReason } from './person-record.ts';

/** What is wrong with a row whose values are sound one by one: they contradict each other, the law or the calendar. Empty: nothing. */
export function judgePersonRecord(record: PersonRecord, now: Date): readonly RowProblem[] {
  const problems: RowProblem[] = [];
  const refuse = (isWrong: boolean, field: PersonColumn, reason: RowReason): void => {
    if (isWrong) problems.push({ field, reason });
  };
  judgeDates(record, vietNamDay(now), refuse);
  judgeHistory(record, now, refuse);
  judgeGrant(record, refuse);
  refuse(record.guardianCitizenId === record.citizenId, 'guardian_citizen_id', 'same_as_holder');
  refuse(
    record.guardianRelationship !== undefined && record.guardianCitizenId === undefined,
    'guardian_relationship',
    'needed_with_guardian_citizen_id',
  );
  return problems;
}

type Refuse = (isWrong: boolean, field: PersonColumn, reason: RowReason) => void;

function judgeDates(record: PersonRecord, today: string, refuse: Refuse): void {
  const { birthOn, cardIssuedOn: issuedOn, cardExpiresOn: expiresOn } = record;
  refuse(birthOn > today, 'birth_date', 'in_future');
  if (record.cardStatus === 'none') {
    refuse(issuedOn !== undefined, 'card_issued_on', 'only_with_a_card');
    refuse(expiresOn !== undefined, 'card_expires_on', 'only_with_a_card');
    return;
  }
  refuse(issuedOn !== undefined && issuedOn > today, 'card_issued_on', 'in_future');
  refuse(issuedOn !== undefined && issuedOn < birthOn, 'card_issued_on', 'before_birth');
  refuse(expiresOn !== undefined && expiresOn <= (issuedOn ?? birthOn), 'card_expires_on', 'before_issued');
}

/** The steps of a grant's history in their order. A later one needs the ones named, and lies before none of them. */
function judgeHistory(record: PersonRecord, now: Date, refuse: Refuse): void {
  const { appliedAt, grantedAt, notifiedAt, activatedAt, firstLoginAt } = record;
  const born = startOfVietNamDay(record.birthOn);
  refuse(isAfter(appliedAt, now), 'applied_at', 'in_future');
  refuse(isAfter(grantedAt, now), 'granted_at', 'in_future');
  refuse(isAfter(notifiedAt, now), 'notified_at', 'in_future');
  refuse(isAfter(activatedAt, now), 'activated_at', 'in_future');
  refuse(isAfter(firstLoginAt, now), 'first_login_at', 'in_future');
  refuse(isAfter(born, appliedAt), 'applied_at', 'before_birth');
  refuse(isAfter(born, grantedAt), 'granted_at', 'before_birth');
  refuse(isAfter(appliedAt, grantedAt), 'granted_at', 'before_applied');
  refuse(isAfter(grantedAt, notifiedAt), 'notified_at', 'before_granted');
  refuse(isAfter(grantedAt, activatedAt), 'activated_at', 'before_granted');
  refuse(isAfter(notifiedAt, activatedAt), 'activated_at', 'before_notified');
  refuse(isAfter(activatedAt, firstLoginAt), 'first_login_at', 'before_activated');
  // Only a notified grant can be activated (GRANT_MOVES), and only an activated one has a first sign-in.
  refuse(activatedAt !== undefined && notifiedAt === undefined, 'notified_at', 'needed_with_activated_at');
  refuse(activatedAt !== undefined && record.channel === undefined, 'channel', 'needed_with_activated_at');
  refuse(firstLoginAt !== undefined && activatedAt === undefined, 'activated_at', 'needed_with_first_login_at');
  refuse(record.channel !== undefined && activatedAt === undefined, 'channel', 'only_with_activated_at');
}

function judgeGrant(record: PersonRecord, refuse: Refuse): void {
  const unit = findUnit(record.unitCode);
  refuse(unit === undefined, 'unit_code', 'unknown_value');
  refuse(unit !== undefined && !existsOn(unit, vietNamDay(record.grantedAt)), 'unit_code', 'unit_not_in_force');
  const judgement = mayBeGranted({
    kind: record.nationality === 'VNM' ? 'citizen' : 'foreigner',
    ageYears: ageAt(record.birthOn, record.grantedAt),
    // The file says how the card stands today; whether it was valid on the day of the grant nobody can tell any more.
    hasValidCard: record.cardStatus !== 'none',
    level: record.accountLevel,
    onRequest: true,
  });
  if (judgement.kind === 'allowed') return;
  refuse(judgement.reason === 'too_young', 'account_level', 'too_young');
  refuse(judgement.reason === 'no_valid_card', 'card_status', 'no_valid_card');
}

function isAfter(later: Date | undefined, earlier: Date | undefined): boolean {
  return later !== undefined && earlier !== undefined && later.getTime() > earlier.getTime();
}
