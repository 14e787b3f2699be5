import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type Koa from 'koa';
import { readCookie, setCookie } from './cookies.ts';

const MAC_BYTES = 32;

/** The anti-forgery token of one visitor. */
export type Csrf = {
  /** Another text each time, so that a compressed page does not give it away (BREACH). */
  readonly token: () => string;
  readonly matches: (token: string) => boolean;
};

export type CsrfOptions = {
  readonly cookieName: string;
  /** Newest first; a token made under an older key is still taken. */
  readonly keys: readonly KeyObject[];
};

/** For `CsrfOptions`: made once, since Node would make them of the text at each use. */
export function csrfKeys(keys: readonly string[]): KeyObject[] {
  return keys.map((key) => createSecretKey(key, 'utf8'));
}

/** Token = mask ‖ (HMAC-SHA-256(key, visitor) ⊕ mask), where `visitor` is a random text in a signed cookie. Nothing is stored. */
export function visitorCsrf(ctx: Koa.Context, { cookieName, keys }: CsrfOptions): Csrf {
  let visitor: string | undefined;
  return {
    token: () => {
      // Only now: most requests ask for no token.
      visitor ??= readCookie(ctx, cookieName);
      if (visitor === undefined) {
        visitor = newVisitor();
        setCookie(ctx, cookieName, visitor);
      }
      return tokenOf(keys, visitor);
    },
    matches: (token) => {
      // A visitor made in this very request cannot have seen a form yet: the cookie must have come with it.
      const known = readCookie(ctx, cookieName);
      return known !== undefined && isTokenOf(keys, known, token);
    },
  };
}

/** What a visitor's cookie holds. */
export function newVisitor(): string {
  return randomBytes(24).toString('base64url');
}

/** An anti-forgery token for this visitor. */
export function tokenOf([newestKey]: readonly KeyObject[], visitor: string): string {
  if (newestKey === undefined) throw new Error('The anti-forgery token needs a key.');
  return masked(macOf(newestKey, visitor));
}

/** Whether an anti-forgery token was made for this visitor. */
export function isTokenOf(keys: readonly KeyObject[], visitor: string, token: string): boolean {
  const mac = unmasked(token);
  return mac !== undefined && keys.some((key) => timingSafeEqual(macOf(key, visitor), mac));
}

function macOf(key: KeyObject, visitor: string): Buffer {
  return createHmac('sha256', key).update('csrf_token\0').update(visitor).digest();
}

function masked(mac: Buffer): string {
  const mask = newMask();
  return Buffer.concat([mask, xor(mac, mask)]).toString('base64url');
}

/** Drawn in bulk: to ask for one costs as much as for hundreds. They go out with their tokens, so that they are no secret. */
let masks = randomBytes(0);
let masksUsed = 0;

function newMask(): Buffer {
  if (masksUsed === masks.length) {
    masks = randomBytes(256 * MAC_BYTES);
    masksUsed = 0;
  }
  masksUsed += MAC_BYTES;
  return masks.subarray(masksUsed - MAC_BYTES, masksUsed);
}

function unmasked(token: string): Buffer | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 2 * MAC_BYTES) return undefined;
  return xor(bytes.subarray(MAC_BYTES), bytes.subarray(0, MAC_BYTES));
}

function xor(left: Buffer, right: Buffer): Buffer {
  const result = Buffer.allocUnsafe(left.length);
  for (let at = 0; at < left.length; at += 1) result[at] = (left[at] ?? 0) ^ (right[at] ?? 0);
  return result;
}
