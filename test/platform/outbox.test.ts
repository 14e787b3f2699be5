import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { createOutbox, type Outbox } from '../../src/platform/outbox.ts';
import { OUTBOX_MAX_TRIES } from '../../src/platform/outbox-lane.ts';
import { createVault } from '../../src/platform/vault.ts';
import { openFlowRegister } from '../support/flow-store.ts';

describe('the outbox', () => {
  let db: Db;
  let close: () => Promise<void>;
  let now: Date;
  let outbox: Outbox;
  let delivered: string[];
  const vault = createVault({
    dataKeys: [{ id: 'k1', key: randomBytes(32) }],
    indexKeys: [{ id: 'k1', key: randomBytes(32) }],
  });
  const open = (): Outbox => createOutbox({ db, vault, clock: () => now, log: createLog('silent') });

  beforeEach(async () => {
    ({ db, close } = await openFlowRegister());
    now = new Date('2026-03-02T03:00:00Z');
    outbox = open();
    delivered = [];
  });
  afterEach(() => close());
  const acceptAll = (box: Outbox): void => {
    box.handle('sms', async (payload) => {
      delivered.push(String(payload['body']));
      await Promise.resolve();
    });
  };

  it('delivers what a committed transaction asked for, once', async () => {
    acceptAll(outbox);
    await inTransaction(db, (tx) => outbox.enqueue(tx, { kind: 'sms', payload: { body: 'hello' } }));
    expect([await outbox.drain(), await outbox.drain()]).toEqual([1, 0]);
    expect(delivered).toEqual(['hello']);
  });

  it('forgets what a rolled back transaction asked for', async () => {
    acceptAll(outbox);
    const failed = inTransaction(db, async (tx) => {
      await outbox.enqueue(tx, { kind: 'sms', payload: { body: 'hello' } });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await outbox.drain()).toBe(0);
  });

  it('keeps the payload sealed while it waits and drops it when it went out', async () => {
    acceptAll(outbox);
    await outbox.enqueue(db, { kind: 'sms', payload: { body: 'the code is 123456' } });
    const before = (await db('outbox').first()) as { payload_sealed: string };
    expect(before.payload_sealed).not.toContain('123456');
    await outbox.drain();
    expect(await db('outbox').first()).toMatchObject({ status: 'sent', payload_sealed: '' });
  });

  it('tries again later, ever more slowly, and gives up as a dead letter', async () => {
    let tries = 0;
    outbox.handle('sms', async () => {
      tries += 1;
      await Promise.reject(new Error('gateway is down'));
    });
    await outbox.enqueue(db, { kind: 'sms', payload: {} });
    await outbox.drain();
    await outbox.drain();
    expect(tries).toBe(1);
    for (let hour = 0; hour < 12; hour += 1) {
      now = new Date(now.getTime() + 3_700_000);
      await outbox.drain();
    }
    expect(tries).toBe(OUTBOX_MAX_TRIES);
    expect(await outbox.counts()).toEqual({ waiting: 0, dead: 1 });
  });

  it('does not hold back others behind one that fails', async () => {
    acceptAll(outbox);
    outbox.handle('broken', () => Promise.reject(new Error('no')));
    await outbox.enqueue(db, { kind: 'broken', payload: {} });
    await outbox.enqueue(db, { kind: 'sms', payload: { body: 'hello' } });
    await outbox.drain();
    expect(delivered).toEqual(['hello']);
  });

  it('sends a code at once while a campaign’s notices wait and a service hangs', async () => {
    acceptAll(outbox);
    let letGo = (): void => undefined;
    outbox.handle('backchannel_logout', () => new Promise<void>((resolve) => (letGo = resolve)));
    outbox.handle('sms', () => new Promise<void>((resolve) => setTimeout(resolve, 1)));
    outbox.handle('sms_code', async ({ body }) => void delivered.push(String(body)));
    await outbox.enqueue(db, { kind: 'backchannel_logout', payload: {} });
    for (let count = 0; count < 60; count += 1) await outbox.enqueue(db, { kind: 'sms', payload: {} });
    await outbox.enqueue(db, { kind: 'sms_code', payload: { body: '123456' } });
    outbox.start();
    outbox.nudge();
    await vi.waitUntil(() => delivered.length === 1);
    expect((await outbox.counts()).waiting).toBeGreaterThanOrEqual(1);
    letGo();
    await outbox.stop();
  });

  it('goes on with others of a kind while some of them hang', async () => {
    const hanging: (() => void)[] = [];
    outbox.handle('sms', ({ body }) => {
      if (body !== 'hangs') delivered.push(String(body));
      return body === 'hangs' ? new Promise((resolve) => hanging.push(resolve)) : Promise.resolve();
    });
    for (let count = 0; count < 15; count += 1) await outbox.enqueue(db, { kind: 'sms', payload: { body: 'hangs' } });
    for (let count = 0; count < 45; count += 1) await outbox.enqueue(db, { kind: 'sms', payload: { body: 'goes' } });
    const draining = outbox.drain();
    await vi.waitUntil(() => delivered.length === 45);
    for (const letGo of hanging) letGo();
    expect(await draining).toBe(60);
  });

  it('leaves to others what it does not know', async () => {
    acceptAll(outbox);
    await outbox.enqueue(db, { kind: 'of_a_newer_version', payload: {} });
    expect(await outbox.drain()).toBe(0);
    expect(await db('outbox').first()).toMatchObject({ status: 'waiting', tries: 0 });
  });

  it('knows how late messages leave, unless none can be delivered any more', async () => {
    let letGo: (() => void) | undefined;
    let isSlow = false;
    outbox.handle('sms', () => (isSlow ? new Promise<void>((resolve) => (letGo = resolve)) : Promise.resolve()));
    await outbox.enqueue(db, { kind: 'sms', payload: {} });
    expect(outbox.figuresOf('sms')).toEqual({ lateMs: 0, asked: 1, delivered: 0 });
    await outbox.drain();
    expect(outbox.figuresOf('sms')).toEqual({ lateMs: 0, asked: 1, delivered: 1 });

    isSlow = true;
    await outbox.enqueue(db, { kind: 'sms', payload: {} });
    now = new Date(now.getTime() + 9_000);
    const slow = outbox.drain();
    await vi.waitUntil(() => letGo !== undefined);
    expect(outbox.figuresOf('sms').lateMs).toBe(9_000);
    now = new Date(now.getTime() + 7_000);
    expect(outbox.figuresOf('sms').lateMs, 'nothing was delivered for sixteen seconds').toBe(0);
    letGo?.();
    await slow;
    expect(outbox.figuresOf('sms')).toEqual({ lateMs: 0, asked: 2, delivered: 2 });
  });

  it('delivers again what was under way when the process died', async () => {
    outbox.handle('sms', () => new Promise<void>(() => undefined)); // never ends: the process dies here
    await outbox.enqueue(db, { kind: 'sms', payload: { body: 'hello' } });
    outbox.drain().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const after = open();
    acceptAll(after);
    expect(await after.drain()).toBe(0);
    now = new Date(now.getTime() + 14_000);
    expect(await after.drain()).toBe(0);
    now = new Date(now.getTime() + 1_001);
    expect(await after.drain()).toBe(1);
    expect(delivered).toEqual(['hello']);
  });

  it('is not taken over by another process while its own delivers, however long that takes', async () => {
    const openWith = (): Outbox =>
      createOutbox({ db, vault, clock: () => new Date(), log: createLog('silent'), leaseMs: 400 });
    const [slow, other] = [openWith(), openWith()];
    let deliveries = 0;
    for (const box of [slow, other])
      box.handle('sms', async () => {
        deliveries += 1;
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      });
    await slow.enqueue(db, { kind: 'sms', payload: {} });
    const delivering = slow.drain();
    const over = performance.now() + 1_400;
    await new Promise((resolve) => setTimeout(resolve, 50));
    while (performance.now() < over) {
      expect(await other.drain()).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await delivering).toBe(1);
    expect(deliveries).toBe(1);
  });

  it('waits until a message may go out', async () => {
    acceptAll(outbox);
    await outbox.enqueue(db, { kind: 'sms', payload: { body: 'later' }, notBefore: new Date(now.getTime() + 1_000) });
    expect(await outbox.drain()).toBe(0);
    now = new Date(now.getTime() + 1_000);
    expect(await outbox.drain()).toBe(1);
  });
});
