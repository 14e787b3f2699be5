import type { Chrome } from '../chrome.ts';

/** What surrounds every page of a demo relying party. */
export type DemoChrome = Chrome & {
  readonly service: 'ihanoi' | 'so-suc-khoe' | 'ly-lich-tu-phap';
  readonly issuerHref: string;
  /** Undefined when nobody is signed in; a person may have kept her name to herself. */
  readonly signedIn: { readonly name: string | undefined } | undefined;
};
