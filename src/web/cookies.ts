import type Koa from 'koa';

const BASE_NAMES = [
  'visitor',
  'locale',
  'attempt',
  'recovery',
  'device',
  'officer',
  'statistics',
  'account_entry',
  'account_notice',
  'waiting_ticket',
  'waiting_pass',
] as const;
type BaseName = (typeof BASE_NAMES)[number];

/** The names of our own cookies. Over https each has the `__Host-` prefix: Secure, no Domain, Path=/ (RFC 6265bis 4.1.3). */
export function cookieNames(isSecure: boolean): Readonly<Record<BaseName, string>> {
  const entries = BASE_NAMES.map((name) => [name, isSecure ? `__Host-${name}` : name] as const);
  return Object.fromEntries(entries) as Record<BaseName, string>;
}

export type CookieLife = {
  /** Until the browser closes unless told. */
  readonly maxAgeSeconds?: number | undefined;
  /** Never on a `__Host-` cookie. */
  readonly path?: string | undefined;
};

/** HttpOnly, SameSite=Lax, signed; Secure as the name's prefix demands. */
export function setCookie(ctx: Koa.Context, name: string, value: string, life: CookieLife = {}): void {
  const { maxAgeSeconds, path = '/' } = life;
  if (name.startsWith('__Host-') && path !== '/') throw new Error('A __Host- cookie has the path /.');
  ctx.cookies.set(name, value, {
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    overwrite: true,
    secure: /^__(?:Host|Secure)-/.test(name),
    path,
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds * 1000 }),
  });
}

/** Undefined when absent or when its signature does not hold. */
export function readCookie(ctx: Koa.Context, name: string): string | undefined {
  return ctx.cookies.get(name, { signed: true });
}

export function clearCookie(ctx: Koa.Context, name: string): void {
  ctx.cookies.set(name, null, {
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    overwrite: true,
    secure: /^__(?:Host|Secure)-/.test(name),
    path: '/',
  });
}
