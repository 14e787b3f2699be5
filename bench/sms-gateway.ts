import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The telephone network: takes what the provider sends (SMS_GATEWAY_URL) and hands each code to whoever waits for it. */
export type Messages = { nextCode(phone: string): Promise<string> };

const PATIENCE_MS = 30_000;

export async function startSmsGateway(): Promise<Messages & { url: string; close(): void }> {
  const waiting = new Map<string, (code: string) => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { to, body } = JSON.parse(Buffer.concat(chunks).toString()) as { to: string; body: string };
      const code = /\b(\d{6})\b/.exec(body)?.[1];
      if (code !== undefined) waiting.get(to)?.(code);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    nextCode: (phone) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          reject(new Error('no code came'));
        }, PATIENCE_MS);
        waiting.set(phone, (code) => {
          clearTimeout(late);
          waiting.delete(phone);
          resolve(code);
        });
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
