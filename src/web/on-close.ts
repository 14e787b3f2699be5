import type { ServerResponse } from 'node:http';

/** Calls `closed` once the answer has ended, or its connection has: also when that was before, since the sender hung up while it was looked at whose the request is. */
export function onClose(response: ServerResponse, closed: () => void): void {
  if (response.closed) setImmediate(closed);
  else response.once('close', closed);
}
