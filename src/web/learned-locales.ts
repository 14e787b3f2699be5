import type { IncomingHttpHeaders } from 'node:http';
import type { Locale } from '../i18n/translator.ts';

/** Which language a browser's headers ask for, as the pages found it out (`chooseLocale`). There are few different ones, and whoever sends others is answered by the pages, which learn them. */
export type LearnedLocales = {
  learn(headers: IncomingHttpHeaders, locale: Locale): void;
  /** Undefined where nobody has sent the like yet. */
  of(headers: IncomingHttpHeaders): Locale | undefined;
};

const MOST = 1_000;
const LONGEST = 400;

/** @param keyOf what of the headers the answer depends on. */
export function learnedLocales(keyOf: (headers: IncomingHttpHeaders) => string): LearnedLocales {
  const known = new Map<string, Locale>();
  return {
    learn(headers, locale) {
      const key = keyOf(headers);
      if (key.length > LONGEST) return;
      if (known.size >= MOST) known.clear();
      known.set(key, locale);
    },
    of: (headers) => known.get(keyOf(headers)),
  };
}
