import { html } from 'hono/html';
import type { Html } from '../html.ts';

/** Where one is on a way of several pages. `current` counts from 1; `labels` has one short name a step. */
export function steps(current: number, total: number, labels: readonly string[]): Html {
  return html`<ol class="steps">${labels.slice(0, total).map((label, index) => {
    const step = index + 1;
    const state = step < current ? 'done' : step === current ? 'current' : 'ahead';
    return html`<li class="${state}"${state === 'current' && html` aria-current="step"`}><span class="number">${step}<span class="of">/${total}</span></span> <span class="label">${label}</span></li>`;
  })}</ol>`;
}
