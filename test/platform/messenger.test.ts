import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpMessenger, type Messenger } from '../../src/platform/messenger.ts';

const MESSAGE = { id: 'm1', to: '+84912345678', body: 'Ma cua ban la 123456' };

describe('the SMS gateway', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  });

  const gateway = async (
    answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
    timeoutMs?: number,
  ): Promise<Messenger> => {
    const made = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
    });
    server = made;
    await new Promise<void>((resolve) => {
      made.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(made.address() as AddressInfo).port}/messages?from=eid`;
    return createHttpMessenger({ url, token: 'secret-token', ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  };

  it('is told each message, over one connection', async () => {
    const seen: unknown[] = [];
    const ports = new Set<number | undefined>();
    const messenger = await gateway((request, response, body) => {
      ports.add(request.socket.remotePort);
      seen.push([request.method, request.url, request.headers.authorization, request.headers['content-type'], body]);
      response.writeHead(202).end('{"accepted":true}');
    });
    await messenger.send(MESSAGE);
    await messenger.send({ ...MESSAGE, id: 'm2', body: 'dấu' });
    const told = (message: object) => [
      'POST',
      '/messages?from=eid',
      'Bearer secret-token',
      'application/json',
      JSON.stringify(message),
    ];
    expect(seen).toEqual([told(MESSAGE), told({ ...MESSAGE, id: 'm2', body: 'dấu' })]);
    expect(ports.size).toBe(1);
  });

  it.each([302, 401, 500])('has not taken a message that it answers with %i', async (status) => {
    const messenger = await gateway((_, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    await expect(messenger.send(MESSAGE)).rejects.toMatchObject({ name: `GatewayRefused${status}` });
  });

  it('is asked again over another connection when it has ended the one that was kept', async () => {
    let times = 0;
    const messenger = await gateway((request, response) => {
      times += 1;
      if (times === 2) request.socket.destroy();
      else response.writeHead(204).end();
    });
    await messenger.send(MESSAGE);
    await messenger.send(MESSAGE);
    expect(times).toBe(3);
  });

  it('that cannot be reached, ends a new connection or says nothing fails the message', async () => {
    const ending = await gateway((request) => void request.socket.destroy());
    await expect(ending.send(MESSAGE)).rejects.toThrow(/hang up|ECONNRESET/);
    server?.close();
    const silent = await gateway(() => undefined, 100);
    await expect(silent.send(MESSAGE)).rejects.toThrow(/abort/i);
    const gone = createHttpMessenger({ url: 'http://127.0.0.1:9/', token: 'x' });
    await expect(gone.send(MESSAGE)).rejects.toThrow('ECONNREFUSED');
  });
});
