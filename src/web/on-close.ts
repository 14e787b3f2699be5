import type { ServerResponse } from 'node:http';

/** One listener for all: with those of the framework, which sends pages through a compressor, Node would take several of ours for a leak. */
const waiting = new WeakMap<ServerResponse, (() => void)[]>();

/** Calls `closed` once the answer has ended, or its connection has: also when that was before, since the sender hung up while it was looked at whose the request is. */
export function onClose(response: ServerResponse, closed: () => void): void {
  if (response.closed) {
    setImmediate(closed);
    return;
  }
  const others = waiting.get(response);
  if (others !== undefined) {
    others.push(closed);
    return;
  }
  const all = [closed];
  waiting.set(response, all);
  response.once('close', () => {
    for (const each of all) each();
  });
}
