import { createIntl, createIntlCache } from '@formatjs/intl';
import { en } from './en.ts';
import { vi } from './vi.ts';

export const LOCALES = ['vi', 'en'] as const;
export type Locale = (typeof LOCALES)[number];
export type TextKey = keyof typeof vi;
export type TextValues = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, values?: TextValues) => string;

/** Where every date and time is shown, whatever the reader's device says. */
export const TIME_ZONE = 'Asia/Ho_Chi_Minh';

const CATALOGUES: Readonly<Record<Locale, Readonly<Record<TextKey, string>>>> = { vi, en };
const TRANSLATORS: Readonly<Record<Locale, Translate>> = { vi: createTranslator('vi'), en: createTranslator('en') };

/** The texts of one language. A value missing from `values` throws: a hole in a sentence is a bug, not a blank. */
export function translator(locale: Locale): Translate {
  return TRANSLATORS[locale];
}

export function isLocale(text: unknown): text is Locale {
  return LOCALES.some((locale) => locale === text);
}

function createTranslator(locale: Locale): Translate {
  const catalogue = CATALOGUES[locale];
  const intl = createIntl({ locale, messages: catalogue, timeZone: TIME_ZONE, onError: rethrow }, createIntlCache());
  return (key, values) => {
    const text = catalogue[key];
    // Most texts have no ICU syntax; parsing them would only cost time.
    if (!/['{]/.test(text)) return text;
    return intl.formatMessage({ id: key }, values, { ignoreTag: true });
  };
}

function rethrow(error: Error): never {
  throw error;
}
