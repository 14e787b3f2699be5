import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { DemoContext } from './demo-page.ts';
import type { Json } from './received.ts';
import { HEALTH_BOOK_RESOURCE, HEALTH_BOOK_SCOPE } from './service-definitions.ts';

/** The same for everybody: there is nobody behind it. */
const ENTRIES = [
  { on: '2026-01-12', what: 1, where: 1 },
  { on: '2025-09-03', what: 2, where: 1 },
  { on: '2025-03-21', what: 3, where: 2 },
] as const;

export type HealthDataDeps = { readonly findKeys: () => Promise<JWTVerifyGetKey>; readonly issuer: string };

/** A resource server: takes JWT access tokens of its own audience and scope and asks nobody about them.
 *  @see https://www.rfc-editor.org/rfc/rfc9068#section-4 */
export function healthDataService({ findKeys, issuer }: HealthDataDeps) {
  return async (ctx: DemoContext): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(ctx.get('Authorization'))?.[1];
    if (token === undefined) {
      refuse(ctx, 401, 'Bearer');
      return;
    }
    let claims: JWTPayload;
    try {
      const { payload } = await jwtVerify(token, await findKeys(), {
        issuer,
        audience: HEALTH_BOOK_RESOURCE,
        typ: 'at+jwt',
        algorithms: ['ES256'],
        requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
      });
      claims = payload;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      refuse(ctx, 401, bearer('invalid_token', error.message));
      return;
    }
    const scopes = typeof claims['scope'] === 'string' ? claims['scope'].split(' ') : [];
    if (!scopes.includes(HEALTH_BOOK_SCOPE)) {
      refuse(ctx, 403, bearer('insufficient_scope', `the scope ${HEALTH_BOOK_SCOPE} is needed`));
      return;
    }
    const body: Json = { entries: ENTRIES };
    ctx.body = body;
  };
}

function refuse(ctx: DemoContext, status: 401 | 403, challenge: string): void {
  ctx.status = status;
  ctx.set('WWW-Authenticate', challenge);
  ctx.body = { error: status === 401 ? 'invalid_token' : 'insufficient_scope' };
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function bearer(error: string, description: string): string {
  return `Bearer error="${error}", error_description="${description.replaceAll(/["\\]/g, "'")}"`;
}
