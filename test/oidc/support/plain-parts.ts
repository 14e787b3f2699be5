import { Provider } from 'oidc-provider';
import { type MockInstance, vi } from 'vitest';
import type { TestProvider } from './provider.ts';
import { type RelyingParty, relyingParty } from './relying-party.ts';

/** Called once for each request that the library looks at. */
export function watchLibrary(): MockInstance {
  return vi.spyOn(Provider.prototype as unknown as { createContext: () => unknown }, 'createContext');
}

/** The city portal of the demo, which asks for consent. */
export function cityPortal({ app, issuer }: TestProvider): RelyingParty {
  const redirectUri = `http://localhost:${app.config.demoIhanoiPort}/callback`;
  return relyingParty(issuer, { clientId: 'ihanoi', secret: 'ihanoi-secret', redirectUri });
}
