import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import type { Html } from '../html.ts';
import { linkButton } from './buttons.ts';

const NO_BREAK_SPACE = '\u00a0';

/** The number as a link that a phone can dial. */
export function hotlineLink(hotline: string): Html {
  return html`<a href="${dialled(hotline)}">${written(hotline)}</a>`;
}

/** Where the page says to call: the number is there, and not only at its foot. */
export function callButton({ t, hotline }: Chrome): Html | false {
  return hotline !== undefined && linkButton(written(t('common.call', { number: hotline })), dialled(hotline));
}

/** In one line, for a number that is broken is read wrong. */
function written(text: string): string {
  return text.replaceAll(' ', NO_BREAK_SPACE);
}

function dialled(hotline: string): string {
  return `tel:${hotline.replace(/[^+\d]/g, '')}`;
}
