import { LOCALES, type Locale } from '../../i18n/translator.ts';
import type { Moment } from '../figures/activation-rates.ts';

/** A text in every language: data is the same for everybody, so that caches need not know who reads. */
export type Texts = Readonly<Record<Locale, string>>;

export function inEachLanguage(text: (locale: Locale) => string): Texts {
  return Object.fromEntries(LOCALES.map((locale) => [locale, text(locale)])) as Texts;
}

export function momentFields({ asOf, day, isDayOver, knownOn }: Moment): object {
  return { as_of: asOf.toISOString(), as_of_day: day, is_day_over: isDayOver, known_on: knownOn ?? null };
}
