import { html } from 'hono/html';
import type { Html } from '../html.ts';

/** Code, a token or JSON, shown as it is. `label` names it for those who reach it by keyboard to scroll. */
export function codeBlock(code: string, label: string): Html {
  return html`<pre class="code-block" role="region" aria-label="${label}" tabindex="0" translate="no"><code>${code}</code></pre>`;
}
