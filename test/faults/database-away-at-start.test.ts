import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startProvider } from '../processes/support/provider-process.ts';

/** What a server does that is starting, overloaded, or behind a network that swallows everything. */
const kinds: { name: string; meet: (socket: Socket) => void }[] = [
  { name: 'says nothing', meet: () => undefined },
  { name: 'hangs up', meet: (socket) => socket.destroy() },
];

it.each(kinds)(
  'a database that $name at the start is told in words, for a service manager to try again',
  { timeout: 90_000 },
  async ({ meet }) => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      meet(socket);
    });
    await new Promise<void>((resolve) => {
      mute.listen(0, '127.0.0.1', resolve);
    });
    const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-away-'));
    const { port } = mute.address() as AddressInfo;
    try {
      const provider = startProvider(folder, {
        PORT: '0',
        DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/nothing`,
      });
      const refused: unknown = await provider.logged('provider.started').catch((error: unknown) => error);
      expect(String(refused)).toMatch(/ended with 1[\s\S]*DATABASE_URL: the database does not answer/);
      expect(String(refused)).not.toContain('triggerUncaughtException');
    } finally {
      for (const socket of sockets) socket.destroy();
      mute.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
