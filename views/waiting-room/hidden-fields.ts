import { escapeHtml } from '../escape-html.ts';

/** What was asked for, as fields of a GET form, which leads to the same address with the same query; without `lang`, which the cookie remembers. */
export function hiddenFields(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'lang')
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
}
