import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import type { Html } from '../html.ts';

/** What a rate means, in words; all of it, so that two figures can be told apart. */
export type DefinitionModel = {
  readonly name: string;
  readonly numerator: string;
  readonly denominator: string;
  /** Which record the denominator is, where it is loaded. */
  readonly source: string | undefined;
  readonly age: string;
  readonly geography: string;
  readonly unitRule: string;
  readonly remark: string | undefined;
};

export function definition({ t }: Chrome, model: DefinitionModel): Html {
  const rows = [
    [t('statistics.numerator'), model.numerator],
    [t('statistics.denominator'), model.denominator],
    [t('dashboard.definition_source'), model.source],
    [t('dashboard.definition_age'), model.age],
    [t('dashboard.definition_geography'), model.geography],
    [t('statistics.counted_where'), model.unitRule],
    [t('dashboard.definition_rounding'), t('statistics.rounding')],
    [t('dashboard.definition_remark'), model.remark],
  ] as const;
  return html`<details class="definition"><summary>${t('dashboard.definition')}<span class="visually-hidden">: ${model.name}</span></summary><dl class="rate-terms">${rows.map(
    ([term, text]) => text !== undefined && html`<dt>${term}</dt><dd>${text}</dd>`,
  )}</dl></details>`;
}
