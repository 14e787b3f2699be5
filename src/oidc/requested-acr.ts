import type { ClaimsParameter, ClaimsParameterMember } from 'oidc-provider';
import {
  ACR_VALUES,
  type AuthLevel,
  authLevelOfAcr,
  type RequiredAuthLevel,
  requiredAuthLevel,
  SUPPORTED_AUTH_LEVELS,
} from '../domain/assurance.ts';

/** What an authorization request says about the strength of the sign-in. */
export type RequestedAcr = {
  /** Alternatives of which one must be met. */
  essential: readonly string[];
  /** Every value asked for, by `acr_values`, the client's default, or the `claims` parameter. */
  all: readonly string[];
};

type RequestParams = { claims?: unknown; acr_values?: unknown };

/** Reads the parameters themselves: oidc-provider lets `acr_values` overwrite an essential `acr` of the `claims` parameter.
 *  @see node_modules/oidc-provider/lib/actions/authorization/claims.js `assignClaims` */
export function requestedAcr(params: RequestParams): RequestedAcr {
  const claim = acrClaim(params.claims);
  const named =
    claim === undefined ? [] : [...(claim.values ?? []), ...(claim.value === undefined ? [] : [claim.value])];
  const voluntary =
    typeof params.acr_values === 'string' ? params.acr_values.split(' ').filter((one) => one !== '') : [];
  const isEssential = claim?.essential === true;
  return {
    // Essential without a value asks that there be one, and there always is.
    essential: isEssential ? named : [],
    all: [...new Set([...named, ...voluntary])],
  };
}

function acrClaim(claims: unknown): ClaimsParameterMember | undefined {
  if (typeof claims !== 'string') return undefined;
  try {
    const parsed = JSON.parse(claims) as ClaimsParameter;
    return parsed.id_token?.['acr'] ?? undefined;
  } catch {
    return undefined;
  }
}

/** The level that a session must reach for the request, or `cannot_be_met`. */
export function mandatoryAuthLevel(acr: RequestedAcr, clientLeast: AuthLevel): RequiredAuthLevel {
  return requiredAuthLevel({ clientLeast, essentialAcrs: acr.essential });
}

/** The level to aim for: what is mandatory, or the weakest of the voluntary values if that is more; values we cannot reach are no aim. */
export function wantedAuthLevel(acr: RequestedAcr, mandatory: AuthLevel): AuthLevel {
  const levels = acr.all
    .map(authLevelOfAcr)
    .filter((level): level is AuthLevel => level !== undefined && SUPPORTED_AUTH_LEVELS.includes(level));
  const weakest = levels.length === 0 ? 1 : (Math.min(...levels) as AuthLevel);
  return weakest > mandatory ? weakest : mandatory;
}

export const SUPPORTED_ACR_VALUES = ACR_VALUES.filter((acr) => {
  const level = authLevelOfAcr(acr);
  return level !== undefined && SUPPORTED_AUTH_LEVELS.includes(level);
});
