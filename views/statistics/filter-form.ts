import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { secondaryButton } from '../components/buttons.ts';
import { selectField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';

export type FilterModel = {
  /** This page's own path. */
  readonly action: string;
  /** YYYY-MM-DD; '' for now. */
  readonly asOfDay: string;
  readonly accountLevel: '' | '1' | '2';
  /** Where the page speaks of a target: YYYY-MM-DD. */
  readonly dueOnDay?: string;
  /** Kept as it is: it is chosen elsewhere on the page. */
  readonly range?: string;
};

export function filterForm(chrome: Chrome, { action, asOfDay, accountLevel, dueOnDay, range }: FilterModel): Html {
  const { t } = chrome;
  return html`<section class="filter" aria-label="${t('statistics.filter')}">${form(chrome, { action, method: 'get' }, [
    textField({ name: 'as_of', label: t('statistics.filter_day'), type: 'date', value: asOfDay }),
    selectField({
      name: 'account_level',
      label: t('statistics.filter_level'),
      value: accountLevel,
      options: [
        { value: '', text: t('statistics.level_all') },
        { value: '1', text: t('statistics.level_1') },
        { value: '2', text: t('statistics.level_2') },
      ],
    }),
    dueOnDay !== undefined &&
      textField({ name: 'due', label: t('dashboard.due_field'), type: 'date', value: dueOnDay }),
    range !== undefined && html`<input type="hidden" name="range" value="${range}">`,
    secondaryButton(t('statistics.filter_button')),
  ])}</section>`;
}
