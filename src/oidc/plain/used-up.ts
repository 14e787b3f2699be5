import type { IncomingMessage } from 'node:http';

/** Thrown where a code is used up, or may be, and nothing was given for it. `cause`: why not. */
export class UsedUp extends Error {
  override readonly name = 'UsedUp';
}

const requests = new WeakSet<IncomingMessage>();

/** The library sees this request next. A code that it finds used it would take for a stolen one, and end all that came of it on every device. */
export function rememberUsedUp(request: IncomingMessage): void {
  requests.add(request);
}

export function hasUsedUp(request: IncomingMessage): boolean {
  return requests.has(request);
}
