import type { IncomingMessage } from 'node:http';
import type { Client, Provider } from 'oidc-provider';
import type { PlainForm } from './plain-request.ts';

/** The client that the sender of a form proves to be, by its secret or as a public one. @returns undefined when it does not, or not plainly.
 *  @see node_modules/oidc-provider/lib/shared/client_auth.js */
export async function plainClient(
  provider: Provider,
  { headers: { authorization } }: IncomingMessage,
  { client_id: id, client_secret: secret }: PlainForm,
): Promise<Client | undefined> {
  if (authorization === undefined) return id === undefined ? undefined : authenticate(provider, id, secret);
  const basic = secret === undefined ? basicOf(authorization) : undefined;
  if (basic === undefined || (id !== undefined && id !== basic.id)) return undefined;
  return authenticate(provider, basic.id, basic.secret);
}

async function authenticate(provider: Provider, id: string, secret: string | undefined): Promise<Client | undefined> {
  const client = await provider.Client.find(id);
  if (client === undefined || mustBindTokens(client)) return undefined;
  const { clientAuthMethod: method } = client;
  if (method === 'none') return secret === undefined ? client : undefined;
  const isBySecret = method === 'client_secret_basic' || method === 'client_secret_post';
  if (!isBySecret || secret === undefined || (client.clientSecretExpiresAt ?? 0) !== 0) return undefined;
  return (await client.compareClientSecret(secret)) ? client : undefined;
}

function mustBindTokens(client: Client): boolean {
  const { tlsClientCertificateBoundAccessTokens, dpopBoundAccessTokens } = client;
  return tlsClientCertificateBoundAccessTokens === true || dpopBoundAccessTokens === true;
}

const BASIC = /^basic ((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/i;
/** Nothing in it that could be an encoding (RFC 6749, 2.3.1). */
const CREDENTIALS = /^([^:%+]+):([^%+]+)$/;
const VISIBLE = /^[\x20-\x7e]+$/;

function basicOf(authorization: string): { id: string; secret: string } | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString();
  const [, id, secret] = (VISIBLE.test(text) && CREDENTIALS.exec(text)) || [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
