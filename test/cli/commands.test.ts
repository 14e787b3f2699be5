import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliFolder, makeCliFolder } from './support.ts';

let cli: CliFolder;
let citizenId: string;
let account: string;
const OFFICER = ['--officer', 'cb-0412', '--unit', '00070', '--reason', 'identified at the counter'];

beforeAll(async () => {
  cli = makeCliFolder();
  await cli.run(['people', 'generate', '--count', '40', '--seed', '5', '--out', 'people.csv']);
  await cli.run(['people', 'import', 'people.csv']);
  const pending = readFileSync(join(cli.path, 'people.csv'), 'utf8')
    .split('\n')
    .find((line) => line.split(',')[12] !== '' && line.split(',')[13] === '' && line.split(',')[20] === '');
  citizenId = pending?.split(',')[0] ?? '';
  account = (await cli.json<{ account: string }>(['accounts', 'find'], { input: `${citizenId}\n` })).account;
});
afterAll(() => cli.remove());

describe('the command line', () => {
  it('shows every command with an example', async () => {
    const { out, code } = await cli.run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('people');
    for (const command of [
      'people import',
      'accounts lock',
      'clients add',
      'stats activation',
      'keys rotate',
      'reset',
    ]) {
      const help = await cli.run([...command.split(' '), '--help']);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toContain(`$ npx dinhdanh ${command}`);
    }
  });

  it.each([
    ['an unknown command', ['fly']],
    ['a command that misses its argument', ['people', 'import']],
    ['an option that misses', ['accounts', 'show', '--account', 'x']],
    ['an option that is no option', ['migrate', '--fast']],
    ['a number that is none', ['people', 'generate', '--count', 'many']],
    ['a reset without --yes', ['reset']],
  ])('ends with 2 for %s', async (_what, args) => {
    const ran = await cli.run(args);
    expect(ran.code).toBe(2);
    expect(ran.out).toBe('');
    expect(ran.err).not.toBe('');
  });

  it('reports every problem of the configuration at once', async () => {
    const ran = await cli.run(['check-config'], { env: { NODE_ENV: 'production', SANDBOX: 'true', PORT: 'x' } });
    expect(ran.code).toBe(1);
    for (const key of ['PORT', 'SANDBOX', 'ISSUER', 'DATA_KEYS', 'DATABASE_URL']) expect(ran.out).toContain(`${key}: `);
    expect((await cli.run(['migrate'], { env: { PORT: 'x' } })).err).toContain('PORT: ');
    expect((await cli.run(['check-config'])).code).toBe(0);
  });

  it('brings the schema up to date, once', async () => {
    expect((await cli.json<{ migrations: string[] }>(['migrate'])).migrations).toEqual([]);
  });

  it('makes, lists and rotates keys without showing them', async () => {
    expect((await cli.run(['keys', 'generate'])).code).toBe(0);
    expect((await cli.run(['keys', 'generate'])).code).toBe(1);
    const { out } = await cli.run(['keys', 'list', '--json']);
    expect(JSON.parse(out)).toHaveLength(4);
    expect(out).not.toMatch(/"(d|p|q|jwk)"/);
    expect(statSync(join(cli.path, 'keys/signing.jwks')).mode & 0o777).toBe(0o600);
    expect(await cli.run(['keys', 'rotate'])).toMatchObject({ code: 1, err: expect.stringContaining('too young') });
  });

  it('registers, lists and disables relying parties', async () => {
    const add = [
      'clients',
      'add',
      '--id',
      'tra-cuu',
      '--name',
      'Tra cứu',
      '--redirect-uri',
      'https://rp.example.vn/cb',
    ];
    const made = await cli.json<{ client_id: string; client_secret: string }>(add);
    expect(made.client_secret.length).toBeGreaterThan(40);
    expect((await cli.run(add)).code).toBe(1);
    expect(await cli.json(['clients', 'list'])).toEqual([
      expect.objectContaining({ client_id: 'tra-cuu', redirect_uris: ['https://rp.example.vn/cb'], disabled_at: null }),
    ]);
    expect((await cli.run(['clients', 'disable', 'tra-cuu', '--reason', 'over'])).code).toBe(0);
    expect((await cli.run(['clients', 'disable', 'tra-cuu', '--reason', 'over'])).code).toBe(1);
  });

  it('tells rates with their counts', async () => {
    const { out } = await cli.run(['stats', 'activation']);
    expect(out).toMatch(/\d+ \/ \d+/);
    expect(await cli.json(['stats', 'activation'])).toMatchObject({ view: 'full' });
    expect((await cli.run(['stats', 'activation', '--csv', '--as-of', '2025-12-31'])).out).toContain(',');
    expect((await cli.run(['stats', 'activation', '--as-of', '2199-01-01'])).code).toBe(2);
  });

  it('makes tokens that are shown once', async () => {
    const { token } = await cli.json<{ token: string }>(['stats', 'token', '--label', 'ban chỉ đạo']);
    expect(token).toMatch(/^ddt_/);
    expect((await cli.run(['stats', 'token', '--label', 'x', '--unit', '777'])).code).toBe(2);
    expect((await cli.json<{ role: string }>(['registration-token', '--label', 'x'])).role).toBe('registration');
  });

  it('writes the personas once', async () => {
    expect((await cli.json<{ added: number }>(['seed'])).added).toBe(11);
    expect((await cli.json<{ added: number }>(['seed'])).added).toBe(0);
  });

  it('looks after the outbox and what is kept', async () => {
    expect(await cli.json(['outbox', 'list'])).toMatchObject({ dead: 0, letters: [] });
    expect((await cli.run(['outbox', 'retry'])).code).toBe(1);
    expect(await cli.json(['retention', 'purge'])).toMatchObject({ deleted: { sign_ins: 0, one_time_codes: 0 } });
  });
});

