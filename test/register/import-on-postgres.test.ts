import { describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { generatePeople } from '../../src/register/generate-people.ts';
import { writePersonRow } from '../../src/register/write-person-row.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';
import { contentOf, openTestRegister, row } from './support.ts';

const server = postgresUrl();

describe.skipIf(server === undefined)('importing into PostgreSQL', () => {
  it('ends with the same register as on SQLite, and again changes nothing', async () => {
    const database = await createTestDatabase(server ?? '');
    const here = await openTestRegister();
    const there = await openTestRegister({ url: database.url, vault: here.vault });
    const now = new Date('2025-10-01T00:00:00+07:00');
    const lines = [...generatePeople({ count: 600, seed: 3, now })].map(writePersonRow);

    for (const register of [here, there]) {
      expect(await register.importLines(lines, { rowsPerBatch: 200 })).toMatchObject({ refused: 0, updated: 0 });
      expect(await register.importLines(lines)).toMatchObject({ added: 0, updated: 0, unchanged: lines.length });
    }
    expect(await contentOf(there.db)).toEqual(await contentOf(here.db));
    await Promise.all([here.close(), there.close()]);
    await database.drop();
  });

  it('lets two imports at once bring the same people once', async () => {
    const database = await createTestDatabase(server ?? '');
    const register = await openTestRegister({ url: database.url });
    const people = Array.from({ length: 40 }, (_, n) =>
      row({ citizen_id: `9990900001${String(n).padStart(2, '0')}`, phone: `09120001${String(n).padStart(2, '0')}` }),
    );
    const both = await Promise.all([1, 2].map(() => register.importLines(people, { rowsPerBatch: 10 })));

    const added = both.map((outcome) => (outcome.kind === 'read' ? outcome.added : Number.NaN));
    expect((added[0] ?? 0) + (added[1] ?? 0)).toBe(40);
    expect(await register.db('level_grants')).toHaveLength(40);
    expect(await checkCounters(register.db, { repair: false })).toEqual([]);
    await register.close();
    await database.drop();
  });
});
