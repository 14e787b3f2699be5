import { describe, expect, it } from 'vitest';
import { createSecretHasher } from '../../src/platform/secret-hashing.ts';

const WEAK = { memoryKib: 8, timeCost: 1, parallelism: 1 };
const STRONG = { memoryKib: 64, timeCost: 2, parallelism: 1 };

describe('hashing what people remember', () => {
  const weak = createSecretHasher({ params: WEAK, pepper: 'pepper one, long enough for a test', concurrency: 2 });
  const strong = createSecretHasher({ params: STRONG, pepper: 'pepper one, long enough for a test' });
  const unpeppered = createSecretHasher({ params: WEAK, pepper: 'another pepper, also long enough' });

  it('recognises the secret, and no other', async () => {
    const encoded = await weak.hash('Mùa thu Hà Nội');
    expect(await weak.verify(encoded, 'Mùa thu Hà Nội')).toEqual({ matches: true, needsRehash: false });
    expect(await weak.verify(encoded, 'mùa thu Hà Nội')).toEqual({ matches: false, needsRehash: false });
  });

  it('is argon2id with a salt of its own each time', async () => {
    const [one, two] = await Promise.all([weak.hash('same'), weak.hash('same')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('is worth nothing without the pepper', async () => {
    expect((await unpeppered.verify(await weak.hash('secret'), 'secret')).matches).toBe(false);
  });

  it('asks for a new hash when the parameters have grown, and not when they have shrunk', async () => {
    expect((await strong.verify(await weak.hash('secret'), 'secret')).needsRehash).toBe(true);
    expect((await weak.verify(await strong.hash('secret'), 'secret')).needsRehash).toBe(false);
  });

  it('runs no more at once than it was told, in the order of arrival', async () => {
    const order: number[] = [];
    const work = Array.from({ length: 12 }, (_, index) => strong.hash(`secret ${index}`).then(() => order.push(index)));
    expect(strong.queueDepth()).toBeGreaterThan(0);
    await Promise.all(work);
    expect(strong.queueDepth()).toBe(0);
    expect(order).toHaveLength(12);
  });

  it('goes on after a hash that failed', async () => {
    await expect(weak.verify('not an encoded hash', 'x')).rejects.toThrow(/Decoding/);
    await expect(weak.verify('not an encoded hash', 'x')).rejects.toThrow(/Decoding/);
    await expect(weak.verify('not an encoded hash', 'x')).rejects.toThrow(/Decoding/);
    expect(await weak.hash('still here')).toContain('argon2id');
  });
});
