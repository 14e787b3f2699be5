import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Json } from './received.ts';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** A notice that waited longer in somebody's hands is not taken; so long, at least, is its id remembered. */
const LIFETIME_SECONDS = 300;

export type LogoutVerdict =
  | {
      readonly kind: 'accepted';
      readonly sub?: string | undefined;
      readonly sid?: string | undefined;
      readonly claims: Json;
    }
  | { readonly kind: 'refused'; readonly reason: string };

export type LogoutTokenDeps = {
  readonly findKeys: () => Promise<JWTVerifyGetKey>;
  readonly issuer: string;
  readonly clientId: string;
};

/** Judges logout tokens, each once. What is thrown is no verdict: the keys could not be had, and the provider may try again.
 *  @see https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation */
export function createLogoutTokenJudge({ findKeys, issuer, clientId }: LogoutTokenDeps) {
  const seen = new LRUCache<string, true>({ max: 10_000, ttl: 2 * LIFETIME_SECONDS * 1000 });
  return async (token: string): Promise<LogoutVerdict> => {
    let claims: JWTPayload;
    try {
      const { payload } = await jwtVerify(token, await findKeys(), {
        issuer,
        audience: clientId,
        // So that an id_token, which has the same issuer and audience, is never taken for a logout.
        typ: 'logout+jwt',
        algorithms: ['ES256', 'RS256'],
        maxTokenAge: LIFETIME_SECONDS,
        clockTolerance: 5,
        requiredClaims: ['iat', 'jti', 'events', 'exp'],
      });
      claims = payload;
    } catch (error) {
      if (isVerdict(error)) return { kind: 'refused', reason: error.message };
      throw error;
    }
    const reason = reasonToRefuse(claims);
    if (reason !== undefined) return { kind: 'refused', reason };
    const { jti = '', sub, sid } = claims;
    if (seen.has(jti)) return { kind: 'refused', reason: 'jti was seen before' };
    seen.set(jti, true);
    return {
      kind: 'accepted',
      claims,
      ...(typeof sub === 'string' && { sub }),
      ...(typeof sid === 'string' && { sid }),
    };
  };
}

function reasonToRefuse(claims: JWTPayload): string | undefined {
  if (!isRecord(claims['events']) || !isRecord(claims['events'][LOGOUT_EVENT])) return 'events has no logout';
  // An id_token replayed as a logout would have one.
  if ('nonce' in claims) return 'nonce must be absent';
  if (typeof claims.sub !== 'string' && typeof claims['sid'] !== 'string') return 'neither sub nor sid';
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The other errors of jose are about fetching the keys. */
function isVerdict(error: unknown): error is errors.JOSEError {
  if (!(error instanceof errors.JOSEError)) return false;
  return !(
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  );
}
