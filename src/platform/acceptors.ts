import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, createServer, type ListenOptions, Server as NetServer } from 'node:net';

/** libuv takes one new connection of a listening socket in each turn of the event loop (since its 1.45). When turns are long, because there is much to do,
 *  newcomers would wait in the kernel for seconds, and be cut off once its queue is full, however cheap their answer: so there are several sockets. */
const ACCEPTORS = 16;

export type Acceptors = {
  port: number;
  /** Takes no new connection; resolves when the last one is closed. Cuts nothing. */
  close(): Promise<void>;
};

/** Lets `server` listen, on Linux by several sockets between which the kernel shares out the connections (SO_REUSEPORT). A worker has its connections from
 *  its primary, which does nothing else. @throws the system's error (EADDRINUSE, EACCES, …) when the port cannot be had. */
export async function openAcceptors(
  server: HttpServer,
  { host, port }: { host: string; port: number },
): Promise<Acceptors> {
  if (cluster.isWorker || process.platform !== 'linux') {
    await listenAt(server, { host, port });
    return { port: portOf(server), close: () => closeAll([server]) };
  }
  // Two providers that both share a port would take each other's visitors: the port must be nobody's.
  if (port !== 0) await closeAll([await listenAt(createServer(), { host, port })]);
  await listenAt(server, { host, port, reusePort: true });
  const others: NetServer[] = [];
  const opened = { port: portOf(server), close: () => closeAll([server, ...others]) };
  try {
    for (let count = 1; count < ACCEPTORS; count += 1) {
      // As http and https make their own.
      const other = createServer({ allowHalfOpen: !(server instanceof TlsServer), noDelay: true }, (socket) => {
        server.emit('connection', socket);
      });
      others.push(await listenAt(other, { host, port: opened.port, reusePort: true }));
    }
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}

async function listenAt<Server extends NetServer>(server: Server, options: ListenOptions): Promise<Server> {
  server.listen(options);
  await once(server, 'listening');
  return server;
}

function portOf(server: NetServer): number {
  return (server.address() as AddressInfo).port;
}

async function closeAll(servers: readonly NetServer[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          // Not http's own close(): it would cut idle connections at once, just when a request may be on its way.
          NetServer.prototype.close.call(server, () => {
            resolve();
          });
        }),
    ),
  );
}
