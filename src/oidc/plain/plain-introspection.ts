import type { IncomingMessage } from 'node:http';
import type { AdapterPayload, Provider } from 'oidc-provider';
import { STANDING } from '../find-account.ts';
import { mayIntrospect } from '../may-introspect.ts';
import { subjectFor } from '../subjects.ts';
import { plainClient } from './plain-client.ts';
import type { PlainParts } from './plain-parts.ts';
import type { PlainForm } from './plain-request.ts';

const OPAQUE = /^[\w-]+$/;
const FIELDS: ReadonlySet<string> = new Set(['token', 'token_type_hint', 'client_id', 'client_secret']);

/** An access token, of a person's or a machine's, that is active. @see node_modules/oidc-provider/lib/actions/introspection.js */
export function plainIntrospection(parts: PlainParts) {
  const { live } = parts;

  const findToken = async (id: string): Promise<{ token: AdapterPayload; about?: unknown } | undefined> => {
    const [ofPerson, ofMachine] = await Promise.all([
      live.held('AccessToken', id, STANDING),
      live.find('ClientCredentials', id),
    ]);
    return ofPerson ?? (ofMachine && { token: ofMachine });
  };

  return async (request: IncomingMessage, form: PlainForm, provider: Provider): Promise<object | undefined> => {
    const id = idIn(form);
    if (id === undefined) return undefined;
    const [client, found] = await Promise.all([plainClient(provider, request, form), findToken(id)]);
    if (client === undefined || found === undefined) return undefined;
    const { token } = found;
    if (!(await mayIntrospect(parts, provider, { client, ...found }))) return undefined;
    const { accountId, clientId, exp, iat, sid, scope } = token;
    const holder = await provider.Client.find(clientId ?? '');
    const sub = accountId === undefined ? undefined : await subjectFor(parts.subjects, accountId, holder);
    const { issuer: iss } = provider;
    const told = scope === '' ? undefined : scope;
    return {
      sub,
      ...token.extra,
      active: true,
      client_id: clientId,
      exp,
      iat,
      sid,
      iss,
      scope: told,
      token_type: 'Bearer',
    };
  };
}

function idIn(form: PlainForm): string | undefined {
  const { token = '', token_type_hint: hint = 'access_token' } = form;
  const isPlain = OPAQUE.test(token) && hint === 'access_token' && Object.keys(form).every((key) => FIELDS.has(key));
  return isPlain ? token : undefined;
}
