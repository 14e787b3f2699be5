import { insertConsent } from '../accounts/consent-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { consentTextVersion } from '../domain/consent.ts';
import type { Locale } from '../i18n/translator.ts';
import type { FinishedConsent, InteractionView } from '../oidc/gateway.ts';
import { inTransaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { sortRequest } from './consent-items.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export type Decision = {
  accountId: string;
  /** What was ticked; anything that was not asked is left out. */
  scopes: readonly string[];
  claims: readonly string[];
  /** The language in which the citizen read it. */
  locale: Locale;
};

/** Keeps the receipt of an agreement: everything essential, and of the voluntary what was ticked. The refused is kept too, so that it is not asked
 *  again. @returns what the provider is to grant, and the receipt's id. */
export async function giveConsent(
  deps: SignInDeps,
  view: InteractionView,
  decision: Decision,
): Promise<{ receiptId: string; consent: FinishedConsent }> {
  const { accountId, locale } = decision;
  const { client } = view;
  const asked = sortRequest(view);
  const isTickedScope = (scope: string): boolean => decision.scopes.includes(scope);
  const isTickedClaim = (claim: string): boolean => decision.claims.includes(claim);
  const consent = {
    accountId,
    clientId: client.id,
    scopes: [...asked.essentialScopes, ...asked.voluntaryScopes.filter(isTickedScope)],
    claims: [...asked.essentialClaims, ...asked.voluntaryClaims.filter(isTickedClaim)],
    refusedScopes: [...asked.voluntaryScopes.filter((scope) => !isTickedScope(scope)), ...asked.impossibleScopes],
    refusedClaims: [...asked.voluntaryClaims.filter((claim) => !isTickedClaim(claim)), ...asked.impossibleClaims],
  };
  const receiptId = newId();
  const now = deps.clock();
  await inTransaction(deps.db, async (tx) => {
    await insertConsent(tx, {
      ...consent,
      id: receiptId,
      purpose: client.purpose[locale],
      textVersion: consentTextVersion,
      locale,
      givenAt: now,
    });
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'citizen', id: accountId },
      action: 'consent.given',
      accountId,
      detail: { client: client.id, scopes: consent.scopes.join(' '), claims: consent.claims.join(' ') },
    });
  });
  return { receiptId, consent };
}
