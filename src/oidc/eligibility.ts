import type { KoaContextWithOIDC } from 'oidc-provider';
import { isGuardianConfirmed } from '../accounts/activation-store.ts';
import { mayUseAccount } from '../domain/account.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { ageAt } from '../domain/birth-date.ts';
import { isScope, SCOPES } from '../domain/claims.ts';
import { AGE_OF_OWN_USE } from '../domain/level-grant.ts';
import { type AccountStanding, findStanding } from './find-account.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { mustRegistrationOf } from './provider-clients.ts';
import { RESOURCES } from './resources.ts';

type Deps = Pick<OidcDeps, 'db' | 'clock'>;

/** The account level that this request presupposes: the client's least one, and that of each resource it asks a token for. */
export function neededAccountLevel(ctx: KoaContextWithOIDC): AccountLevel {
  const least = mustRegistrationOf(ctx.oidc.client).leastAccountLevel;
  const ofResources = Object.keys(ctx.oidc.resourceServers ?? {}).map((indicator) => {
    const scope = RESOURCES[indicator as keyof typeof RESOURCES] as string | undefined;
    return scope !== undefined && isScope(scope) ? SCOPES[scope].leastAccountLevel : 0;
  });
  return Math.max(least, ...ofResources) as AccountLevel;
}

/** @param standing as found in this request; undefined when the account is locked, closed or not activated. */
export async function isEligible(
  deps: Deps,
  standing: AccountStanding | undefined,
  leastAccountLevel: AccountLevel,
): Promise<boolean> {
  if (standing === undefined) return false;
  const ageYears = ageAt(standing.birthOn, deps.clock());
  const judgement = mayUseAccount({
    status: standing.account.status,
    accountLevel: standing.accountLevel,
    leastAccountLevel,
    ageYears,
    // Nobody older is asked for it, which is nearly everybody.
    hasGuardianApproval: ageYears < AGE_OF_OWN_USE && (await isGuardianConfirmed(deps.db, standing.account.id)),
  });
  return judgement.kind === 'allowed';
}

export async function isEligibleAccount(
  deps: Deps,
  accountId: string,
  leastAccountLevel: AccountLevel,
): Promise<boolean> {
  return isEligible(deps, await findStanding(deps.db, accountId), leastAccountLevel);
}
