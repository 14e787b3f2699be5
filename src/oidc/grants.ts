import type { Grant, Provider } from 'oidc-provider';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import { findClientGrant, putClientGrant } from './client-grant-store.ts';
import { isResourceScope } from './interaction-policy.ts';
import { resourceOfScope } from './resources.ts';

type Deps = { db: Db; clock: Clock };
type Holder = { accountId: string; clientId: string };

export type Consented = {
  scopes: readonly string[];
  claims: readonly string[];
  refusedScopes: readonly string[];
  refusedClaims: readonly string[];
};

/** The one grant of an account to a client, if there is one that lives. */
export async function findGrant(deps: Deps, provider: Provider, holder: Holder): Promise<Grant | undefined> {
  const id = await findClientGrant(deps.db, holder.accountId, holder.clientId);
  return id === undefined ? undefined : provider.Grant.find(id);
}

/** Writes an answer into the one grant of the account to the client, making it if need be. @returns its id. */
export async function grantConsent(
  deps: Deps,
  provider: Provider,
  holder: Holder,
  consented: Consented,
): Promise<string> {
  const grant = await findOrMakeGrant(deps, provider, holder);
  write(grant, consented);
  renew(grant);
  return grant.save();
}

async function findOrMakeGrant(deps: Deps, provider: Provider, holder: Holder): Promise<Grant> {
  const known = await findClientGrant(deps.db, holder.accountId, holder.clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found !== undefined) return found;
  const made = new provider.Grant(holder);
  const id = await made.save();
  const stands = await putClientGrant(deps.db, { ...holder, grantId: id, replaces: known }, deps.clock());
  if (stands === id) return made;
  await made.destroy();
  const other = await provider.Grant.find(stands);
  if (other === undefined) throw new Error('a grant ended while it was made');
  return other;
}

/** The latest answer counts: what is allowed now is no longer refused. */
function write(grant: Grant, consented: Consented): void {
  takeBackRefusals(grant, consented);
  const plain = (list: readonly string[]): string[] => list.filter((scope) => !isResourceScope(scope));
  if (plain(consented.scopes).length > 0) grant.addOIDCScope(plain(consented.scopes));
  grant.addOIDCClaims([...consented.claims]);
  for (const scope of consented.scopes) onResource(scope, (indicator) => grant.addResourceScope(indicator, scope));
  if (plain(consented.refusedScopes).length > 0) grant.rejectOIDCScope(plain(consented.refusedScopes));
  if (consented.refusedClaims.length > 0) grant.rejectOIDCClaims([...consented.refusedClaims]);
  for (const scope of consented.refusedScopes)
    onResource(scope, (indicator) => grant.rejectResourceScope(indicator, scope));
}

function onResource(scope: string, act: (indicator: string) => void): void {
  const indicator = resourceOfScope(scope);
  if (indicator !== undefined) act(indicator);
}

function takeBackRefusals({ rejected }: Grant, { scopes, claims }: Consented): void {
  const { openid, resources } = rejected ?? {};
  if (openid?.scope !== undefined) openid.scope = without(openid.scope.split(' '), scopes).join(' ');
  if (openid?.claims !== undefined) openid.claims = without(openid.claims, claims);
  for (const [indicator, refused] of Object.entries(resources ?? {}))
    Object.assign(resources ?? {}, { [indicator]: without(refused.split(' '), scopes).join(' ') });
}

function without(list: readonly string[], taken: readonly string[]): string[] {
  return list.filter((item) => !taken.includes(item));
}

const RENEW_BEFORE_SECONDS = 86_400;

/** A refresh token dies with its grant, so a grant must outlive any that may be issued from now on. @returns false when it does already. */
export async function keepAlive(grant: Grant, leastSeconds: number): Promise<boolean> {
  if (grant.remainingTTL >= leastSeconds) return false;
  renew(grant);
  await grant.save();
  return true;
}

/** The longest a grant lives from its last use at the authorization endpoint. One day more than a refresh token: then it is renewed once a day. */
export function grantSeconds(refreshTokenDays: number): number {
  return refreshTokenDays * 86_400 + RENEW_BEFORE_SECONDS;
}

function renew(grant: Grant): void {
  // Without `exp` the library dates it anew by `ttl.Grant` when it is saved.
  Object.assign(grant, { exp: undefined, expiresIn: undefined });
}
