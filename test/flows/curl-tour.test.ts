import { execFile, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const SCRIPT = resolve(import.meta.dirname, '../../examples/curl-tour.sh');
const run = promisify(execFile);

// A machine that has Node and npm alone can still run all the other tests; where nothing may be skipped this fails instead.
const missing = ['bash', 'curl', 'openssl'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
if (missing.length > 0) console.warn(`\nSKIPPED: the tour with curl needs ${missing.join(' and ')}.`);
const maySkip = missing.length > 0 && process.env['CI_REQUIRE_SERVICES'] !== '1';

describe.skipIf(maySkip)('the tour with curl', () => {
  let test: TestApp;
  beforeAll(async () => {
    // The script is another process with the real time.
    test = await startTestApp({ now: new Date() });
    await seedPersonas(test.app, test.app.clock());
  });
  afterAll(() => test.close());

  const tour = async (env: Record<string, string> = {}) => {
    const { stdout } = await run('bash', [SCRIPT], { env: { ...process.env, ISSUER: test.issuer, ...env } });
    const steps = stdout.split('\n=== ').map((step) => step.trim());
    return { stdout, step: (number: number) => steps.find((one) => one.startsWith(`${number}. `)) ?? '' };
  };

  it('goes through every step', async () => {
    const { stdout, step } = await tour();
    expect(step(1)).toContain(`issuer: ${test.issuer}`);
    expect(step(3)).toMatch(/http:\/\/localhost:8080\/callback\?code=[\w-]+/);
    expect(step(4)).toContain('"refresh_token"');
    expect(step(5)).toMatch(/"acr": ?"urn:vn:eid:auth:1"/);
    expect(step(5)).toMatch(/"nonce": ?"tour-nonce"/);
    expect(step(6)).toMatch(/"account_level": ?2/);
    expect(step(6)).toContain('"address"');
    expect(step(7)).toMatch(/"active": ?true/);
    expect(step(8)).toContain('"refresh_token"');
    expect(step(9)).toMatch(/"acr": ?"urn:vn:eid:auth:2"/);
    expect(step(10)).toContain('http://localhost:8080/?state=bye');
    expect(step(11)).toContain('"access_token"');
    expect(step(12)).toMatch(/"error": ?"invalid_grant"/);
    expect(step(12)).toContain('error=access_denied');
    expect(step(14)).toContain('/activate/done');
    expect(step(15)).toMatch(/"account_level": ?2/);
    expect(stdout).toContain(`${test.issuer}/developers`);
  });

  it('goes through them again, also without jq, and leaves counters that equal a recount', async () => {
    expect((await tour({ NO_JQ: '1' })).step(15)).toMatch(/"account_level": ?2/);
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('says what to do when nobody answers', async () => {
    const failed: unknown = await tour({ ISSUER: 'http://127.0.0.1:9' }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('npm start') });
  });
});
