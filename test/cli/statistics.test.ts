import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliFolder, makeCliFolder } from './support.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);

let cli: CliFolder;
beforeAll(() => {
  cli = makeCliFolder();
  for (const name of ['hanoi-bases.csv', 'hanoi-published-figures.csv', 'hanoi-campaigns.csv'])
    copyFileSync(new URL(name, EXAMPLES), join(cli.path, name));
});
afterAll(() => cli.remove());

describe('the statistics on the command line', () => {
  it('load the target of Hà Nội, correct it with a reason, and list both versions', async () => {
    expect(await cli.json(['stats', 'bases', 'import', 'hanoi-bases.csv'])).toMatchObject({ added: 1, refused: 0 });
    const corrected = readFileSync(join(cli.path, 'hanoi-bases.csv'), 'utf8').replace('6220864', '6220865');
    writeFileSync(join(cli.path, 'again.csv'), corrected);
    const refused = await cli.run(['stats', 'bases', 'import', 'again.csv']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.out).toContain('again.csv.rejected.csv');
    writeFileSync(join(cli.path, 'again.csv'), `${corrected.trimEnd()}đếm lại\n`);
    expect(await cli.json(['stats', 'bases', 'import', 'again.csv'])).toMatchObject({ corrected: 1 });
    expect(await cli.json(['stats', 'bases', 'list'])).toMatchObject([
      { quantity: 6_220_864, version: 1, reason: null },
      { quantity: 6_220_865, version: 2, reason: 'đếm lại' },
    ]);
    expect((await cli.run(['stats', 'bases', 'import', 'none.csv'])).code).toBe(1);
  });

  it('quote published figures and never compute them anew', async () => {
    await cli.run(['stats', 'published', 'import', 'hanoi-published-figures.csv']);
    const { out } = await cli.run(['stats', 'published', 'list']);
    for (const text of ['33,7%', '67,8%', '74,7%', '25,57%', '74,68%', '1.760.822']) expect(out).toContain(text);
  });

  it('load campaigns and tell what they brought', async () => {
    const loaded = await cli.json(['stats', 'campaigns', 'import', 'hanoi-campaigns.csv']);
    expect(loaded).toMatchObject({ added: 5, refused: 0 });
    const listed = await cli.json(['stats', 'campaigns', 'list', '--as-of', '2023-06-28']);
    // Loaded today: what was known on that day does not matter where it is not asked for.
    expect(listed).toMatchObject({ as_of_day: '2023-06-28', campaigns: [{ key: 'hanoi-2022-30-ngay-dem' }, {}, {}] });
    const { out } = await cli.run(['stats', 'campaigns', 'list']);
    for (const text of ['Đến từng nhà', '28/06/2023', 'Bỏ cấp huyện']) expect(out).toContain(text);
    expect((await cli.run(['stats', 'campaigns', 'list', '--as-of', '2199-01-01'])).code).toBe(2);
  });

  it('compare two days, go across the change of units, and tell how attempts went', async () => {
    const compared = await cli.run(['stats', 'compare', '--as-of', '2023-06-28', '--with-day', '2023-07-28']);
    expect(compared.out).toContain('Toàn thành phố, 28/07/2023 so với Toàn thành phố, 28/06/2023');
    expect((await cli.run(['stats', 'compare'])).code).toBe(2);
    const rebuilt = await cli.run(['stats', 'rebuilt', '--unit', '00097']);
    expect(rebuilt.out).toContain('Quận Ba Đình: ');
    expect((await cli.run(['stats', 'rebuilt', '--unit', '01'])).code).toBe(2);
    expect(await cli.json(['stats', 'funnel'])).toMatchObject({ started: 0, completed: 0 });
  });

  it('freeze a day, once, and show it', async () => {
    const frozen = await cli.json<{ id: string }>(['stats', 'snapshots', 'freeze', '--as-of', '2023-06-28']);
    expect(frozen).toMatchObject({ kind: 'frozen', as_of_on: '2023-06-28', known_on: '2023-06-28' });
    const again = await cli.json<{ id: string }>(['stats', 'snapshots', 'freeze', '--as-of', '2023-06-28']);
    expect(again).toMatchObject({ kind: 'was_frozen', id: frozen.id });
    expect(await cli.json(['stats', 'snapshots', 'list'])).toMatchObject([{ definitions_version: 2 }]);
    expect((await cli.run(['stats', 'snapshots', 'show', frozen.id])).out).toContain('activation_of_target');
    expect((await cli.run(['stats', 'snapshots', 'freeze', '--as-of', '2199-01-01'])).code).toBe(2);
  });

  it('tell what is late and how long activations take', async () => {
    const backlog = await cli.json(['stats', 'backlog', '--as-of', '2023-06-28', '--known-on', '2023-06-30']);
    expect(backlog).toMatchObject({ id: 'late_backlog', as_of_day: '2023-06-28', known_on: '2023-06-30', all: 0 });
    expect((await cli.run(['stats', 'backlog', '--units'])).out).toContain('trên 90 ngày');
    const waits = await cli.json(['stats', 'waits', '--from', '2023-06-01', '--to', '2023-06-28']);
    expect(waits).toMatchObject({ id: 'time_to_activate', notified: 0, p50: { status: 'not_reached' }, curve: [] });
    expect((await cli.run(['stats', 'waits', '--as-of', '2023-06-28'])).out).toContain('chưa đạt');
    expect((await cli.run(['stats', 'waits', '--from', '2023-06-28', '--to', '2023-06-01'])).code).toBe(2);
    expect((await cli.run(['stats', 'waits', '--from', '2020-01-01', '--to', '2023-06-01'])).code).toBe(2);
    expect((await cli.run(['stats', 'backlog', '--as-of', '2023-06-28', '--known-on', '2023-06-27'])).code).toBe(2);
  });

  it('tell the pace to the target', async () => {
    const progress = await cli.json(['stats', 'progress', '--due', '2199-12-31']);
    expect(progress).toMatchObject({
      pace: { kind: 'pace', missing: 6_220_865 },
      forecast: { kind: 'too_little_history' },
    });
    expect((await cli.run(['stats', 'progress', '--due', '2020-01-01'])).code).toBe(2);
  });

  it('answer as of a day and as known on a day', async () => {
    const known = ['stats', 'activation', '--as-of', '2023-06-28', '--known-on', '2023-07-01'];
    // What was loaded today was not known then.
    expect(await cli.json(known)).toMatchObject({ known_on: '2023-07-01', as_of_day: '2023-06-28' });
    expect((await cli.run(['stats', 'activation', '--as-of', '2023-06-28', '--known-on', '2023-01-01'])).code).toBe(2);
  });
});