describe('an officer', () => {
  it('sees an account with its numbers masked, and the look is audited', async () => {
    const ran = await cli.run(['accounts', 'show', '--account', account, ...OFFICER]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain(`*********${citizenId.slice(-3)}`);
    expect(ran.out).not.toMatch(/\d{12}/);
    expect(await cli.json(['audit', 'verify'])).toMatchObject({ broken_at: null });
  });

  it('never types a citizen id on the command line', async () => {
    const ran = await cli.run(['accounts', 'show', '--citizen-id', citizenId, ...OFFICER]);
    expect(ran.code).toBe(2);
    expect(ran.err).not.toContain(citizenId);
  });

  it('says who, where and why', async () => {
    expect((await cli.run(['accounts', 'show', '--account', account, '--officer', 'x', '--unit', '00070'])).code).toBe(
      2,
    );
    const wrong = ['--officer', 'x', '--unit', '777', '--reason', 'y'];
    expect((await cli.run(['accounts', 'show', '--account', account, ...wrong])).code).toBe(2);
  });

  it('moves a person to another unit, and counts her there', async () => {
    const move = (to: string) => ['people', 'move', '--account', account, '--to', to, ...OFFICER];
    expect((await cli.run(move('nowhere'))).code).toBe(1);
    expect(await cli.json(move('00070'))).toEqual({ account, outcome: 'moved' });
    type Residents = { whole: { ever_activated: number }; rows: { sex: string | null; ever_activated: number }[] };
    const city = await cli.json<Residents>(['stats', 'residents']);
    const byBand = city.rows.filter(({ sex }) => sex === null).reduce((sum, row) => sum + row.ever_activated, 0);
    expect(byBand).toBe(city.whole.ever_activated);
    expect(await cli.json(['stats', 'residents', '--unit', '00070'])).toMatchObject({ unit_code: '00070' });
    expect((await cli.run(['stats', 'residents', '--unit', 'nowhere'])).code).toBe(2);
    expect((await cli.run(['stats', 'check'])).code).toBe(0);
  });

  it('locks on a ground that may be asked for, and unlocks', async () => {
    const lock = (...more: string[]) =>
      cli.run(['accounts', 'lock', '--citizen-id', '-', ...more, ...OFFICER], { input: citizenId });
    expect((await lock('--ground', 'holder_request')).code).toBe(1);
    expect((await lock('--ground', 'holder_request', '--asked-by', 'holder')).code).toBe(0);
    expect((await lock('--ground', 'holder_request', '--asked-by', 'holder')).code).toBe(1);
    expect((await lock('--ground', 'dissolved')).code).toBe(1);
    const unlock = ['accounts', 'unlock', '--account', account, '--ground', 'holder_request', ...OFFICER];
    expect(await cli.json(unlock)).toMatchObject({ outcome: 'unlocked' });
    expect((await cli.run(unlock)).code).toBe(1);
    expect(await cli.json(['stats', 'check'])).toMatchObject({ differing: [] });
  });

  it('opens a late activation again', async () => {
    const again = ['accounts', 'reopen-activation', '--account', account, ...OFFICER];
    expect(await cli.json<{ reopened_levels: number[] }>(again)).toMatchObject({
      reopened_levels: [expect.any(Number)],
    });
    expect((await cli.run(again)).code).toBe(1);
    expect(await cli.json(['stats', 'check'])).toMatchObject({ differing: [] });
  });

  it('stands by at an assist point', async () => {
    const assist = await cli.json(['accounts', 'assist', '--account', account, ...OFFICER]);
    expect(assist).toMatchObject({ outcome: 'opened', page: expect.stringContaining('/activate') });
  });
});

describe('importing by the command line', () => {
  it('ends with 1 when a row was refused, and lists it', async () => {
    const text = readFileSync(join(cli.path, 'people.csv'), 'utf8');
    writeFileSync(join(cli.path, 'bad.csv'), `${text}123,x\n`);
    const summary = await cli.run(['people', 'import', 'bad.csv', '--json']);
    expect(summary.code).toBe(1);
    expect(JSON.parse(summary.out)).toMatchObject({
      added: 0,
      refused: 1,
      complete: true,
      rejected_file: 'bad.csv.rejected.csv',
    });
    expect(readFileSync(join(cli.path, 'bad.csv.rejected.csv'), 'utf8')).toMatch(
      /^line,field,reason\n\d+,row,wrong_column_count\n$/,
    );
    expect(summary.err).not.toMatch(/\d{12}/);
  });

  it('explains a file that is none of its kind', async () => {
    writeFileSync(join(cli.path, 'other.csv'), 'a,b\n1,2\n');
    expect(await cli.run(['people', 'import', 'other.csv'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('citizen_id'),
    });
    expect(await cli.run(['people', 'import', 'none.csv'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('ENOENT'),
    });
  });

  it('makes the same people for the same seed, byte by byte', async () => {
    const make = async (): Promise<string> =>
      (await cli.run(['people', 'generate', '--count', '50', '--seed', '9'])).out;
    expect(await make()).toBe(await make());
  });
});

describe('reset', () => {
  it('refuses while somebody answers on the port, else deletes its own files alone', async () => {
    const folder = makeCliFolder();
    await folder.run(['migrate']);
    writeFileSync(join(folder.path, 'keys/README.md'), 'stays');
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const busy = await folder.run(['reset', '--yes'], { env: { PORT: String(port) } });
    expect(busy).toMatchObject({ code: 1, err: expect.stringContaining('stop it first') });
    expect(existsSync(join(folder.path, 'data/dinhdanh.db'))).toBe(true);
    await new Promise((resolve) => server.close(resolve));

    expect((await folder.run(['reset', '--yes'])).code).toBe(0);
    expect(readdirSync(join(folder.path, 'data'))).toEqual([]);
    expect(readdirSync(join(folder.path, 'keys'))).toEqual(['README.md']);
    expect((await folder.run(['reset', '--yes'], { env: { SANDBOX: 'false' } })).code).toBe(1);
    folder.remove();
  });
});
