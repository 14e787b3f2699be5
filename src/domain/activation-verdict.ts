import type { AccountStatus } from './account.ts';
import type { AccountLevel } from './assurance.ts';
import { type GrantStatus, isPastDue } from './level-grant.ts';
import type { LockGround } from './lock.ts';

export type VerdictGrant = {
  readonly id: string;
  readonly accountLevel: AccountLevel;
  readonly status: GrantStatus;
  readonly dueAt?: Date;
};

export type ActivationState = {
  readonly accountStatus: AccountStatus;
  readonly openGrounds: readonly LockGround[];
  readonly isDeceased: boolean;
  readonly grants: readonly VerdictGrant[];
  readonly hasPassword: boolean;
  readonly needsGuardian: boolean;
  /** Whether a guardian is on record who could confirm. */
  readonly hasGuardian: boolean;
  /** Whether an officer has identified the citizen just now, so that a late grant may be opened again. */
  readonly mayReopen: boolean;
  readonly now: Date;
};

/** Why an activation cannot go on; each has a page of its own, which only the proved phone may see. */
export const ACTIVATION_OBSTACLES = [
  'closed',
  'deceased',
  'locked',
  'late',
  'already_active',
  'nothing_granted',
  'guardian_missing',
] as const;

export type ActivationObstacle = (typeof ACTIVATION_OBSTACLES)[number];

export type ActivationVerdict =
  /** What will be activated together, highest level first; those in `reopen` must be opened again before. */
  | { readonly kind: 'activate'; readonly grants: readonly VerdictGrant[]; readonly reopen: readonly VerdictGrant[] }
  /** Activated elsewhere (an import) but without any secret: they are set, and nothing is activated or counted. */
  | { readonly kind: 'set_credentials' }
  | { readonly kind: ActivationObstacle };

/** What an activation of this account amounts to now. The gravest obstacle is named; a lock outweighs everything but death and closing. */
export function activationVerdict(state: ActivationState): ActivationVerdict {
  const late = state.grants.filter((grant) => isLate(grant, state.now));
  const inTime = state.grants.filter((grant) => grant.status === 'pending_activation' && !late.includes(grant));
  const reopen = state.mayReopen ? late : [];
  const grants = [...inTime, ...reopen].toSorted((a, b) => b.accountLevel - a.accountLevel);
  const isActivated = state.grants.some((grant) => grant.status === 'activated');
  const setsCredentials = grants.length === 0 && isActivated && !state.hasPassword;

  const barred = barOf(state);
  if (barred !== undefined) return { kind: barred };
  if (grants.length === 0 && !setsCredentials) {
    if (late.length > 0) return { kind: 'late' };
    return { kind: isActivated ? 'already_active' : 'nothing_granted' };
  }
  if (state.needsGuardian && !state.hasGuardian) return { kind: 'guardian_missing' };
  return setsCredentials ? { kind: 'set_credentials' } : { kind: 'activate', grants, reopen };
}

/** What bars the account as a whole, whatever was granted to it. */
function barOf(state: ActivationState): 'closed' | 'deceased' | 'locked' | undefined {
  if (state.accountStatus === 'closed') return 'closed';
  if (state.isDeceased || state.openGrounds.includes('death')) return 'deceased';
  return state.accountStatus === 'locked' || state.openGrounds.length > 0 ? 'locked' : undefined;
}

/** Late by its status, or by the clock when no timer has marked it yet. */
function isLate(grant: VerdictGrant, now: Date): boolean {
  if (grant.status === 'late_activation') return true;
  return grant.status === 'pending_activation' && grant.dueAt !== undefined && isPastDue(grant.dueAt, now);
}
