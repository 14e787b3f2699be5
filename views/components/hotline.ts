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
  return hotline !== undefined && linkButton(t('common.call', { number: written(hotline) }), dialled(hotline));
}

function written(hotline: string): string {
  return hotline.replaceAll(' ', NO_BREAK_SPACE);
}

function dialled(hotline: string): string {
  return `tel:${hotline.replace(/[^+\d]/g, '')}`;
}
