import { LRUCache } from 'lru-cache';
import type { Chrome } from '../../views/chrome.ts';
import { passwordPage } from '../../views/sign-in/password-page.ts';
import { type PageBytes, pageBytes } from '../web/page-template.ts';

const SLOTS = ['nonce', 'csrfToken', 'href', 'vi', 'en'] as const;

/** The page of the password as nearly everybody sees it. `href`: `/interaction/<uid>`; `vi`, `en`: the addresses of its languages. */
export type FirstPage = PageBytes<(typeof SLOTS)[number]>;

const SERVICES_KEPT = 500;

/** Rendered once for each service and language, whoever asks first. */
export type FirstPages = (chrome: Chrome, clientName: string) => Promise<FirstPage>;

export function firstPages(): FirstPages {
  const kept = new LRUCache<string, Promise<FirstPage>>({ max: SERVICES_KEPT });
  return (chrome, clientName) => {
    const ofService = `${chrome.locale} ${clientName}`;
    const page =
      kept.get(ofService) ??
      pageBytes(SLOTS, ({ nonce, csrfToken, href, ...languages }) => {
        const model = { href, clientName, citizenId: '', isAgain: false };
        return passwordPage({ ...chrome, nonce, csrfToken, languageHref: (other) => languages[other] }, model);
      });
    kept.set(ofService, page);
    return page;
  };
}
