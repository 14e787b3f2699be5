import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';

export async function finishSignIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  provider.interactionFinished(request, response, { login: { accountId: 'someone' } });
  await Promise.resolve();
}
