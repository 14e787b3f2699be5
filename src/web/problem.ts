import { errorPage } from '../../views/errors/error-page.ts';
import { Refusal, type RefusalCode } from '../domain/refusal.ts';
import type { PageContext, PageMiddleware } from './page-context.ts';
import { render } from './render.ts';

const CODE_OF_STATUS: Readonly<Record<number, RefusalCode>> = {
  401: 'sign_in_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  409: 'conflict',
  410: 'attempt_over',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_field',
  429: 'too_many_requests',
  503: 'maintenance',
};

type Problem = { readonly code: RefusalCode; readonly status: number; readonly field?: string | undefined };

const INTERRUPTED_RETRY_SECONDS = 5;

/** Turns whatever was thrown, and every empty answer of 400 or more, into a page for people or RFC 9457 for programs.
 *  @param isOutage whether an error means that a store does not answer, and the same request may go well in a moment. */
export function errorPages(isOutage: (error: unknown) => boolean = () => false): PageMiddleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (ctx.respond === false || ctx.headerSent) throw error;
      await show(ctx, problemOf(ctx, error, isOutage));
      return;
    }
    const isAnswered = ctx.respond === false || (ctx.body !== undefined && ctx.body !== null);
    if (!isAnswered && ctx.status >= 400) await show(ctx, problemOfStatus(ctx.status));
  };
}

/** No address of ours holds a NUL (PostgreSQL refuses it in a text) or an escape that is not UTF-8. */
export const refuseBrokenAddress: PageMiddleware = async (ctx, next) => {
  if (/%00/.test(ctx.url) || !isDecodable(ctx.path)) throw new Refusal('malformed_request');
  await next();
};

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function problemOf(ctx: PageContext, error: unknown, isOutage: (error: unknown) => boolean): Problem {
  if (error instanceof Refusal) {
    const { code, status, field } = error;
    if (status >= 500 && code !== 'busy' && code !== 'not_ready') ctx.state.log.error({ err: error }, 'http.refused');
    return { code, status, field };
  }
  const status = clientStatusOf(error);
  if (status !== undefined) return problemOfStatus(status);
  if (isOutage(error)) {
    ctx.state.log.error({ err: error }, 'http.store_outage');
    ctx.set('Retry-After', String(INTERRUPTED_RETRY_SECONDS));
    return { code: 'interrupted', status: 503 };
  }
  ctx.state.log.error({ err: error }, 'http.unexpected_error');
  return problemOfStatus(500);
}

/** Of an http-errors error by which a library judges the request (413 by the body parser). Any other error is ours. */
function clientStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}

function problemOfStatus(status: number): Problem {
  const code = CODE_OF_STATUS[status] ?? (status < 500 ? 'malformed_request' : 'unexpected');
  return { code, status };
}

async function show(ctx: PageContext, { code, status, field }: Problem): Promise<void> {
  const { t, requestId, chrome } = ctx.state;
  const title = t(`refusal.${code}_title`);
  const text = t(`refusal.${code}`);
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Accept');
  if (!wantsJson(ctx)) {
    const retry = status >= 500 ? pathAskedFor(ctx) : undefined;
    return render(ctx, errorPage(chrome, { title, text, field, reference: requestId, retry }), status);
  }
  ctx.status = status;
  ctx.type = 'application/problem+json';
  const type = `urn:dinhdanh:problem:${code}`;
  ctx.body = JSON.stringify({ type, title, status, detail: text, code, field, reference: requestId });
}

/** What a page may ask for again by itself: nothing that was sent with a form, and never another site. */
export function pathAskedFor({ method, originalUrl }: Pick<PageContext, 'method' | 'originalUrl'>): string | undefined {
  return method === 'GET' && /^\/(?![/\\])/.test(originalUrl) ? originalUrl : undefined;
}

function wantsJson(ctx: PageContext): boolean {
  if (/\.(?:json|csv|xlsx)$/.test(ctx.path) || ctx.is('json')) return true;
  // Who takes neither (text/csv) is a program too.
  return ctx.accepts('html', 'json') !== 'html';
}
