import type { Configuration } from 'oidc-provider';

type Fetch = NonNullable<Configuration['fetch']>;

/** How the provider calls relying parties (jwks_uri, back-channel logout). The library hands over a dispatcher that drops every
 *  connection to a loopback or private address; only ALLOW_PRIVATE_FETCH takes it off.
 *  @see node_modules/oidc-provider/lib/helpers/fetch_request.js */
export function guardedFetch(allowPrivateFetch: boolean): Fetch {
  return (url, options) => {
    const { dispatcher, ...rest } = (options ?? {}) as RequestInit & { dispatcher?: unknown };
    // Redirects would lead anywhere.
    const init: RequestInit & { dispatcher?: unknown } = { redirect: 'error', ...rest };
    if (!allowPrivateFetch && dispatcher === undefined)
      throw new Error('outgoing calls are not guarded on this runtime');
    return globalThis.fetch(url, (allowPrivateFetch ? init : { ...init, dispatcher }) as RequestInit);
  };
}
