import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import type { Content, Html } from '../html.ts';

function csrfField(chrome: Chrome): Html {
  return html`<input type="hidden" name="csrf_token" value="${chrome.csrfToken}">`;
}

export type FormModel = {
  /** A path of ours. */
  readonly action: string;
  /** `get` forms change nothing and carry no token. */
  readonly method?: 'post' | 'get' | undefined;
};

/** `novalidate`: the server judges and answers in the page's language, beside the field. */
export function form(chrome: Chrome, { action, method = 'post' }: FormModel, children: Content): Html {
  return html`<form method="${method}" action="${action}" novalidate>${method === 'post' && csrfField(chrome)}
${children}
</form>`;
}
