import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type AdapterPayload, type Client, errors, type Provider } from 'oidc-provider';
import { epochSeconds } from '../../platform/clock.ts';
import { type GrantedModel, SpentForNothing } from '../adapters/protocol-store.ts';
import { isOfLeastLevel, STANDING, standingIn } from '../find-account.ts';
import { ACCESS_TOKEN_SECONDS } from '../provider-configuration.ts';
import { isListedByOperator, JWT_ACCESS_TOKEN_SECONDS, resourceOfScope, serviceOf } from '../resources.ts';
import { strengthOf } from '../token-strength.ts';
import { grantedScopes, type HeldToken } from './live-artifacts.ts';
import { plainClient } from './plain-client.ts';
import type { PlainParts } from './plain-parts.ts';
import type { PlainForm } from './plain-request.ts';
import { UsedUp } from './used-up.ts';

const FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    client_credentials: ['scope', 'resource'],
    authorization_code: ['code', 'redirect_uri', 'code_verifier'],
    refresh_token: ['refresh_token'],
  }).map(([type, own]) => [type, new Set(['grant_type', 'client_id', 'client_secret', ...own])]),
);

type Issued = { access_token: string; expires_in?: number; id_token?: string; refresh_token?: string; scope?: string };
/** What is redeemed, and by which grants the tokens made of it came about. */
type Source = AdapterPayload & { gty: string; model: GrantedModel };

/** @see node_modules/oidc-provider/lib/actions/token.js and grants/ beside it */
export function plainTokens(parts: PlainParts) {
  const { live, clock, db } = parts;

  const forMachine = async (provider: Provider, client: Client, form: PlainForm): Promise<Issued | undefined> => {
    if (form['scope'] !== undefined || form['resource'] !== undefined) return forService(provider, client, form);
    const iat = epochSeconds(clock);
    const token = { clientId: client.clientId, iat, exp: iat + ACCESS_TOKEN_SECONDS };
    return { access_token: await live.save('ClientCredentials', token) };
  };

  const byCode = async (provider: Provider, client: Client, form: PlainForm): Promise<Issued | undefined> => {
    const held = await live.held('AuthorizationCode', form['code'] ?? '', STANDING);
    if (held === undefined || !isRedeemedRightly(held.token, form)) return undefined;
    const source = { ...held.token, gty: 'authorization_code', model: 'AuthorizationCode' } as const;
    return forPerson({ provider, client }, source, held);
  };

  const byRefresh = async (provider: Provider, client: Client, form: PlainForm): Promise<Issued | undefined> => {
    const held = await live.held('RefreshToken', form['refresh_token'] ?? '', STANDING);
    if (held === undefined) return undefined;
    const { token: used } = held;
    const gty = used.gty?.endsWith('refresh_token') === true ? used.gty : `${used.gty} refresh_token`;
    return forPerson({ provider, client }, { ...used, gty, model: 'RefreshToken' }, held);
  };

  /** Uses up what is redeemed, and saves what is made of it in the same turn: durable together, and if the first fails nobody is ever told of the second. */
  const forPerson = async (
    { provider, client }: { provider: Provider; client: Client },
    source: Source,
    { grant, about }: HeldToken,
  ): Promise<Issued | undefined> => {
    const { accountId = '', jti: id = '', model, scope = '' } = source;
    if (source.clientId !== client.clientId) return undefined;
    const standing = await standingIn(db, accountId, about);
    if (standing === undefined || !isOfLeastLevel(standing, client)) return undefined;
    const granted = grantedScopes(grant, new Set(scope.split(' ')));
    if (!granted.includes('openid')) return undefined;

    const now = epochSeconds(clock);
    const access = { model: 'AccessToken', token: accessTokenOf(source, granted.join(' '), now) } as const;
    const refresh = { model: 'RefreshToken', token: refreshTokenOf(source, now, parts.refreshTokenSeconds) } as const;
    const made = client.grantTypeAllowed('refresh_token') ? [access, refresh] : [access];
    const using = live.redeem({ model, id }, made);
    const [[access_token = '', refresh_token], id_token] = await Promise.all([
      using,
      idToken(provider, client, source),
    ]).catch(async (cause: unknown) => {
      const isUsed = await isDoneOrInDoubt(using);
      const reason = cause instanceof SpentForNothing ? cause.cause : cause;
      // A refresh token that comes again at once counts as the same request (`judgeReuse`).
      throw isUsed && model === 'AuthorizationCode' ? new UsedUp('code', reason) : reason;
    });
    return {
      access_token,
      id_token,
      ...(refresh_token === undefined ? {} : { refresh_token }),
      scope: granted.join(' '),
    };
  };

  const issuers = new Map(
    Object.entries({ client_credentials: forMachine, authorization_code: byCode, refresh_token: byRefresh }),
  );
  return async (request: IncomingMessage, form: PlainForm, provider: Provider): Promise<object | undefined> => {
    const { grant_type: type = '' } = form;
    const allowed = FIELDS.get(type);
    if (allowed === undefined || Object.keys(form).some((key) => !allowed.has(key))) return undefined;
    const client = await plainClient(provider, request, form);
    if (client?.grantTypeAllowed(type) !== true) return undefined;
    const issued = await issuers.get(type)?.(provider, client, form);
    return issued && { expires_in: ACCESS_TOKEN_SECONDS, ...issued, token_type: 'Bearer' };
  };
}

