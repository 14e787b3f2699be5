import { type Consent, listConsents } from '../accounts/consent-store.ts';
import type { Locale } from '../i18n/translator.ts';
import type { MyAccountDeps } from './my-account-deps.ts';

/** What stands between the holder and one relying party, over all receipts that hold. */
export type ConnectedService = {
  clientId: string;
  name: Record<Locale, string>;
  /** As it was on the page when she agreed last. */
  purpose: string;
  purposeLocale: Locale;
  scopes: string[];
  claims: string[];
  /** Asked for, and not allowed to this day. */
  refusedScopes: string[];
  refusedClaims: string[];
  firstGivenAt: Date;
  lastGivenAt: Date;
};

/** Most recently allowed first. */
export async function listConnectedServices(deps: MyAccountDeps, accountId: string): Promise<ConnectedService[]> {
  const standing = (await listConsents(deps.db, accountId)).filter((consent) => consent.withdrawnAt === undefined);
  const byClient = Map.groupBy(standing, (consent) => consent.clientId);
  return Promise.all([...byClient].map(([clientId, consents]) => serviceOf(deps, clientId, consents)));
}

export async function findConnectedService(
  deps: MyAccountDeps,
  accountId: string,
  clientId: string,
): Promise<ConnectedService | undefined> {
  return (await listConnectedServices(deps, accountId)).find((service) => service.clientId === clientId);
}

/** @param consents newest first, at least one. */
async function serviceOf(deps: MyAccountDeps, clientId: string, consents: Consent[]): Promise<ConnectedService> {
  const [newest] = consents;
  const oldest = consents.at(-1);
  if (newest === undefined || oldest === undefined) throw new Error('a connected service has a receipt');
  const name = (await deps.findService(clientId))?.name ?? { vi: clientId, en: clientId };
  const every = (part: 'scopes' | 'claims' | 'refusedScopes' | 'refusedClaims'): string[] => [
    ...new Set(consents.flatMap((consent) => consent[part])),
  ];
  const [scopes, claims] = [every('scopes'), every('claims')];
  return {
    clientId,
    name,
    purpose: newest.purpose,
    purposeLocale: newest.locale,
    scopes,
    claims,
    refusedScopes: every('refusedScopes').filter((scope) => !scopes.includes(scope)),
    refusedClaims: every('refusedClaims').filter((claim) => !claims.includes(claim)),
    firstGivenAt: oldest.givenAt,
    lastGivenAt: newest.givenAt,
  };
}
