import type { AccountLevel } from './assurance.ts';
import { addDays, endOfVietNamDay, vietNamDay } from './viet-nam-time.ts';

/** Where the grant of one account level stands. There is no revocation: locking is the only sanction, and it is the account's. */
export type GrantStatus = 'granted' | 'pending_activation' | 'late_activation' | 'activated';

export type GrantEvent = 'notify' | 'activate' | 'fall_due' | 'reopen' | 'first_sign_in' | 'phone_changed';

/** Every move of a grant; what is not in the table cannot happen. A late grant is not lost: the hotline or the police open it again. */
export const GRANT_MOVES = {
  granted: { notify: 'pending_activation' },
  pending_activation: { activate: 'activated', fall_due: 'late_activation' },
  late_activation: { reopen: 'pending_activation' },
  activated: { first_sign_in: 'activated', phone_changed: 'pending_activation' },
} as const satisfies Record<GrantStatus, Partial<Record<GrantEvent, GrantStatus>>>;

/** The status after `event`; undefined when the event cannot happen in `status`. */
export function moveGrant(status: GrantStatus, event: GrantEvent): GrantStatus | undefined {
  const moves: Partial<Record<GrantEvent, GrantStatus>> = GRANT_MOVES[status];
  return moves[event];
}

/** Calendar days the citizen has after the day on which she received the notice. Decree 69/2024/NĐ-CP, Article 14. */
const ACTIVATION_DAYS = 7;

/** Last moment at which the citizen can activate alone: end of the 7th calendar day after `notifiedAt`, in Viet Nam (UTC+7).
 *  After it the grant is late, not lost. Source: Decree 69/2024/NĐ-CP, Article 14. */
export function activationDueAt(notifiedAt: Date): Date {
  return endOfVietNamDay(addDays(vietNamDay(notifiedAt), ACTIVATION_DAYS));
}

/** Whether the time to activate alone has run out. The due moment itself is still in time. */
export function isPastDue(dueAt: Date, now: Date): boolean {
  return now.getTime() > dueAt.getTime();
}

export type GrantApplicant = {
  readonly kind: 'citizen' | 'foreigner';
  /** Completed years on the day of the application. */
  readonly ageYears: number;
  /** Identity card, or residence card of a foreigner, not expired. */
  readonly hasValidCard: boolean;
  readonly level: AccountLevel;
  /** Whether the person or the guardian asked for it, rather than being given it with the card. */
  readonly onRequest: boolean;
};

export type GrantJudgement =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly reason: 'no_valid_card' | 'too_young' | 'only_on_request' };

type Entitlement = 'yes' | 'on_request' | 'no';

/** Who is entitled to which account level, by least age in years. Source: Law 26/2023/QH15, Decree 69/2024/NĐ-CP. */
const ENTITLEMENTS: readonly {
  readonly kind: GrantApplicant['kind'];
  readonly ageFrom: number;
  readonly byLevel: Readonly<Record<AccountLevel, Entitlement>>;
}[] = [
  { kind: 'citizen', ageFrom: 14, byLevel: { 1: 'yes', 2: 'yes' } },
  { kind: 'citizen', ageFrom: 6, byLevel: { 1: 'on_request', 2: 'on_request' } },
  { kind: 'citizen', ageFrom: 0, byLevel: { 1: 'on_request', 2: 'no' } },
  { kind: 'foreigner', ageFrom: 6, byLevel: { 1: 'on_request', 2: 'on_request' } },
  { kind: 'foreigner', ageFrom: 0, byLevel: { 1: 'no', 2: 'no' } },
];

/** Whether this account level may be granted. Source: Law 26/2023/QH15, Decree 69/2024/NĐ-CP. */
export function mayBeGranted(applicant: GrantApplicant): GrantJudgement {
  const row = ENTITLEMENTS.find(({ kind, ageFrom }) => kind === applicant.kind && applicant.ageYears >= ageFrom);
  const entitlement = row?.byLevel[applicant.level] ?? 'no';
  if (entitlement === 'no') return { kind: 'refused', reason: 'too_young' };
  if (!applicant.hasValidCard) return { kind: 'refused', reason: 'no_valid_card' };
  if (entitlement === 'on_request' && !applicant.onRequest) return { kind: 'refused', reason: 'only_on_request' };
  return { kind: 'allowed' };
}

/** Completed years from which nobody needs to approve what the holder does. Decree 69/2024/NĐ-CP. */
export const AGE_OF_OWN_USE = 14;

/** Working days in which an application of a person must be decided: 1 for level 1, 3 for level 2, 7 without a card or with an
 *  expired one. Source: Decree 69/2024/NĐ-CP. Public holidays are the caller's. */
export function grantDeadlineWorkingDays(application: {
  readonly level: AccountLevel;
  readonly hasValidCard: boolean;
}): 1 | 3 | 7 {
  if (!application.hasValidCard) return 7;
  return application.level === 1 ? 1 : 3;
}

/** Working days in which an organisation's application must be decided: 3, or 15 when it is in no database yet.
 *  Source: Decree 69/2024/NĐ-CP. */
export function organisationDeadlineWorkingDays(application: { readonly isInDatabase: boolean }): 3 | 15 {
  return application.isInDatabase ? 3 : 15;
}
