import type { ProviderFailure } from './provider-failure.ts';
import type { RequestName } from './service-definitions.ts';

export type Json = Readonly<Record<string, unknown>>;

/** An answer of the provider or of a data service, or why there is none. */
export type Answer =
  | { readonly kind: 'answered'; readonly body: Json }
  | { readonly kind: 'failed'; readonly failure: ProviderFailure };

/** What the token endpoint gave last. */
export type Tokens = {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  /** One came, and was thrown away: the service reads once, while the person is there. */
  readonly isRefreshTokenDropped?: boolean | undefined;
  readonly tokenType: string;
  readonly expiresInSeconds?: number | undefined;
  readonly scope?: string | undefined;
};

/** One sign-in, in the order in which it happened. */
export type Received = {
  readonly requestName: RequestName;
  /** Parameters of the authorization request. */
  readonly request: Json;
  /** What went through the browser in their place. */
  readonly pushed?: Json | undefined;
  /** Parameters of the authorization response. */
  readonly answer: Json;
  readonly tokens: Tokens;
  /** Payload of the id_token: verified. */
  readonly idTokenClaims: Json;
  readonly userinfo?: Answer | undefined;
  /** What a data service gave for the access token. */
  readonly resource?: Answer | undefined;
  readonly introspection?: Answer | undefined;
  readonly refreshed?: Answer | undefined;
};

/** Everything known of the person: userinfo over id_token, whose claims they share. */
export function claimsOf({ idTokenClaims, userinfo }: Received): Json {
  return userinfo?.kind === 'answered' ? { ...idTokenClaims, ...userinfo.body } : idTokenClaims;
}

/** A claim that is a text with something in it. */
export function textClaim(claims: Json, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
