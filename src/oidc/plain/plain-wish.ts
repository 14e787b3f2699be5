import { type ParsedUrlQuery, parse } from 'node:querystring';
import type { Client } from 'oidc-provider';
import { SCOPES } from '../../domain/claims.ts';
import { isResourceScope } from '../interaction-policy.ts';
import { mustRegistrationOf } from '../provider-clients.ts';
import { type PlainForm, plainFields } from './plain-request.ts';

/** What a service asks for, as nearly every one asks. */
export type Wish = PlainForm & {
  client_id: string;
  scope: string;
  redirect_uri: string;
  code_challenge: string;
};

const FIELDS: ReadonlySet<string> = new Set([
  'client_id',
  'response_type',
  'scope',
  'redirect_uri',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'ui_locales',
]);
/** RFC 7636, 4.2. */
const CHALLENGE = /^[\w.~-]{43,128}$/;
/** In ASCII, and without a fragment, which the library leaves out. */
const ADDRESS = /^[!-"$-~]+$/;

/** In the address of an authorization request. */
export function wishIn(url: string): Wish | undefined {
  return ADDRESS.test(url) ? wishOf(parse(url.slice(url.indexOf('?') + 1))) : undefined;
}

/** @returns undefined when there is more to it than what is plain. */
export function wishOf(parameters: ParsedUrlQuery): Wish | undefined {
  const fields = plainFields(parameters);
  const { client_id, scope, redirect_uri, code_challenge = '', code_challenge_method, response_type } = fields ?? {};
  if (client_id === undefined || scope === undefined || redirect_uri === undefined) return undefined;
  const isPlain = response_type === 'code' && code_challenge_method === 'S256' && CHALLENGE.test(code_challenge);
  const isKnown = Object.keys(fields ?? {}).every((name) => FIELDS.has(name));
  return isPlain && isKnown ? { ...fields, client_id, scope, redirect_uri, code_challenge } : undefined;
}

/** Without anything that this client has set for all of its requests. */
export function mayWish(client: Client, { scope, redirect_uri: redirectUri }: Wish): boolean {
  const allowed = new Set(client.scope?.split(' '));
  return (
    // A native app's user is asked each time, our own pages ask nobody.
    client.applicationType !== 'native' &&
    mustRegistrationOf(client).origin !== 'own' &&
    !hasDefaults(client) &&
    client.responseTypeAllowed('code') &&
    client.responseModeAllowed('query', 'code', undefined) &&
    client.redirectUriAllowed(redirectUri) &&
    scope.split(' ').every((one) => PLAIN_SCOPES.has(one) && allowed.has(one))
  );
}

function hasDefaults(client: Client): boolean {
  const { defaultAcrValues, defaultMaxAge, requireAuthTime } = client;
  const { requirePushedAuthorizationRequests, requireSignedRequestObject } = client;
  const isStrict = [requireAuthTime, requirePushedAuthorizationRequests, requireSignedRequestObject].includes(true);
  return isStrict || defaultAcrValues !== undefined || defaultMaxAge !== undefined;
}

/** A resource's scope brings its resource with it, and that of offline access belongs to a question that is asked each time. */
const PLAIN_SCOPES: ReadonlySet<string> = new Set(
  Object.keys(SCOPES).filter((scope) => !isResourceScope(scope) && scope !== 'offline_access'),
);
