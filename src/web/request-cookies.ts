import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { cookieSigner } from './cookie-signer.ts';

/** `until` undefined: for as long as the browser is open. */
type CookieLife = { path: string; until?: Date };

/** Signed cookies for requests that are answered ahead of the pages, as the pages and the protocol's library read and write them. @see node_modules/cookies/index.js */
export type RequestCookies = {
  /** Whether one of this name came, signed or not. */
  has(request: IncomingMessage, name: string): boolean;
  /** Signed by the newest key: with an older one it is signed anew. Undefined also when it came twice. */
  read(request: IncomingMessage, name: string): string | undefined;
  /** The value of one that is not signed. Undefined also when it came twice. */
  readUnsigned(request: IncomingMessage, name: string): string | undefined;
  /** Whether the library would set one here: none that is for https alone where the request was not sent by https. */
  maySet(request: IncomingMessage): boolean;
  /** The two header lines of one. */
  lines(name: string, value: string, life: CookieLife): string[];
  /** Of one that ends. */
  linesOfEnd(name: string, path: string): string[];
};

type RequestCookiesConfig = { isSecure: boolean; trustProxy: boolean; secrets: { cookieKeys: readonly string[] } };

export function requestCookies({ isSecure, trustProxy, secrets }: RequestCookiesConfig): RequestCookies {
  const signer = cookieSigner(secrets.cookieKeys);
  const lines: RequestCookies['lines'] = (name, value, { path, until }) => {
    const expires = until === undefined ? '' : `; expires=${until.toUTCString()}`;
    const attributes = `; path=${path}${expires}; samesite=lax${isSecure ? '; secure' : ''}; httponly`;
    const cookie = `${name}=${value}`;
    return [cookie + attributes, `${name}.sig=${signer.sign(cookie)}${attributes}`];
  };
  return {
    has: (request, name) => valuesOf(request, name).length > 0,
    read(request, name) {
      const [value, another] = valuesOf(request, name);
      const [signature, anotherSignature] = valuesOf(request, `${name}.sig`);
      if (value === undefined || signature === undefined) return undefined;
      if (another !== undefined || anotherSignature !== undefined) return undefined;
      return signer.index(`${name}=${value}`, signature) === 0 ? value : undefined;
    },
    readUnsigned(request, name) {
      const [value, another] = valuesOf(request, name);
      return another === undefined ? value : undefined;
    },
    maySet: (request) => !isSecure || isSentSecurely(request, trustProxy),
    lines,
    linesOfEnd: (name, path) => lines(name, '', { path, until: new Date(0) }),
  };
}

/** Taken apart as the library does it (`getPattern`). */
function valuesOf({ headers: { cookie = '' } }: IncomingMessage, name: string): string[] {
  if (cookie !== latest.header) latest = { header: cookie, cookies: cookie.split(/; */) };
  const start = `${name}=`;
  return latest.cookies.filter((one) => one.startsWith(start)).map((one) => one.slice(start.length));
}

/** A request is asked for half a dozen of its cookies, one after the other. */
let latest: { header: string; cookies: readonly string[] } = { header: '', cookies: [''] };

/** @see node_modules/koa/lib/request.js `protocol` */
function isSentSecurely({ socket, headers }: IncomingMessage, trustProxy: boolean): boolean {
  if (socket instanceof TLSSocket) return true;
  const [protocol] = String(headers['x-forwarded-proto'] ?? '').split(/\s*,\s*/, 1);
  return trustProxy && protocol === 'https';
}
