import type { Account } from '../accounts/account-store.ts';
import { openCitizenId, openPhoneNumber, type Person } from '../accounts/person-store.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { LEGACY_CLAIM_ALIASES, mayReleaseClaim, releasableClaims } from '../domain/claims.ts';
import { nameParts } from '../domain/full-name.ts';
import type { Vault } from '../platform/vault.ts';
import type { Ward } from './guardian-claims.ts';

export type PersonFacts = {
  person: Person;
  account: Account;
  accountLevel: AccountLevel | 0;
  /** Of the residence: the unit's name and the name of what it lies in. */
  residence?: { locality?: string; region?: string };
  /** Those for whom this person is the guardian. */
  wards: readonly Ward[];
};

export type ClaimsRequest = {
  scopes: readonly string[];
  /** Asked for one by one, and granted. */
  names: readonly string[];
  hasLegalBasis: boolean;
  hasLegacyNames: boolean;
};

/** What may be told of a person for a request: each claim only at its least account level, `citizen_id` only on a legal basis. */
export function personClaims(vault: Vault, facts: PersonFacts, request: ClaimsRequest): Record<string, unknown> {
  const { accountLevel } = facts;
  const { hasLegalBasis } = request;
  const byScope = releasableClaims({ scopes: request.scopes, accountLevel, hasLegalBasis });
  const byName = request.names.filter((claim) => mayReleaseClaim({ claim, accountLevel, hasLegalBasis }));
  const aliases = Object.entries(LEGACY_CLAIM_ALIASES);
  const wanted = new Set<string>([...byScope, ...byName]);
  const told: Record<string, unknown> = {};
  for (const claim of wanted) {
    const value = CLAIM_VALUES[claim]?.(vault, facts);
    if (value !== undefined) told[claim] = value;
  }
  if (!request.hasLegacyNames) return told;
  for (const [alias, claim] of aliases) {
    if (!wanted.has(claim) && !wanted.has(alias)) continue;
    const value = CLAIM_VALUES[claim]?.(vault, facts);
    if (value !== undefined) told[alias] = value;
  }
  return told;
}

type ClaimValue = (vault: Vault, facts: PersonFacts) => unknown;

const CLAIM_VALUES: Readonly<Record<string, ClaimValue>> = {
  name: (_, { person }) => person.fullName,
  family_name: (_, { person }) => nameParts(person.fullName).familyName,
  middle_name: (_, { person }) => nameParts(person.fullName).middleName,
  given_name: (_, { person }) => nameParts(person.fullName).givenName,
  birthdate: (_, { person }) => person.birthOn,
  gender: (_, { person }) => person.gender,
  locale: () => 'vi-VN',
  updated_at: (_, { person }) => Math.floor(person.updatedAt.getTime() / 1000),
  phone_number: (vault, { person }) => openPhoneNumber(vault, person),
  // The number is the one that the register holds and that the activation proved.
  phone_number_verified: (_, { person }) => (person.phoneSealed === undefined ? undefined : true),
  email: (_, { person }) => person.email,
  email_verified: (_, { person }) => (person.email === undefined ? undefined : false),
  account_level: (_, { accountLevel }) => accountLevel,
  account_type: (_, { person }) => person.kind,
  account_status: (_, { account }) => account.status,
  citizen_id: (vault, { person }) => openCitizenId(vault, person),
  nationalities: (_, { person }) => [person.nationality],
  place_of_birth: (_, { person }) =>
    person.placeOfBirth === undefined ? undefined : { locality: person.placeOfBirth },
  address: (_, facts) => addressOf(facts),
  residence_type: (_, { person }) => person.residenceType,
  acting_for: (_, { wards }) => (wards.length === 0 ? undefined : wards),
  // Told apart only where there is one ward; with several, each has its own in `acting_for`.
  relationship: (_, { wards }) => (wards.length === 1 ? wards[0]?.relationship : undefined),
};

function addressOf({ person, residence }: PersonFacts): Record<string, string> | undefined {
  if (person.residenceAddress === undefined && person.residenceUnitCode === undefined) return undefined;
  const parts = [person.residenceAddress, residence?.locality, residence?.region];
  const known = {
    formatted: parts.filter((part) => part !== undefined).join(', '),
    street_address: person.residenceAddress,
    locality: residence?.locality,
    region: residence?.region,
    unit_code: person.residenceUnitCode,
    country: 'VN',
  };
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}
