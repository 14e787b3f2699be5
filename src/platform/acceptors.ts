import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type ListenOptions, Server as NetServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** libuv takes one new connection of a listening socket in each turn of the event loop (since its 1.45). When turns are long, because there is much to do,
 *  newcomers would wait in the kernel for seconds, and be cut off once its queue is full, however cheap their answer: so there are several sockets. */
const ACCEPTORS = 16;

export type Acceptors = {
  port: number;
  /** Takes no new connection, when those that the kernel has let in are taken; resolves when the last one is closed. Cuts nothing. */
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
    return { port: portOf(server), close: () => closeAll(server, [server]) };
  }
  if (port !== 0) await refuseTakenPort(host, port);
  await listenAt(server, { host, port, reusePort: true });
  const others: NetServer[] = [];
  const opened = { port: portOf(server), close: () => closeAll(server, [server, ...others]) };
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

const ANSWER_MS = 1_000;

/** Two providers could both have a port that is shared, and take each other's visitors. To listen there and look whether that fails would cut off who comes
 *  in that moment: so it asks whether somebody answers. @throws as the system does. */
async function refuseTakenPort(host: string, port: number): Promise<void> {
  const socket = connect({ host, port, timeout: ANSWER_MS });
  const isTaken = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => resolve(false));
  });
  socket.destroy();
  if (!isTaken) return;
  const error = new Error(`EADDRINUSE: address already in use ${host}:${port}`);
  throw Object.assign(error, { code: 'EADDRINUSE', syscall: 'listen', address: host, port });
}

async function listenAt<Server extends NetServer>(server: Server, options: ListenOptions): Promise<Server> {
  server.listen(options);
  await once(server, 'listening');
  return server;
}

function portOf(server: NetServer): number {
  return (server.address() as AddressInfo).port;
}

async function closeAll(server: HttpServer, servers: readonly NetServer[]): Promise<void> {
  await untilNobodyIsAtTheDoor(server);
  await Promise.all(
    servers.map(
      (one) =>
        new Promise<void>((resolve) => {
          // Not http's own close(): it would cut idle connections at once, just when a request may be on its way.
          NetServer.prototype.close.call(one, () => {
            resolve();
          });
        }),
    ),
  );
}

const AT_THE_DOOR_MS = 1_000;

/** To close a listening socket resets whoever the kernel has let in and nobody has taken yet. After a turn of the event loop in which nobody came there is none. */
async function untilNobodyIsAtTheDoor(server: HttpServer): Promise<void> {
  let came = 0;
  const count = (): void => {
    came += 1;
  };
  server.on('connection', count);
  const until = performance.now() + AT_THE_DOOR_MS;
  let before: number;
  do {
    before = came;
    // From after one look at the sockets to after the next.
    await setImmediate();
    await setImmediate();
  } while (came > before && performance.now() < until);
  server.off('connection', count);
}
