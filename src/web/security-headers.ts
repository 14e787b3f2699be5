import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet, { type HelmetOptions } from 'helmet';
import { LRUCache } from 'lru-cache';
import type { PageContext, PageMiddleware } from './page-context.ts';

const CSP = 'Content-Security-Policy';
const TWO_YEARS_SECONDS = 63_072_000;

/** Every security header of every answer but the policy of its content, spelt out: nothing is a default of a library. */
function fixedHeaders(isSecure: boolean): HelmetOptions {
  return {
    contentSecurityPolicy: false, // ours, below: it has a nonce per request
    crossOriginEmbedderPolicy: false, // would only matter for SharedArrayBuffer
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    originAgentCluster: true,
    // Not no-referrer: with it browsers send `Origin: null` on our own forms (Fetch, "append a request Origin header").
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: isSecure && { maxAge: TWO_YEARS_SECONDS, includeSubDomains: true },
    xContentTypeOptions: true,
    xDnsPrefetchControl: { allow: false },
    xDownloadOptions: false,
    xFrameOptions: { action: 'deny' },
    xPermittedCrossDomainPolicies: false,
    xPoweredBy: false,
    xXssProtection: true, // sends 0: the old filter was itself a hole
  };
}

/** Of pages. */
export function securityHeaders({ issuer }: { readonly issuer: string }): PageMiddleware {
  const isSecure = issuer.startsWith('https:');
  const headers = headersOf(isSecure);
  return async (ctx, next) => {
    ctx.state.nonce = randomBytes(16).toString('base64');
    for (const [name, value] of headers) ctx.res.setHeader(name, value);
    ctx.res.setHeader(CSP, contentSecurityPolicy(ctx.state.nonce, isSecure));
    await next();
  };
}

/** Of a page that is sent ahead of the pages' machinery, names and values in turn. `formsEndAt` as for `allowFormActionTo`. */
export function pageFields({ issuer }: { readonly issuer: string }): (nonce: string, formsEndAt?: string) => string[] {
  const isSecure = issuer.startsWith('https:');
  const all = [...headersOf(isSecure)].flat();
  // What stands before and after the nonce, for each place where forms end.
  const policies = new LRUCache<string, readonly string[]>({ max: 500 });
  const partsOf = (formsEndAt: string): readonly string[] => {
    const policy = contentSecurityPolicy(NONCE_MARK, isSecure);
    return (formsEndAt === '' ? policy : withFormsTo(formsEndAt, policy)).split(NONCE_MARK);
  };
  return (nonce, formsEndAt = '') => {
    const parts = policies.get(formsEndAt) ?? partsOf(formsEndAt);
    policies.set(formsEndAt, parts);
    return [...all, CSP, parts.join(nonce)];
  };
}

/** Nothing that an address may hold. */
const NONCE_MARK = '<nonce>';

/** Of answers to programs: nothing in them is ever rendered or run. @returns them with an answer's own, which go before; names and values in turn. */
export function programFields({ issuer }: { readonly issuer: string }): (own: readonly string[]) => string[] {
  const headers = headersOf(issuer.startsWith('https:'));
  headers.set(CSP, "default-src 'none'; frame-ancestors 'none'");
  const all = [...headers].flat();
  const resourcePolicyAt = all.indexOf('Cross-Origin-Resource-Policy');
  return (own) => {
    const fields = [...all, ...own];
    // The one that an answer may have its own of.
    if (own.includes('Cross-Origin-Resource-Policy')) fields.splice(resourcePolicyAt, 2);
    return fields;
  };
}

/** What helmet makes of these settings, asked once: they are the same in every answer, and asking again costs as much as a small answer. */
function headersOf(isSecure: boolean): Map<string, string> {
  const headers = new Map([['Permissions-Policy', PERMISSIONS_POLICY]]);
  const response = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: () => undefined,
  };
  helmet(fixedHeaders(isSecure))({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw new Error('headers cannot be set', { cause: error });
  });
  return headers;
}

type HasResponse = { readonly response: { get(field: string): string; set(field: string, value: string): void } };

/** Chromium applies `form-action` to the redirect after a POST too, so the page whose form ends at a relying party must name
 *  that party's origin. Pass only an address registered with us. */
export function allowFormActionTo(ctx: HasResponse, url: string): void {
  ctx.response.set(CSP, withFormsTo(url, ctx.response.get(CSP)));
}

function withFormsTo(url: string, policy: string): string {
  const source = formActionSource(url);
  return source === undefined ? policy : policy.replace("form-action 'self'", `form-action 'self' ${source}`);
}

/** For a page that is the same for everybody and so has no nonce: this one script of ours, by its address. */
export function allowScript(ctx: PageContext, path: string): void {
  const policy = ctx.response.get(CSP);
  ctx.response.set(CSP, policy.replace(/script-src [^;]*/, `script-src ${ctx.state.issuerOrigin}${path}`));
}

/** Undefined for an address that must not be spelt in a header: a host may hold `;` (WHATWG URL), which would end the directive. */
function formActionSource(url: string): string | undefined {
  const { origin, protocol } = new URL(url);
  if (/^https?:\/\/[\w.:[\]-]+$/.test(origin)) return origin;
  // A native app's `vn.example.app:/callback` (RFC 8252, 7.1): a reversed domain name as scheme.
  return /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:$/.test(protocol) ? protocol : undefined;
}

function contentSecurityPolicy(nonce: string, isSecure: boolean): string {
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "object-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    ...(isSecure ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

const PERMISSIONS_POLICY = ['camera', 'geolocation', 'microphone', 'payment', 'usb', 'browsing-topics']
  .map((feature) => `${feature}=()`)
  .join(', ');
