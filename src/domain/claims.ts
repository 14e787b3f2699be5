import type { AccountLevel } from './assurance.ts';

type ScopeRule = {
  /** Claims that the scope opens; empty for scopes that only address a resource or a kind of token. */
  readonly claims: readonly string[];
  /** Least activated account level; 0 where any account will do. */
  readonly leastAccountLevel: AccountLevel | 0;
  /** Whether the relying party needs a recorded legal basis. */
  readonly needsLegalBasis: boolean;
};

/** Every scope, its claims and the account level they presuppose. `health_book` and `judicial_record` are audiences
 *  of access tokens and carry no claim; `offline_access` is a refresh token. */
export const SCOPES = {
  openid: { claims: ['sub', 'auth_time', 'acr', 'amr'], leastAccountLevel: 0, needsLegalBasis: false },
  profile: {
    claims: ['name', 'family_name', 'middle_name', 'given_name', 'birthdate', 'gender', 'locale', 'updated_at'],
    leastAccountLevel: 1,
    needsLegalBasis: false,
  },
  phone: { claims: ['phone_number', 'phone_number_verified'], leastAccountLevel: 1, needsLegalBasis: false },
  email: { claims: ['email', 'email_verified'], leastAccountLevel: 1, needsLegalBasis: false },
  account: {
    claims: ['account_level', 'account_type', 'account_status'],
    leastAccountLevel: 1,
    needsLegalBasis: false,
  },
  citizen_id: { claims: ['citizen_id'], leastAccountLevel: 2, needsLegalBasis: true },
  nationality: { claims: ['nationalities', 'place_of_birth'], leastAccountLevel: 2, needsLegalBasis: false },
  residence: { claims: ['address', 'residence_type'], leastAccountLevel: 2, needsLegalBasis: false },
  guardian: { claims: ['acting_for', 'relationship'], leastAccountLevel: 2, needsLegalBasis: false },
  health_book: { claims: [], leastAccountLevel: 2, needsLegalBasis: false },
  judicial_record: { claims: [], leastAccountLevel: 2, needsLegalBasis: false },
  offline_access: { claims: [], leastAccountLevel: 1, needsLegalBasis: false },
} as const satisfies Record<string, ScopeRule>;

export type Scope = keyof typeof SCOPES;

export type ClaimName = (typeof SCOPES)[Scope]['claims'][number];

/** Claim names of the integrations of today, for a relying party that registers for them. They say the same under an old name. */
export const LEGACY_CLAIM_ALIASES = {
  citizenPid: 'citizen_id',
  fullName: 'name',
  birthDate: 'birthdate',
  accountType: 'account_type',
  accountLevel: 'account_level',
} as const satisfies Record<string, ClaimName>;

const RULES: readonly (readonly [string, ScopeRule])[] = Object.entries(SCOPES);

const RULE_OF_CLAIM: ReadonlyMap<string, ScopeRule> = new Map(
  RULES.flatMap(([, rule]) => rule.claims.map((claim) => [claim, rule] as const)),
);

export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text);
}

/** The least account level at which `claim` may be told, under its own or its old name; undefined for a claim we do not know. */
export function claimLevel(claim: string): AccountLevel | 0 | undefined {
  return ruleOfClaim(claim)?.leastAccountLevel;
}

/** Claims that may be told for `scopes`, in the order of the table. Level-2 claims only while level 2 is activated;
 *  `citizen_id` only on a recorded legal basis; unknown scopes open nothing. */
export function releasableClaims(request: {
  readonly scopes: readonly string[];
  readonly accountLevel: AccountLevel | 0;
  readonly hasLegalBasis: boolean;
}): readonly ClaimName[] {
  return RULES.filter(([scope]) => request.scopes.includes(scope))
    .flatMap(([, rule]) => rule.claims as readonly ClaimName[])
    .filter((claim) => mayReleaseClaim({ claim, ...request }));
}

/** Whether one claim, asked for by scope or by the `claims` parameter, may be told. */
export function mayReleaseClaim(request: {
  readonly claim: string;
  readonly accountLevel: AccountLevel | 0;
  readonly hasLegalBasis: boolean;
}): boolean {
  const rule = ruleOfClaim(request.claim);
  if (rule === undefined) return false;
  return request.accountLevel >= rule.leastAccountLevel && (request.hasLegalBasis || !rule.needsLegalBasis);
}

function ruleOfClaim(claim: string): ScopeRule | undefined {
  const aliases: Readonly<Record<string, string>> = LEGACY_CLAIM_ALIASES;
  return RULE_OF_CLAIM.get(Object.hasOwn(aliases, claim) ? (aliases[claim] ?? claim) : claim);
}
