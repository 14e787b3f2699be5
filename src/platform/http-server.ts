import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { openAcceptors } from './acceptors.ts';

export type Listening = {
  port: number;
  /** Takes no new connection and lets running requests finish. What still comes on an open connection is answered too, and told that it is the
   *  last; a connection on which nothing comes is closed after `idleMs`, and whatever is left after `graceMs`. */
  close(wait: StopWait): Promise<void>;
};

export type StopWait = { idleMs: number; graceMs: number };

const LOOK_AGAIN_MS = 50;
/** Longer than any answer takes, and any request may (`requestTimeout`). */
const SILENT_MS = 60_000;

/** Listens with limits against slow or greedy senders and readers. `silentMs`: a connection on which nothing moves for so long is closed. @throws the system's error (EADDRINUSE, EACCES, …) when the port cannot be had. */
export async function listen(
  callback: RequestListener,
  options: { host: string; port: number; tls?: { certFile: string; keyFile: string }; silentMs?: number },
): Promise<Listening> {
  const limits = {
    requestTimeout: 30_000,
    headersTimeout: 10_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16_384,
  };
  let isClosing = false;
  const answer: RequestListener = (request, response) => {
    // Sends `Connection: close`: the client opens its next connection elsewhere.
    if (isClosing) response.shouldKeepAlive = false;
    callback(request, response);
  };
  const server: Server =
    options.tls === undefined
      ? createServer(limits, answer)
      : createTlsServer(
          {
            ...limits,
            cert: readFileSync(options.tls.certFile),
            key: readFileSync(options.tls.keyFile),
            minVersion: 'TLSv1.2',
          },
          answer,
        );
  server.maxRequestsPerSocket = 10_000;
  // What nobody takes is kept in memory, for ever otherwise.
  server.timeout = options.silentMs ?? SILENT_MS;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const acceptors = await openAcceptors(server, options);
  return {
    port: acceptors.port,
    async close({ idleMs, graceMs }) {
      isClosing = true;
      const closed = acceptors.close();
      const closeIdle = (): void => {
        server.closeIdleConnections();
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      };
      let looking: NodeJS.Timeout | undefined;
      const idle = setTimeout(() => {
        closeIdle();
        looking = setInterval(closeIdle, LOOK_AGAIN_MS);
      }, idleMs);
      const late = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(idle);
      clearTimeout(late);
      clearInterval(looking);
    },
  };
}
