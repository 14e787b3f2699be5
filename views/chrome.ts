import type { Locale, Translate } from '../src/i18n/translator.ts';

export type AssetHrefs = {
  readonly styles: string;
  /** Besides, on pages of figures. */
  readonly statisticsStyles?: string;
  readonly script: string;
  readonly icon: string;
  /** Fonts that every page needs at once. */
  readonly preloadedFonts: readonly string[];
};

/** What surrounds every page, whatever its feature. Views get it as their first argument. */
export type Chrome = {
  readonly locale: Locale;
  readonly t: Translate;
  /** For the hidden field `csrf_token`. Reading it sets the visitor's cookie, so read it only where there is a form. */
  readonly csrfToken: string;
  /** Undefined on a page that is the same for everybody: its script is allowed by address. */
  readonly nonce: string | undefined;
  /** Without the query. */
  readonly path: string;
  readonly isSandbox: boolean;
  readonly hotline?: string;
  /** This same page in the other language. */
  readonly languageHref: (locale: Locale) => string;
  readonly assets: AssetHrefs;
};