/** Of a consumption: another request may have been faster, too. */
function isDoneOrInDoubt(using: Promise<unknown>): Promise<boolean> {
  return using.then(
    () => true,
    (error: unknown) => error instanceof errors.InvalidGrant || error instanceof SpentForNothing,
  );
}

/** A machine's token for one service: a JWT, which no store knows. */
async function forService(provider: Provider, client: Client, form: PlainForm): Promise<Issued | undefined> {
  const { scope = '', resource } = form;
  const indicator = resourceOfScope(scope);
  if (indicator === undefined || (resource ?? indicator) !== indicator || !isListedByOperator(client, scope))
    return undefined;
  const token = new provider.ClientCredentials({ client, scope });
  token.resourceServer = {
    ...serviceOf(indicator, scope),
    scopes: new Set([scope]),
    identifier: () => indicator,
  };
  return { access_token: await token.save(), scope, expires_in: JWT_ACCESS_TOKEN_SECONDS };
}

function isRedeemedRightly(
  code: AdapterPayload,
  { redirect_uri: redirectUri, code_verifier: verifier }: PlainForm,
): boolean {
  if (redirectUri === undefined || code.redirectUri !== redirectUri) return false;
  const { codeChallenge, codeChallengeMethod } = code;
  if (codeChallenge === undefined && verifier === undefined) return true;
  if (codeChallenge === undefined || codeChallengeMethod !== 'S256' || !VERIFIER.test(verifier ?? '')) return false;
  const given = Buffer.from(hash('sha256', verifier ?? '', 'base64url'));
  const expected = Buffer.from(codeChallenge);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** RFC 7636, 4.1. */
const VERIFIER = /^[\w.~-]{43,128}$/;

function accessTokenOf(source: Source, scope: string, now: number): AdapterPayload {
  const extra = strengthOf(source);
  return {
    ...familyOf(source),
    scope,
    iat: now,
    exp: now + ACCESS_TOKEN_SECONDS,
    ...(extra === undefined ? {} : { extra }),
  };
}

/** The first of a family, or the next, which lives no longer than the one it replaces. */
function refreshTokenOf(source: Source, now: number, seconds: number): AdapterPayload {
  const isFirst = source.model === 'AuthorizationCode';
  const { acr, amr, authTime, nonce, scope } = source;
  return {
    ...familyOf(source),
    acr,
    amr,
    authTime,
    nonce,
    scope,
    iat: now,
    iiat: isFirst ? now : source.iiat,
    rotations: isFirst ? 0 : (source.rotations ?? 0) + 1,
    exp: isFirst ? now + seconds : source.exp,
  };
}

function familyOf(source: Source): AdapterPayload {
  const { accountId, clientId, grantId, gty, sessionUid, sessionHandle, expiresWithSession, sid } = source;
  return { accountId, clientId, grantId, gty, sessionUid, sessionHandle, expiresWithSession, sid };
}

/** @see node_modules/oidc-provider/lib/helpers/grant_common.js `issueIdToken` */
function idToken(
  provider: Provider,
  client: Client,
  { accountId, acr, amr, authTime, nonce, sid }: Source,
): Promise<string> {
  const token = new provider.IdToken({ sub: accountId, acr, amr, auth_time: authTime }, { client });
  // Only what says who: userinfo tells the rest.
  Object.assign(token, { scope: 'openid', mask: {}, rejected: [] });
  token.set('nonce', nonce);
  token.set('sid', sid);
  return token.issue({ use: 'idtoken' });
}
