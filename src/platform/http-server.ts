import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export type Listening = {
  port: number;
  /** Takes no new connection, lets running requests finish for at most `graceMs`, then ends what is left. */
  close(graceMs?: number): Promise<void>;
};

const GRACE_MS = 10_000;

/** Listens with limits against slow or greedy senders. @throws the system's error (EADDRINUSE, EACCES, …) when the port cannot be had. */
export async function listen(
  callback: RequestListener,
  options: { host: string; port: number; tls?: { certFile: string; keyFile: string } },
): Promise<Listening> {
  const limits = {
    requestTimeout: 30_000,
    headersTimeout: 10_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16_384,
  };
  const server: Server =
    options.tls === undefined
      ? createServer(limits, callback)
      : createTlsServer(
          {
            ...limits,
            cert: readFileSync(options.tls.certFile),
            key: readFileSync(options.tls.keyFile),
            minVersion: 'TLSv1.2',
          },
          callback,
        );
  server.maxRequestsPerSocket = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs = GRACE_MS) {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeIdleConnections();
      const late = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(late);
    },
  };
}
