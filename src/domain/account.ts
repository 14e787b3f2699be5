import type { AccountLevel } from './assurance.ts';
import { AGE_OF_OWN_USE, type GrantStatus } from './level-grant.ts';
import type { LockGround } from './lock.ts';

/** What an account is good for. Derived from its grants and its lock grounds, never set by hand. */
export type AccountStatus = 'provisional' | 'active' | 'locked' | 'closed';

export type AccountEvent = 'activate' | 'deactivate' | 'lock' | 'unlock_activated' | 'unlock_unactivated' | 'close';

/** Every move of an account. `lock` is the first open ground and `unlock_…` the end of the last; `deactivate` follows a change of
 *  phone number, after which no grant is activated until the new number is proved; `close` is a citizen id cancelled or merged. */
export const ACCOUNT_MOVES = {
  provisional: { activate: 'active', lock: 'locked', close: 'closed' },
  active: { deactivate: 'provisional', lock: 'locked', close: 'closed' },
  locked: { unlock_activated: 'active', unlock_unactivated: 'provisional', close: 'closed' },
  closed: {},
} as const satisfies Record<AccountStatus, Partial<Record<AccountEvent, AccountStatus>>>;

/** The status after `event`; undefined when the event cannot happen in `status`. */
export function moveAccount(status: AccountStatus, event: AccountEvent): AccountStatus | undefined {
  const moves: Partial<Record<AccountEvent, AccountStatus>> = ACCOUNT_MOVES[status];
  return moves[event];
}

/** The status that the facts amount to. A lock outweighs an activation, so an account locked before its activation (a death
 *  notice, say) is `locked` and cannot be activated (design); a closed number outweighs everything. */
export function accountStatus(facts: {
  readonly activatedLevels: readonly AccountLevel[];
  readonly openGrounds: readonly LockGround[];
  readonly isClosed: boolean;
}): AccountStatus {
  if (facts.isClosed) return 'closed';
  if (facts.openGrounds.length > 0) return 'locked';
  return facts.activatedLevels.length > 0 ? 'active' : 'provisional';
}

/** The highest *activated* level, 0 without any: level 1 stays in use while level 2 waits for its activation. */
export function effectiveAccountLevel(
  grants: readonly { readonly accountLevel: AccountLevel; readonly status: GrantStatus }[],
): AccountLevel | 0 {
  const activated = grants.filter((grant) => grant.status === 'activated').map((grant) => grant.accountLevel);
  if (activated.includes(2)) return 2;
  return activated.includes(1) ? 1 : 0;
}

/** The last time that everything signed in to an account ended: a lock, a changed password, a recovery. */
export type AccessEnd = { readonly at: Date; readonly keptSessionUid?: string };

/** Whether a sign-in is over although its session may be there: it was proved before the end and became a session after it. Sign-ins are
 *  dated in whole seconds, so one of the same second stands. */
export function isSignInOver(
  end: AccessEnd | undefined,
  signIn: { readonly at: Date; readonly sessionUid?: string },
): boolean {
  if (end === undefined || (end.keptSessionUid !== undefined && end.keptSessionUid === signIn.sessionUid)) return false;
  return signIn.at.getTime() < Math.floor(end.at.getTime() / 1000) * 1000;
}

export type AccountUse = {
  readonly status: AccountStatus;
  readonly accountLevel: AccountLevel | 0;
  /** What the service asks for. */
  readonly leastAccountLevel: AccountLevel;
  /** Completed years now. */
  readonly ageYears: number;
  /** Whether the guardian approved this use; only read under 14. */
  readonly hasGuardianApproval: boolean;
};

export type AccountUseJudgement =
  | { readonly kind: 'allowed' }
  | {
      readonly kind: 'closed' | 'locked' | 'not_activated' | 'account_level_too_low' | 'guardian_approval_needed';
    };

/** Whether the holder may use the account at a service. From 6 to under 14 the guardian approves (Decree 69/2024/NĐ-CP);
 *  the first obstacle is named, gravest first. */
export function mayUseAccount(use: AccountUse): AccountUseJudgement {
  if (use.status === 'closed' || use.status === 'locked') return { kind: use.status };
  if (use.status === 'provisional' || use.accountLevel === 0) return { kind: 'not_activated' };
  if (use.accountLevel < use.leastAccountLevel) return { kind: 'account_level_too_low' };
  if (use.ageYears < AGE_OF_OWN_USE && !use.hasGuardianApproval) return { kind: 'guardian_approval_needed' };
  return { kind: 'allowed' };
}
