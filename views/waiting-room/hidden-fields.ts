const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For the slots of a page that is rendered ahead; everything else is escaped by the `html` tag. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** What was asked for, as fields of a GET form, which leads to the same address with the same query; without `lang`, which the cookie remembers. */
export function hiddenFields(querystring: string): string {
  return [...new URLSearchParams(querystring)]
    .filter(([name]) => name !== 'lang')
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
}
