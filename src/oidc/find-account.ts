import {
  type Client,
  errors,
  type FindAccount,
  type KoaContextWithOIDC,
  type Account as ProviderAccount,
} from 'oidc-provider';
import { type AccountInUse, accountInUseIn, accountInUseSql, findAccountInUse } from '../accounts/account-store.ts';
import { findPerson, type Person } from '../accounts/person-store.ts';
import { listUnits } from '../accounts/unit-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import type { AboutAccount } from './adapters/protocol-store.ts';
import { wardsOf } from './guardian-claims.ts';
import { personClaims } from './person-claims.ts';
import { registrationOf } from './provider-clients.ts';
import type { Subjects } from './subjects.ts';

/** An account in use now: neither locked nor closed, with at least one activated level. `person`: where it was asked for in the same round trip. */
export type AccountStanding = AccountInUse & { accountLevel: AccountLevel; person?: Person };

/** What oidc-provider hands back to our hooks. */
export type OidcAccount = ProviderAccount & { standing: AccountStanding };

type Deps = { db: Db; vault: Vault; clock: Clock; subjects: Subjects };

/** @returns undefined for an account that may not be used by anyone now. Read afresh each time, so a lock holds at once. */
export async function findStanding(db: Db, accountId: string): Promise<AccountStanding | undefined> {
  return standingOf(await findAccountInUse(db, accountId));
}

function standingOf(found: (AccountInUse & { person?: Person }) | undefined): AccountStanding | undefined {
  if (found?.account.status !== 'active' || found.accountLevel === 0) return undefined;
  return { ...found, accountLevel: found.accountLevel };
}

/** The standing, for a protocol store that can ask for it together with a token or a session. */
export const STANDING: AboutAccount = {
  name: 'standing',
  sql: (accountId) => accountInUseSql(accountId, { withPerson: false }),
};
/** And what may be told of the person. */
export const STANDING_AND_PERSON: AboutAccount = {
  name: 'person',
  sql: (accountId) => accountInUseSql(accountId, { withPerson: true }),
};

/** @param about what a protocol store was told of either, in this request; undefined where it could not ask. */
export async function standingIn(db: Db, accountId: string, about: unknown): Promise<AccountStanding | undefined> {
  return about === undefined ? findStanding(db, accountId) : standingOf(accountInUseIn(about));
}

/** Seconds in which a second use of one refresh token counts as a client's doubled request, not as a theft. */
const REFRESH_GRACE_SECONDS = 10;

type UsedToken = { kind?: string; consumed?: unknown };

/** For the provider's `findAccount`: every code, token, refresh and userinfo passes here, so a locked account gets none of them. */
export function accountFinder(deps: Deps): FindAccount {
  return async (ctx, accountId, token) => {
    const standing = await findStanding(deps.db, accountId);
    if (standing === undefined || isBelowLeast(ctx, standing)) return undefined;
    await judgeReuse(deps, ctx, accountId, token);
    const account: OidcAccount = {
      accountId,
      standing,
      claims: async (_use, scope, claims) => ({
        ...(await claimsOf(deps, ctx.oidc.client, standing, {
          scopes: scope.split(' '),
          names: Object.keys(claims),
        })),
        sub: accountId,
      }),
    };
    return account;
  };
}

/** Where tokens are given and used, an account whose level has gone is none that this client may have; at the authorization endpoint a page explains it. */
function isBelowLeast({ oidc }: KoaContextWithOIDC, standing: AccountStanding): boolean {
  return (oidc.route === 'token' || oidc.route === 'userinfo') && !isOfLeastLevel(standing, oidc.client);
}

/** Whether the account has the level that this client presupposes. */
export function isOfLeastLevel({ accountLevel }: AccountStanding, client: Client | undefined): boolean {
  return accountLevel >= (registrationOf(client)?.leastAccountLevel ?? 0);
}

/** oidc-provider ends the whole grant when a used refresh token comes again, even when it is the same request sent twice. It looks for
 *  the account just before that, so here a quick second use is refused and nothing else happens. Workaround until the library has a grace.
 *  @see node_modules/oidc-provider/lib/actions/grants/refresh_token.js `refreshToken.consumed` */
async function judgeReuse(deps: Deps, ctx: KoaContextWithOIDC, accountId: string, token?: UsedToken): Promise<void> {
  if (ctx.oidc.route !== 'token' || token?.kind !== 'RefreshToken' || typeof token.consumed !== 'number') return;
  const now = deps.clock();
  if (Math.floor(now.getTime() / 1000) - token.consumed <= REFRESH_GRACE_SECONDS)
    throw new errors.InvalidGrant('refresh token already used');
  const client = ctx.oidc.client?.clientId ?? '';
  await appendAudit(deps.db, {
    at: now,
    actor: { kind: 'client', id: client },
    action: 'token.reuse_detected',
    accountId,
    detail: { client },
  });
}

/** What may be told of the person to this client. */
export async function claimsOf(
  deps: Deps,
  client: Client | undefined,
  standing: AccountStanding,
  request: { scopes: readonly string[]; names: readonly string[] },
): Promise<Record<string, unknown>> {
  const isBare =
    request.names.length === 0 && request.scopes.every((scope) => ['openid', 'offline_access'].includes(scope));
  if (isBare) return {};
  const person = standing.person ?? (await findPerson(deps.db, standing.account.personId));
  if (person === undefined) return {};
  const registration = registrationOf(client);
  const wantsResidence = request.scopes.includes('residence') || request.names.includes('address');
  const residence = wantsResidence ? await residenceOf(deps, person.residenceUnitCode) : undefined;
  const wards = wantsWards(request) ? await wardsOf(deps, client, person.id) : [];
  return personClaims(
    deps.vault,
    { person, ...standing, wards, ...(residence === undefined ? {} : { residence }) },
    {
      ...request,
      hasLegalBasis: registration?.legalBasis !== undefined,
      hasLegacyNames: registration?.claimNames === 'legacy',
    },
  );
}

function wantsWards({ scopes, names }: { scopes: readonly string[]; names: readonly string[] }): boolean {
  return scopes.includes('guardian') || names.includes('acting_for') || names.includes('relationship');
}

async function residenceOf(
  { db, clock }: Deps,
  unitCode: string | undefined,
): Promise<{ locality?: string; region?: string } | undefined> {
  if (unitCode === undefined) return undefined;
  const units = await listUnits(db, vietNamDay(clock()));
  const unit = units.find(({ code }) => code === unitCode);
  const region = units.find(({ code }) => code === unit?.parentCode);
  return {
    ...(unit === undefined ? {} : { locality: unit.name }),
    ...(region === undefined ? {} : { region: region.name }),
  };
}
