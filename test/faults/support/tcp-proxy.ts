import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  port: number;
  /** Of the next connection whose client sends `text`: all of it goes to the server, and nothing that the server answers comes back. Resolves when the text has gone;
   *  then `cut` ends the connection. */
  swallowAnswerTo(text: string): Promise<{ cut: () => void }>;
  close(): void;
};

/** Between a client and a server, and hands everything on as it comes. */
export async function startTcpProxy(server: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let waiting: { text: string; resolve: (swallowed: { cut: () => void }) => void } | undefined;
  const proxy = createServer((client) => {
    const upstream = connect(server);
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    let isSwallowing = false;
    /** The end of what was sent before: a text may be sent in two pieces. */
    let before = '';
    client.on('data', (chunk) => {
      const sent = before + chunk.toString('latin1');
      before = sent.slice(-100);
      if (waiting !== undefined && sent.includes(waiting.text)) {
        isSwallowing = true;
        waiting.resolve({ cut });
        waiting = undefined;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!isSwallowing) client.write(chunk);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.once('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    swallowAnswerTo: (text) =>
      new Promise((resolve) => {
        waiting = { text, resolve };
      }),
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
