import { createRemoteJWKSet } from 'jose';
import * as oidc from 'openid-client';
import { explainFailure, failureOfOurs, type ProviderFailure } from './provider-failure.ts';
import type { Answer, Json, Received, Tokens } from './received.ts';
import {
  acrOfLevel,
  type DemoService,
  levelOfAcr,
  type RequestName,
  type SignInRequest,
} from './service-definitions.ts';

/** A sign-in that was started and not finished: what the callback is checked against. */
export type PendingSignIn = {
  readonly requestName: RequestName;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly request: Json;
  readonly pushed?: Json | undefined;
};

export type SignInOutcome =
  | { readonly kind: 'signed_in'; readonly received: Received }
  | { readonly kind: 'failed'; readonly failure: ProviderFailure };

export type ProviderClientOptions = {
  readonly issuer: URL;
  /** Our own public address, without a slash at the end. */
  readonly baseUrl: string;
  /** Of the service that authenticates by `private_key_jwt`. */
  readonly signingKey?: oidc.PrivateKey | undefined;
};

export type ProviderClient = ReturnType<typeof createProviderClient>;

/** Everything this relying party says to the provider. It knows the issuer's address; the rest it discovers. */
export function createProviderClient(service: DemoService, options: ProviderClientOptions) {
  const { issuer, baseUrl } = options;
  const redirectUri = `${baseUrl}/callback`;
  let discovered: Promise<oidc.Configuration> | undefined;

  /** Once it has worked it is kept. The provider may start after us, so it is done when first needed. */
  async function configuration(): Promise<oidc.Configuration> {
    discovered ??= discover(service, options);
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw error;
    }
  }

  async function ask(call: (config: oidc.Configuration) => Promise<Json>): Promise<Answer> {
    try {
      return { kind: 'answered', body: await call(await configuration()) };
    } catch (error) {
      return { kind: 'failed', failure: explainFailure(error) };
    }
  }

  return {
    issuer,
    configuration,

    /** @returns where to send the browser, and what to remember until it comes back. */
    async start(
      requestName: RequestName,
      { locale, loginHint }: { locale: string; loginHint?: string | undefined },
    ): Promise<{ url: URL; pending: PendingSignIn }> {
      const config = await configuration();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const parameters = {
        redirect_uri: redirectUri,
        response_type: 'code',
        ...parametersOf(requestOf(service, requestName)),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ui_locales: locale,
        ...(loginHint === undefined ? {} : { login_hint: loginHint }),
      };
      const url = service.isPushed
        ? await oidc.buildAuthorizationUrlWithPAR(config, parameters)
        : oidc.buildAuthorizationUrl(config, parameters);
      const request = { client_id: service.id, ...parameters };
      const pushed = service.isPushed ? Object.fromEntries(url.searchParams) : undefined;
      return { url, pending: { requestName, state, nonce, codeVerifier, request, pushed } };
    },

    /** Redeems the code, checks everything, and reads userinfo where the access token is for it. */
    async finish(currentUrl: URL, pending: PendingSignIn): Promise<SignInOutcome> {
      const { requestName, request, pushed } = pending;
      const { acr, maxAgeSeconds, resource } = requestOf(service, requestName);
      try {
        const config = await configuration();
        const answer = await oidc.authorizationCodeGrant(
          config,
          currentUrl,
          {
            expectedState: pending.state,
            expectedNonce: pending.nonce,
            pkceCodeVerifier: pending.codeVerifier,
            idTokenExpected: true,
            ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
          },
          resource === undefined ? {} : { resource },
        );
        const claims = answer.claims();
        if (claims === undefined || answer.id_token === undefined)
          throw new Error('openid-client let no id_token pass');
        if (levelOfAcr(claims['acr']) < acr.level)
          return { kind: 'failed', failure: failureOfOurs('acr_too_low', `acr: ${JSON.stringify(claims['acr'])}`) };
        const given = tokensOf(answer, answer.id_token);
        const tokens = resource === undefined ? given : withoutRefreshToken(given);
        const userinfo =
          resource === undefined
            ? await ask(async () => oidc.fetchUserInfo(config, tokens.accessToken, claims.sub))
            : undefined;
        const received = { requestName, request, pushed, tokens, idTokenClaims: claims, userinfo };
        return { kind: 'signed_in', received: { ...received, answer: Object.fromEntries(currentUrl.searchParams) } };
      } catch (error) {
        return { kind: 'failed', failure: explainFailure(error) };
      }
    },

    async readUserinfo({ tokens, idTokenClaims }: Received): Promise<Answer> {
      return ask((config) => oidc.fetchUserInfo(config, tokens.accessToken, String(idTokenClaims['sub'])));
    },

    async introspect({ tokens }: Received): Promise<Answer> {
      return ask((config) => oidc.tokenIntrospection(config, tokens.accessToken));
    },

    /** The old refresh token is spent by this. */
    async refresh({ tokens }: Received, refreshToken: string): Promise<{ answer: Answer; tokens: Tokens }> {
      let renewed = tokens;
      const answer = await ask(async (config) => {
        const given = await oidc.refreshTokenGrant(config, refreshToken);
        renewed = { refreshToken, ...withoutUndefined(tokensOf(given, given.id_token ?? tokens.idToken)) };
        return given.claims() ?? {};
      });
      return { answer, tokens: renewed };
    },

    /** Reads a data service with the access token. */
    async readResource({ tokens }: Pick<Received, 'tokens'>, url: URL): Promise<Answer> {
      return ask(async (config) => {
        const response = await oidc.fetchProtectedResource(config, tokens.accessToken, url, 'GET');
        return (await response.json()) as Json;
      });
    },

    /** Where sign-out goes on (OpenID Connect RP-Initiated Logout). */
    async endSessionUrl({ tokens }: Received, locale: string): Promise<URL> {
      return oidc.buildEndSessionUrl(await configuration(), {
        id_token_hint: tokens.idToken,
        post_logout_redirect_uri: `${baseUrl}/signed-out`,
        ui_locales: locale,
      });
    },
  };
}

