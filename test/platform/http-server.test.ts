import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/platform/http-server.ts';

const NO_WAIT = { idleMs: 0, graceMs: 0 };
const open: { close(wait: typeof NO_WAIT): Promise<void> }[] = [];

async function listening(onRequest: () => void = () => {}): Promise<Listening> {
  const server = await listen(
    (_request, response) => {
      onRequest();
      response.end('here');
    },
    { host: '127.0.0.1', port: 0 },
  );
  open.push(server);
  return server;
}

describe('the listening port', () => {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close(NO_WAIT)));
  });

  it.runIf(process.platform === 'linux')('lets many newcomers in at each turn of a busy event loop', async () => {
    const CROWD = 160;
    const done = { people: 0, turns: 0 };
    const { port } = await listening(() => {
      done.people += 1;
    });
    const sockets: Socket[] = [];
    for (let count = 0; count < CROWD; count += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
      sockets.push(socket);
    }
    for (; done.turns < CROWD && done.people < CROWD; done.turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      // The kernel needs a moment of its own between two turns.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
    for (const socket of sockets) socket.destroy();
    expect(done.people).toBe(CROWD);
    // One at a turn would be as many turns as people.
    expect(done.turns).toBeLessThan(CROWD / 2);
  });

  it('closes a connection from which nothing is taken, with what is kept for it', async () => {
    const answers: ServerResponse[] = [];
    const server = await listen(
      (_request, response) => {
        answers.push(response);
        response.end('x'.repeat(20_000_000));
      },
      { host: '127.0.0.1', port: 0, silentMs: 100 },
    );
    open.push(server);
    const socket = connect(server.port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    await expect.poll(() => answers[0]?.closed, { timeout: 5_000 }).toBe(true);
    expect(answers[0]?.writableFinished).toBe(false);
    socket.destroy();
  });

  it('is nobody else’s', async () => {
    const { port } = await listening();
    await expect(
      listen((_request, response) => response.end('another'), { host: '127.0.0.1', port }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('can be had again at once when it was closed, and closes whatever way a connection came in', async () => {
    const first = await listening();
    const sockets = Array.from({ length: 40 }, () => connect(first.port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const ended = Promise.all(
      sockets.map(
        (socket) =>
          new Promise((resolve) => {
            // Whoever the kernel had not handed over yet is cut off.
            socket
              .on('error', () => {})
              .on('close', resolve)
              .resume();
          }),
      ),
    );
    await first.close(NO_WAIT);
    await ended;
    open.splice(0);
    open.push(await listen((_request, response) => response.end('again'), { host: '127.0.0.1', port: first.port }));
    expect(await (await fetch(`http://127.0.0.1:${first.port}/`)).text()).toBe('again');
  });
});
