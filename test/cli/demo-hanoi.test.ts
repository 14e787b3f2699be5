import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { type CliFolder, makeCliFolder } from './support.ts';

type Answer = {
  complete: boolean;
  activated: number;
  target: number;
  percent: string;
  activated_rows: number;
  rows_of_people: number;
};

/** 24,883 people, 16,882 of them activated: one batch and a part of another. */
const SCALE = ['demo', 'hanoi', '--scale', '0.004'];
const EXPECTED = {
  complete: true,
  activated: 16_882,
  target: 24_883,
  percent: '67,8%',
  activated_rows: 16_882,
  rows_of_people: 24_883,
};

let folders: CliFolder[] = [];
afterEach(() => {
  for (const folder of folders) folder.remove();
  folders = [];
});

function makeFolder(): CliFolder {
  const folder = makeCliFolder();
  folders.push(folder);
  return folder;
}

async function counted(folder: CliFolder): Promise<{ counters: unknown[]; differing: unknown[]; positions: unknown }> {
  const db = openDatabase({ kind: 'sqlite', file: join(folder.path, 'data/hanoi.db') });
  // It folds what the last batch appended.
  const differing = await checkCounters(db, { repair: false });
  const counters = (await db('activation_counters')
    .select('day', 'unit_code', 'account_level', 'channel', 'measure')
    .sum({ total: 'total' })
    .groupBy('day', 'unit_code', 'account_level', 'channel', 'measure')
    .orderBy(['day', 'unit_code', 'account_level', 'channel', 'measure'])) as unknown[];
  const positions: unknown = await db('import_positions').select('lines');
  await db.destroy();
  return { counters, differing, positions };
}

describe('the case of Hà Nội', () => {
  it('killed by -9 and run again ends with the same counters as undisturbed, and says 67,8% from rows', async () => {
    const undisturbed = makeFolder();
    expect(await undisturbed.json<Answer>(SCALE)).toMatchObject(EXPECTED);

    const killed = makeFolder();
    const child = killed.start(SCALE);
    const ended = new Promise((resolve) => child.once('close', resolve));
    // The first words on standard error come with the first batch; the next one is then under way.
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGKILL');
    await ended;
    const left = await counted(killed);
    expect(left.differing).toEqual([]);
    expect(left.positions).not.toEqual([{ lines: 2 * EXPECTED.target }]);

    expect(await killed.json<Answer>(SCALE)).toMatchObject(EXPECTED);
    const [one, other] = [await counted(killed), await counted(undisturbed)];
    expect(one).toEqual(other);
    expect(one.differing).toEqual([]);

    // Run once more, it finds everything there.
    expect(await killed.json<Answer & { rows: number }>(SCALE)).toMatchObject({ ...EXPECTED, rows: 0 });
    const rates = await killed.run(['stats', 'activation', '--as-of', '2023-06-28'], {
      env: { DATABASE_URL: 'sqlite:./data/hanoi.db' },
    });
    expect(rates.out).toContain('67,8%');
  }, 180_000);

  it('stops after the batch in hand when told to, and goes on from there', async () => {
    const folder = makeFolder();
    const child = folder.start([...SCALE, '--json']);
    let out = '';
    child.stdout?.on('data', (piece: Buffer) => (out += piece.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    const { complete, rows } = JSON.parse(out) as { complete: boolean; rows: number };
    expect(complete).toBe(false);
    const rest = await folder.json<Answer & { rows: number }>(SCALE);
    expect(rest).toMatchObject(EXPECTED);
    expect(rest.rows).toBeGreaterThan(0);
    expect(rest.rows).toBeLessThan(EXPECTED.rows_of_people - rows + 2_000);
  }, 120_000);

  it('does not mix with other people, nor with those of another scale', async () => {
    const folder = makeFolder();
    await folder.run(['demo', 'hanoi', '--scale', '0.001']);
    const other = await folder.run(['demo', 'hanoi', '--scale', '0.002']);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('another scale or seed') as string });

    await folder.run(['people', 'generate', '--count', '5', '--out', 'people.csv']);
    const env = { DATABASE_URL: 'sqlite:./elsewhere/hanoi.db' };
    expect((await folder.run(['people', 'import', 'people.csv'], { env })).code).toBe(0);
    const mixed = await folder.run(['demo', 'hanoi', '--scale', '0.001', '--dir', 'elsewhere']);
    expect(mixed).toMatchObject({ code: 1, err: expect.stringContaining('other people') as string });
  }, 120_000);

  it('is for the sandbox alone', async () => {
    const folder = makeFolder();
    const secrets = {
      SANDBOX: 'false',
      SMS_GATEWAY_URL: 'https://sms.example',
      SMS_GATEWAY_TOKEN: 'x'.repeat(32),
      DATA_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      INDEX_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      COOKIE_KEYS: 'abcdefghijklmnopqrstuvwxyz0123456789',
      PASSWORD_PEPPER: 'abcdefghijklmnopqrstuvwxyz0123456789',
    };
    const ran = await folder.run(['demo', 'hanoi', '--scale', '0.001'], { env: secrets });
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('SANDBOX=true') as string });
  });
});
