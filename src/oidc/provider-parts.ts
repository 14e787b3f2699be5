import type { Adapter, JWK, Provider } from 'oidc-provider';
import type { EndingAccess } from './ending-access.ts';
import type { Subjects } from './subjects.ts';

/** What a provider is built of, beside our Deps. */
export type ProviderParts = {
  adapterFor: (model: string) => Adapter;
  subjects: Subjects;
  keys: readonly JWK[];
  /** The one that serves now: hooks of an older one go on with it. */
  provider: () => Provider;
  ending: EndingAccess;
};
