import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import type { Html } from '../html.ts';
import type { FigureModel } from './figure-cell.ts';

export type ProgressModel = {
  readonly due: string;
  readonly figure: FigureModel;
  /** 0 to 100, for the bar alone: what is above a hundred fills it. */
  readonly percent: number;
  /** Undefined when the target is reached. */
  readonly missing: string | undefined;
  readonly needed: { readonly perDay: string; readonly days: string; readonly recent: string | undefined } | undefined;
  readonly forecast: string | undefined;
  /** Day, persons, share of the target. */
  readonly rows: readonly (readonly [string, string, string])[];
};

/** How far it is to the target, read in one look. */
export function progressPanel({ t }: Chrome, progress: ProgressModel | undefined): Html {
  if (progress === undefined) {
    return html`<section class="card"><h2>${t('dashboard.target_title')}</h2><p>${t('dashboard.no_target')}</p></section>`;
  }
  const { due, figure, percent, missing, needed, forecast } = progress;
  return html`<section class="card"><h2>${t('dashboard.progress_title', { due })}</h2>
${
  missing === undefined
    ? html`<p class="rate-value">${figure.text}</p><p><strong>${t('dashboard.progress_reached')}</strong></p>`
    : html`<p class="rate-value">${missing} <small>${t('dashboard.progress_missing')}</small></p>`
}
<progress max="100" value="${Math.round(percent)}" aria-label="${t('dashboard.progress_title', { due })}">${figure.text}</progress>
${
  needed !== undefined &&
  html`<p><strong>${t('dashboard.progress_needed', { perDay: needed.perDay, days: needed.days })}</strong>${
    needed.recent !== undefined && html` ${t('dashboard.progress_recent', { recent: needed.recent })}`
  }</p>`
}
${missing !== undefined && needed === undefined && html`<p><strong>${t('dashboard.progress_no_days')}</strong></p>`}
${forecast !== undefined && html`<p class="hint">${forecast}</p>`}</section>`;
}
