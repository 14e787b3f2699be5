import { randomBytes } from 'node:crypto';
import helmet from 'koa-helmet';
import type { PageMiddleware } from './page-context.ts';

const CSP = 'Content-Security-Policy';
const TWO_YEARS_SECONDS = 63_072_000;

/** Every security header of every answer, spelt out: nothing is a default of a library. */
export function securityHeaders({ issuer }: { readonly issuer: string }): PageMiddleware {
  const isSecure = issuer.startsWith('https:');
  const headers = helmet({
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
  });
  return async (ctx, next) => {
    ctx.state.nonce = randomBytes(16).toString('base64');
    ctx.set(CSP, contentSecurityPolicy(ctx.state.nonce, isSecure));
    ctx.set('Permissions-Policy', PERMISSIONS_POLICY);
    await headers(ctx, next);
  };
}

type HasResponse = { readonly response: { get(field: string): string; set(field: string, value: string): void } };

/** Chromium applies `form-action` to the redirect after a POST too, so the page whose form ends at a relying party must name
 *  that party's origin. Only an origin registered with us may be passed. */
export function allowFormActionTo(ctx: HasResponse, url: string): void {
  const parsed = new URL(url);
  // A native app's `com.example:/callback` has no origin ('null'); its scheme is the source then (CSP3, scheme-source).
  const source = parsed.origin === 'null' ? parsed.protocol : parsed.origin;
  const policy = ctx.response.get(CSP);
  ctx.response.set(CSP, policy.replace("form-action 'self'", `form-action 'self' ${source}`));
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
