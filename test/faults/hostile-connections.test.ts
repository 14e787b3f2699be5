import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { ask, report } from './support/measure.ts';

/** As many as this process may have files open (Node raises the limit itself as far as it may). */
const IDLE = Math.min(10_000, openFilesLimit() - 500);

describe('connections that mean no good', { timeout: 90_000 }, () => {
  let folder: string;
  let provider: ProviderProcess;
  let port: number;
  let sockets: Socket[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-fault-'));
    port = await freePort();
    sockets = [];
    provider = startProvider(folder, { PORT: String(port), ISSUER: `http://localhost:${port}`, WAITING_ROOM: 'off' });
    await provider.logged('provider.started');
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await provider.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const answerOn = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
    await new Promise((resolve) => socket.once('close', resolve));
    return text.split('\r\n')[0] ?? '';
  };
  const served = (): Promise<{ status: number; ms: number }> =>
    ask(`http://127.0.0.1:${port}/activate`, { headers: { accept: 'text/html' } });

  it(`${IDLE} of them idle take memory, and nobody's turn`, async () => {
    const startedAt = performance.now();
    const before = residentMib(provider.child.pid ?? 0);
    for (let count = 0; count < IDLE; count += 500) await Promise.all(Array.from({ length: 500 }, open));
    const answer = await served();
    expect(answer.status).toBe(200);
    const after = residentMib(provider.child.pid ?? 0);
    // Nothing ever comes on them.
    while (sockets.some(({ closed }) => !closed)) await sleep(200);
    expect((await served()).status).toBe(200);
    const closedAfter = Math.round(performance.now() - startedAt);
    report(`${IDLE} idle connections`, {
      'memory (MiB)': `${before} to ${after}`,
      'a page meanwhile (ms)': answer.ms,
      'all closed after (ms)': closedAfter,
    });
  });

  it('that trickle their headers are cut off, while others are served', async () => {
    const startedAt = performance.now();
    const slow = await Promise.all(Array.from({ length: 200 }, open));
    const endings = slow.map(answerOn);
    for (const socket of slow) socket.write('GET /activate HTTP/1.1\r\nHost: localhost\r\n');
    const trickle = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('X-More: 1\r\n');
    }, 500);
    const answer = await served();
    const endedWith = new Set(await Promise.all(endings));
    clearInterval(trickle);
    expect(answer.status).toBe(200);
    // Where another line was on its way, the connection's reset may overtake what was said.
    endedWith.delete('');
    expect([...endedWith]).toEqual(['HTTP/1.1 408 Request Timeout']);
    report('slow-loris', {
      'cut off after (ms)': Math.round(performance.now() - startedAt),
      'a page meanwhile (ms)': answer.ms,
    });
  });

  it('that send giant headers or bodies are refused at once', async () => {
    const giantHeader = await open();
    giantHeader.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Giant: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(await answerOn(giantHeader)).toBe('HTTP/1.1 431 Request Header Fields Too Large');
    const origin = `http://localhost:${port}`;
    const body = 'a='.padEnd(1_000_000, 'a');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const page = await ask(`${origin}/activate`, { method: 'POST', body, headers: { ...form, origin } });
    expect(page.status).toBe(413);
    const token = await ask(`${origin}/token`, { method: 'POST', body, headers: form });
    // The library's word for it.
    expect(token.status).toBe(400);
    report('giant bodies', { 'page 413 (ms)': page.ms, 'token 400 (ms)': token.ms });
  });
});

function openFilesLimit(): number {
  return Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1_024);
}

function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}
