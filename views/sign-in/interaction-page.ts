import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { secondaryButton } from '../components/buttons.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';

/** What every page of a sign-in knows of the request it belongs to. */
export type Interaction = {
  /** `/interaction/<uid>`: where its forms lead. */
  readonly href: string;
  /** The relying party, in the page's language. */
  readonly clientName: string;
};

/** The way back to the relying party without what it asked for. Last on the page. */
export function returnForm(chrome: Chrome, { href, clientName }: Interaction): Html {
  return html`<hr>
${form(chrome, { action: `${href}/return` }, secondaryButton(chrome.t('sign_in.return', { client: clientName })))}`;
}
