import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Limit, takeTries } from '../../src/accounts/throttle-store.ts';
import { type Db, inTransaction, migrate, openDatabase } from '../../src/platform/database.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

const NOW = new Date('2026-03-02T03:00:00Z');
const HOUR = 3_600;
const PLACES = [
  { name: 'SQLite', url: undefined, isThere: true },
  { name: 'PostgreSQL', url: postgresUrl(), isThere: postgresUrl() !== undefined },
];

const limit = (key: string, tries: number): Limit => ({
  key,
  policy: { tries, windowSeconds: HOUR, baseBlockSeconds: HOUR, growth: 1, maxBlockSeconds: HOUR },
});

describe.each(PLACES.filter(({ isThere }) => isThere))('several limits at once, on $name', ({ url }) => {
  let db: Db;
  let drop = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    const database = url === undefined ? undefined : await createTestDatabase(url);
    if (database !== undefined) drop = database.drop;
    db = openDatabase(
      database === undefined ? { kind: 'sqlite', file: ':memory:' } : { kind: 'postgres', url: database.url },
    );
    await migrate(db);
  });
  afterAll(async () => {
    await db.destroy();
    await drop();
  });
  const countOf = async (key: string): Promise<number> =>
    (await db<{ key: string; failures: number }>('throttles').where({ key }).first('failures'))?.failures ?? 0;

  it('are all taken', async () => {
    expect(await takeTries(db, [limit('a:1', 5), limit('p:1', 5), limit('c:1', 5)], NOW)).toBe(0);
    expect(await takeTries(db, [limit('a:1', 5), limit('p:1', 5), limit('c:1', 5)], NOW)).toBe(0);
    expect(await Promise.all(['a:1', 'p:1', 'c:1'].map(countOf))).toEqual([2, 2, 2]);
  });

  it('where the first is used up, nothing is taken of the others: a stranger uses up nobody’s', async () => {
    const limits = [limit('a:2', 1), limit('p:2', 5), limit('c:2', 5)];
    expect(await takeTries(db, limits, NOW)).toBe(0);
    expect(await takeTries(db, limits, NOW)).toBe(HOUR);
    expect(await Promise.all(['p:2', 'c:2'].map(countOf))).toEqual([1, 1]);
  });

  it('where a later one is used up, those before it are counted', async () => {
    const limits = [limit('a:3', 5), limit('p:3', 1), limit('c:3', 5)];
    expect(await takeTries(db, limits, NOW)).toBe(0);
    expect(await takeTries(db, limits, NOW)).toBe(HOUR);
    expect(await Promise.all(['a:3', 'c:3'].map(countOf))).toEqual([2, 1]);
  });

  it('let no more through than there are, of many at once', async () => {
    const waits = await Promise.all(
      Array.from({ length: 30 }, (_, at) => takeTries(db, [limit('a:4', 10), limit(`p:4-${at}`, 5)], NOW)),
    );
    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(10);
  });

  it('are taken in somebody’s transaction too, and taken back with it', async () => {
    const limits = [limit('a:5', 1), limit('p:5', 5)];
    expect(await inTransaction(db, (tx) => takeTries(tx, limits, NOW))).toBe(0);
    expect(await inTransaction(db, (tx) => takeTries(tx, limits, NOW))).toBe(HOUR);
    expect(await countOf('p:5')).toBe(1);
  });

  it.each(url === undefined ? [] : ['PostgreSQL'])(
    'keep nobody of the same address waiting for one who waits for a row of her own: %s',
    async () => {
      const [mine, hers] = [
        [limit('a:6', 50), limit('p:6-mine', 5)],
        [limit('a:6', 50), limit('p:6-hers', 5)],
      ];
      await takeTries(db, mine, NOW);
      await takeTries(db, hers, NOW);
      const waiting = await inTransaction(db, async (tx) => {
        await tx('throttles').where({ key: 'p:6-mine' }).forUpdate();
        const begun = takeTries(db, mine, NOW);
        // While that one stands.
        expect(await takeTries(db, hers, NOW)).toBe(0);
        return { begun };
      });
      expect(await waiting.begun).toBe(0);
      expect(await countOf('a:6')).toBe(4);
    },
  );
});
