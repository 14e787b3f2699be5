import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';

/** A relying party that is there from the start. `metadata` is that of its registration (RFC 7591). */
export type ReadyClientModel = {
  readonly id: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly secret?: string | undefined;
  readonly leastAccountLevel: number;
  readonly leastAuthLevel: number;
  readonly metadata: Readonly<Record<string, unknown>>;
};

export function clientTable({ t, locale }: Chrome, clients: readonly ReadyClientModel[]): Html {
  return dataTable({
    caption: t('developers.clients_caption'),
    onPhone: 'stack',
    columns: [
      { text: 'client_id' },
      { text: t('developers.client_name') },
      { text: 'client_secret' },
      { text: t('developers.client_auth') },
      { text: 'redirect_uri' },
      { text: t('developers.client_least') },
    ],
    rows: clients.map((client) => [
      code(client.id),
      client.name[locale],
      client.secret === undefined ? '–' : code(client.secret),
      code(textsOf(client.metadata['token_endpoint_auth_method'])),
      code(textsOf(client.metadata['redirect_uris']) || '–'),
      t('developers.client_least_text', { account: client.leastAccountLevel, auth: client.leastAuthLevel }),
    ]),
  });
}

/** To be copied: a browser does not translate it. */
export function code(text: string): Html {
  return html`<code translate="no">${text}</code>`;
}

function textsOf(value: unknown): string {
  return [value]
    .flat()
    .filter((one) => typeof one === 'string')
    .join(' ');
}
