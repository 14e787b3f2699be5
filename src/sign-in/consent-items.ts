import type { ConsentItem } from '../../views/consent/consent-page.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { type ClaimName, claimLevel, isScope, LEGACY_CLAIM_ALIASES, SCOPES, type Scope } from '../domain/claims.ts';
import type { Translate } from '../i18n/translator.ts';
import type { InteractionView } from '../oidc/gateway.ts';

/** A consent request, sorted: what the service cannot do without, what is voluntary, and what it may not have at all. */
export type ConsentRequest = {
  essentialScopes: string[];
  essentialClaims: string[];
  voluntaryScopes: string[];
  voluntaryClaims: string[];
  /** Unknown, or without the legal basis it needs: refused for the citizen, who is not asked. */
  impossibleScopes: string[];
  impossibleClaims: string[];
};

export function sortRequest(view: InteractionView): ConsentRequest {
  const { scopes = [], claims = [], essentialClaims = [] } = view.consent ?? {};
  const maySee = (needsLegalBasis: boolean): boolean => !needsLegalBasis || view.client.hasLegalBasis;
  const isPossibleScope = (scope: string): boolean => isScope(scope) && maySee(SCOPES[scope].needsLegalBasis);
  const isPossibleClaim = (claim: string): boolean => {
    const scope = scopeOfClaim(claim);
    return scope !== undefined && scope !== 'openid' && maySee(SCOPES[scope].needsLegalBasis);
  };
  const isEssentialScope = (scope: string): boolean =>
    scope === 'openid' || view.client.essentialScopes.includes(scope);
  const possibleScopes = scopes.filter(isPossibleScope);
  const possibleClaims = claims.filter(isPossibleClaim);
  return {
    essentialScopes: possibleScopes.filter(isEssentialScope),
    voluntaryScopes: possibleScopes.filter((scope) => !isEssentialScope(scope)),
    essentialClaims: possibleClaims.filter((claim) => essentialClaims.includes(claim)),
    voluntaryClaims: possibleClaims.filter((claim) => !essentialClaims.includes(claim)),
    impossibleScopes: scopes.filter((scope) => !isPossibleScope(scope)),
    impossibleClaims: claims.filter((claim) => !isPossibleClaim(claim)),
  };
}

export type WordingContext = { t: Translate; clientName: string; accountLevel: AccountLevel | 0 };

/** Scopes in words. What the account's level does not open yet says so. */
export function scopeItems(context: WordingContext, scopes: readonly string[]): ConsentItem[] {
  return scopes.filter(isScope).map((scope) => {
    const isAbove = SCOPES[scope].leastAccountLevel > context.accountLevel;
    const parts = [scopeContent(context, scope), ...(isAbove ? [context.t('consent.level_2_only')] : [])];
    return { name: scope, title: context.t(`consent.scope.${scope}`), content: parts.join(' ') };
  });
}

/** Single claims in words. */
export function claimItems({ t, accountLevel }: WordingContext, claims: readonly string[]): ConsentItem[] {
  return claims.flatMap((claim) => {
    const worded = wordedClaim(claim);
    if (worded === undefined) return [];
    const isAbove = (claimLevel(claim) ?? 0) > accountLevel;
    const title = capitalised(t(`consent.claim.${worded}`));
    return [{ name: claim, title, ...(isAbove ? { content: t('consent.level_2_only') } : {}) }];
  });
}

type OpenidClaim = (typeof SCOPES)['openid']['claims'][number];
type WordedClaim = Exclude<ClaimName, OpenidClaim>;

function scopeContent({ t, clientName: client }: WordingContext, scope: Scope): string {
  switch (scope) {
    case 'openid':
    case 'offline_access':
      return t(`consent.content.${scope}`, { client });
    case 'health_book':
    case 'judicial_record':
      return t(`consent.content.${scope}`);
    default:
      return `${capitalised(SCOPES[scope].claims.map((claim) => t(`consent.claim.${claim}`)).join(', '))}.`;
  }
}

function wordedClaim(claim: string): WordedClaim | undefined {
  const name = currentName(claim);
  const scope = scopeOfClaim(name);
  return scope === undefined || scope === 'openid' ? undefined : (name as WordedClaim);
}

function scopeOfClaim(claim: string): Scope | undefined {
  const name = currentName(claim);
  return (Object.keys(SCOPES) as Scope[]).find((scope) => (SCOPES[scope].claims as readonly string[]).includes(name));
}

function currentName(claim: string): string {
  const aliases: Readonly<Record<string, string>> = LEGACY_CLAIM_ALIASES;
  return Object.hasOwn(aliases, claim) ? (aliases[claim] ?? claim) : claim;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
