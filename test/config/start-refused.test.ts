import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertPerson } from '../../src/accounts/person-store.ts';
import { assembleRegister } from '../../src/assemble-register.ts';
import { parseCitizenId } from '../../src/domain/citizen-id.ts';
import { testConfig } from '../support/app.ts';

const SLOW = 120_000;
const SOURCE = join(import.meta.dirname, '../../src');
const NOW = new Date('2026-11-20T03:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-start-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** `npm start` in that folder. @returns what a person reads on the screen when it ends. */
async function refusal(env: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [join(SOURCE, 'main.ts')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      SYNTHETIC_PEOPLE: '0',
      ARGON2_MEMORY_KIB: '8',
      LOG_LEVEL: 'error',
      PORT: '0',
      DEMO: 'false',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  return stderr;
}

/** One problem: its key and what is wrong, and beneath it what to do. No stack, no word of a library. */
function expectOneProblem(told: string, problem: string): void {
  const [first, second, third, ...rest] = told.trimEnd().split('\n');
  expect(first).toBe('Định danh cannot start: one setting is wrong.');
  expect(second).toContain(problem);
  expect(third).toMatch(/^ {6}→ /);
  expect(rest).toEqual([]);
}

describe('A start that cannot be', { timeout: SLOW }, () => {
  it('for lack of a free port says so, and the demo services end with it without a word', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const port = String((taken.address() as AddressInfo).port);
    const demo = { DEMO: 'true', DEMO_IHANOI_PORT: '0', DEMO_HEALTH_PORT: '0', DEMO_JUDICIAL_PORT: '0' };
    expectOneProblem(await refusal({ PORT: port, ...demo }), `PORT: port ${port} is taken`);
    taken.close();
  });

  it('for lack of a database says so once', async () => {
    expectOneProblem(await refusal({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }), 'DATABASE_URL: ');
  });

  it('for a file that is no database says so', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/dinhdanh.db'), 'no database at all\n'.repeat(1_000));
    expectOneProblem(await refusal(), 'DATABASE_URL: the file is not a SQLite database');
  });

  it('for signing keys that are none says which file', async () => {
    mkdirSync(join(folder, 'keys'));
    writeFileSync(join(folder, 'keys/signing.jwks'), '{', { mode: 0o600 });
    expectOneProblem(await refusal(), 'keys/signing.jwks is not a set of signing keys');
  });

  it.each(['{', '{}'])(
    'for secrets of the sandbox that are damaged (%s) names their file, not four keys',
    async (text) => {
      mkdirSync(join(folder, 'keys'));
      writeFileSync(join(folder, 'keys/secrets.json'), text);
      expectOneProblem(await refusal(), 'KEYS_FOLDER: secrets.json in it is damaged');
    },
  );

  it('for the loss of the keys that its people are sealed with writes nobody under others', async () => {
    const citizenId = parseCitizenId('999190990001', { allowSynthetic: true });
    if (!citizenId.ok) throw new Error(citizenId.reason);
    const register = await assembleRegister(testConfig(folder), { clock: () => NOW });
    await insertPerson(
      register.db,
      register.vault,
      {
        id: 'someone',
        kind: 'citizen',
        fullName: 'Người Thử',
        birthOn: '1990-05-12',
        gender: 'female',
        nationality: 'VNM',
        cardStatus: 'valid',
        citizenId: citizenId.value,
      },
      NOW,
    );
    await register.close();
    rmSync(join(folder, 'keys/secrets.json'));
    expectOneProblem(await refusal(), 'DATA_KEYS, INDEX_KEYS: the people in DATABASE_URL were sealed with other keys');
  });
});
