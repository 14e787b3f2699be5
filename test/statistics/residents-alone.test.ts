import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  changeResidentProgress,
  countAlone,
  findResidentProgress,
  readResidentProgress,
} from '../../src/accounts/resident-counter-store.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, type StatisticsDb } from './statistics-db.ts';

/** Long enough for a statement that nobody blocks. */
const A_WHILE_MS = 150;
const aWhile = (): Promise<'waits'> => new Promise((resolve) => setTimeout(() => resolve('waits'), A_WHILE_MS));

describe.skipIf(postgresUrl() === undefined)('whoever counts the birthdays of a day, on PostgreSQL', () => {
  let opened: StatisticsDb;
  let db: Db;
  beforeAll(async () => {
    opened = await openStatisticsDb(postgresUrl());
    ({ db } = opened);
  });
  afterAll(() => opened.close());

  it('waits for the activations under way, which do not wait for each other', async () => {
    let alone: Promise<string> | undefined;
    await inTransaction(db, async (one) => {
      await findResidentProgress(one);
      await inTransaction(db, async (other) => {
        await findResidentProgress(other);
        await findResidentProgress(one);
        alone = inTransaction(db, async (tx) => (await countAlone(tx)).countedOn);
        expect(await Promise.race([alone, aWhile()])).toBe('waits');
        // Who waits keeps nobody from asking again in his own transaction.
        await findResidentProgress(other);
      });
      expect(await Promise.race([alone, aWhile()])).toBe('waits');
    });
    expect(await alone).toBe((await readResidentProgress(db)).countedOn);
  });

  it('is waited for by the next activations, and these go by the new day', async () => {
    const nextActivations: Promise<string>[] = [];
    await inTransaction(db, async (tx) => {
      const progress = await countAlone(tx);
      for (let count = 0; count < 5; count += 1)
        nextActivations.push(inTransaction(db, async (other) => (await findResidentProgress(other)).countedOn));
      expect(await Promise.race([...nextActivations, aWhile()])).toBe('waits');
      await changeResidentProgress(tx, { ...progress, countedOn: '2031-01-01' });
    });
    expect(await Promise.all(nextActivations)).toEqual(Array.from({ length: 5 }, () => '2031-01-01'));
  });

  it('is alone: of two who count the same day the second sees what the first has done', async () => {
    const days = await Promise.all(
      ['2032-01-01', '2032-01-02'].map((day) =>
        inTransaction(db, async (tx) => {
          const progress = await countAlone(tx);
          await changeResidentProgress(tx, { ...progress, countedOn: day });
          return `${progress.countedOn} ${day}`;
        }),
      ),
    );
    const [first = '', second = ''] = days.toSorted();
    expect([first.slice(0, 10), second.slice(0, 10)]).toEqual(['2031-01-01', first.slice(11)]);
  });
});
