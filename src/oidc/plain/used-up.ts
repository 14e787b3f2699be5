import type { IncomingMessage } from 'node:http';

/** Thrown where a code or an interaction is used up, or may be, and nothing was given for it. `cause`: why not. */
export class UsedUp extends Error {
  override readonly name = 'UsedUp';
  readonly what: 'code' | 'interaction';

  constructor(what: UsedUp['what'], cause: unknown) {
    super(`nothing was given for the ${what}`, { cause });
    this.what = what;
  }
}

const requests = new WeakMap<IncomingMessage, UsedUp>();

/** The library sees this request next. A code that it finds used it would take for a stolen one, and end all that came of it on every device; of an interaction that it
 *  does not find it would say that it is over. */
export function rememberUsedUp(request: IncomingMessage, usedUp: UsedUp): void {
  requests.set(request, usedUp);
}

export function usedUpIn(request: IncomingMessage): UsedUp | undefined {
  return requests.get(request);
}