/** The provider's public keys, fetched when needed and again when a token names an unknown one. */
export function createKeyFinder(provider: Pick<ProviderClient, 'configuration'>) {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return async (): Promise<ReturnType<typeof createRemoteJWKSet>> => {
    const { jwks_uri: address } = (await provider.configuration()).serverMetadata();
    if (address === undefined) throw new Error('the provider publishes no jwks_uri');
    keys ??= createRemoteJWKSet(new URL(address));
    return keys;
  };
}

export function requestOf(service: DemoService, name: RequestName): SignInRequest {
  const request = service.requests[name];
  if (request === undefined) throw new Error(`${service.id} has no request ${name}`);
  return request;
}

async function discover(service: DemoService, { issuer, signingKey }: ProviderClientOptions) {
  const metadata = { id_token_signed_response_alg: 'ES256' };
  // Signatures are checked even where TLS would vouch for them: at localhost there is none.
  const execute = [oidc.enableNonRepudiationChecks];
  if (issuer.protocol === 'http:') execute.push(oidc.allowInsecureRequests);
  return oidc.discovery(issuer, service.id, metadata, authenticationOf(service, signingKey), { execute, timeout: 10 });
}

function authenticationOf({ authentication }: DemoService, signingKey: oidc.PrivateKey | undefined): oidc.ClientAuth {
  switch (authentication.method) {
    case 'client_secret_basic':
      return oidc.ClientSecretBasic(authentication.secret);
    case 'client_secret_post':
      return oidc.ClientSecretPost(authentication.secret);
    case 'private_key_jwt':
      if (signingKey === undefined) throw new Error('private_key_jwt needs a key');
      return oidc.PrivateKeyJwt(signingKey);
  }
}

/** An essential acr has its only place in `claims`: `acr_values` is never more than a wish (OpenID Connect Core 5.5.1.1). */
function parametersOf({ scope, acr, prompt, maxAgeSeconds, resource }: SignInRequest): Record<string, string> {
  const value = acrOfLevel(acr.level);
  return {
    scope,
    ...(acr.isEssential
      ? { claims: JSON.stringify({ id_token: { acr: { essential: true, values: [value] } } }) }
      : { acr_values: value }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
    ...(resource === undefined ? {} : { resource }),
  };
}

function tokensOf(answer: oidc.TokenEndpointResponse, idToken: string): Tokens {
  return {
    idToken,
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    tokenType: answer.token_type,
    expiresInSeconds: answer.expires_in,
    scope: answer.scope,
  };
}

/** What was agreed to for one visit must not be readable after it. */
function withoutRefreshToken({ refreshToken, ...tokens }: Tokens): Tokens {
  return { ...tokens, isRefreshTokenDropped: refreshToken !== undefined };
}

function withoutUndefined(tokens: Tokens): Tokens {
  return Object.fromEntries(Object.entries(tokens).filter(([, value]) => value !== undefined)) as Tokens;
}
