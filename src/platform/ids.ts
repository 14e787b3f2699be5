import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A row id: UUID v7, so that rows written together lie together in the index. Says nothing about the person. */
export function newId(): string {
  return v7();
}

/** An unguessable token for a cookie, a client secret or a link, base64url. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
