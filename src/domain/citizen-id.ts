import { type BirthplaceKind, birthplaceKind } from './place.ts';
import type { CalendarDate } from './viet-nam-time.ts';

/** A citizen id that was parsed: 12 ASCII digits with a known birthplace code. Never a number, never logged. */
export type CitizenId = string & { readonly __brand: 'CitizenId' };

export type Gender = 'male' | 'female';

export type CitizenIdReason = 'empty' | 'not_12_digits' | 'unknown_birthplace' | 'synthetic_not_allowed';

export type ParsedCitizenId =
  | { readonly ok: true; readonly value: CitizenId }
  | { readonly ok: false; readonly reason: CitizenIdReason };

/** Reads a citizen id as a person types or pastes it: spaces of any kind are dropped, everything else must be right.
 *  There is no check digit, so only the length and the birthplace code can be judged.
 *  `allowSynthetic` admits the unassigned prefix 999; false in production. */
export function parseCitizenId(text: string, options: { readonly allowSynthetic: boolean }): ParsedCitizenId {
  const digits = text.normalize('NFC').replace(/[\p{White_Space}\p{Cf}]/gu, '');
  if (digits === '') return { ok: false, reason: 'empty' };
  if (!/^[0-9]{12}$/.test(digits)) return { ok: false, reason: 'not_12_digits' };
  const kind = birthplaceKind(digits.slice(0, 3));
  if (kind === undefined) return { ok: false, reason: 'unknown_birthplace' };
  if (kind === 'synthetic' && !options.allowSynthetic) return { ok: false, reason: 'synthetic_not_allowed' };
  return { ok: true, value: digits as CitizenId };
}

/** The only form in which a citizen id may be shown: `*********789`. */
export function maskCitizenId(id: CitizenId): string {
  return `*********${id.slice(-3)}`;
}

export type CitizenIdFacts = {
  /** First three digits: place of birth registration. */
  readonly birthplaceCode: string;
  /** 1900–2399. */
  readonly birthYear: number;
  readonly gender: Gender;
  readonly isSynthetic: boolean;
  readonly isForeignBirthplace: boolean;
};

/** What the digits say by themselves: PPP G YY RRRRRR. G holds the century and the sex: even male, odd female;
 *  0–1 for 19xx, 2–3 for 20xx and so on to 8–9 for 23xx. The register, not the number, has the last word. */
export function citizenIdFacts(id: CitizenId): CitizenIdFacts {
  const birthplaceCode = id.slice(0, 3);
  const centuryAndSex = Number(id.slice(3, 4));
  const kind: BirthplaceKind | undefined = birthplaceKind(birthplaceCode);
  return {
    birthplaceCode,
    birthYear: (19 + Math.floor(centuryAndSex / 2)) * 100 + Number(id.slice(4, 6)),
    gender: centuryAndSex % 2 === 0 ? 'male' : 'female',
    isSynthetic: kind === 'synthetic',
    isForeignBirthplace: kind === 'country',
  };
}

export type CitizenIdWarning = 'birth_year_differs' | 'gender_differs';

/** Where the number and the register disagree. A warning for an officer, never a ground to refuse:
 *  sex and year of birth may have been corrected after the number was given. */
export function citizenIdWarnings(
  id: CitizenId,
  register: { readonly birthDate: CalendarDate; readonly gender: Gender },
): readonly CitizenIdWarning[] {
  const facts = citizenIdFacts(id);
  const warnings: CitizenIdWarning[] = [];
  if (facts.birthYear !== Number(register.birthDate.slice(0, 4))) warnings.push('birth_year_differs');
  if (facts.gender !== register.gender) warnings.push('gender_differs');
  return warnings;
}
