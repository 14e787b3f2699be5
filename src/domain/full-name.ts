import { lengthOf } from './vietnamese-text.ts';

/** A person's full name in the order of her papers: family name, middle name, given name. NFC, single spaces. */
export type FullName = string & { readonly __brand: 'FullName' };

export type FullNameReason = 'empty' | 'too_long' | 'not_a_name';

export type ParsedFullName =
  | { readonly ok: true; readonly value: FullName }
  | { readonly ok: false; readonly reason: FullNameReason };

/** Longest accepted name in characters (design). */
const LONGEST_NAME = 100;

/** Letters of any script with their marks; a hyphen, an apostrophe or a full stop may join them (foreigners). */
const NAME = /^\p{L}[\p{L}\p{M}'’.-]*(?: \p{L}[\p{L}\p{M}'’.-]*)*$/u;

/** Reads a full name; letter case is kept as written. */
export function parseFullName(text: string): ParsedFullName {
  const name = text
    .normalize('NFC')
    .replace(/\p{White_Space}+/gu, ' ')
    .trim();
  if (name === '') return { ok: false, reason: 'empty' };
  if (lengthOf(name) > LONGEST_NAME) return { ok: false, reason: 'too_long' };
  return NAME.test(name) ? { ok: true, value: name as FullName } : { ok: false, reason: 'not_a_name' };
}

export type NameParts = {
  /** First word; undefined for a name of one word. */
  readonly familyName: string | undefined;
  /** Words between; undefined for a name of one or two words. */
  readonly middleName: string | undefined;
  /** Last word: the one by which Vietnamese people are addressed and sorted. */
  readonly givenName: string;
};

/** Parts in Vietnamese order. A compound family name cannot be told from a middle name, so the first word is the family name. */
export function nameParts(fullName: string): NameParts {
  const words = fullName.split(' ').filter((word) => word !== '');
  const middle = words.slice(1, -1).join(' ');
  return {
    familyName: words.length > 1 ? words[0] : undefined,
    middleName: middle === '' ? undefined : middle,
    givenName: words.at(-1) ?? '',
  };
}
