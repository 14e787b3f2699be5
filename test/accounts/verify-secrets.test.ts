import { generate } from 'otplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSecondFactor } from '../../src/accounts/check-second-factor.ts';
import { findCredential, putCredential } from '../../src/accounts/credential-store.ts';
import { insertCode } from '../../src/accounts/one-time-code-store.ts';
import { takeTry, throttleWaitSeconds, triesSettled } from '../../src/accounts/throttle-store.ts';
import { verifyPasscode } from '../../src/accounts/verify-passcode.ts';
import { verifyPassword } from '../../src/accounts/verify-password.ts';
import { totpSecretPlace, verifyTotp } from '../../src/accounts/verify-totp.ts';
import { newId } from '../../src/platform/ids.ts';
import { runShort } from '../../src/platform/prepared-queries.ts';
import { createSecretHasher } from '../../src/platform/secret-hashing.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';

const SECRET = 'THUNGHIEMDINHDANHVIETNAMHANOI234';

let test: TestApp;
let person: TestPerson;

beforeEach(async () => {
  test = await startTestApp();
  person = await giveActivePerson(test.app);
});
afterEach(() => test.close());

async function enrolApp(): Promise<void> {
  const id = newId();
  const secret = test.app.vault.seal(SECRET, totpSecretPlace(id));
  await putCredential(test.app.db, { id, accountId: person.accountId, kind: 'totp', secret }, test.app.clock());
}

async function appCode(shiftSeconds = 0): Promise<string> {
  return generate({ secret: SECRET, epoch: Math.floor(Date.now() / 1000) + shiftSeconds });
}

describe('a password', () => {
  it('is right or wrong, and wrong for an account that does not exist', async () => {
    expect(await verifyPassword(test.app, person.accountId, TEST_SECRETS.password)).toBe(true);
    expect(await verifyPassword(test.app, person.accountId, 'Sen_trang#2026')).toBe(false);
    expect(await verifyPassword(test.app, undefined, TEST_SECRETS.password)).toBe(false);
  });

  it('is hashed anew at the next sign-in when the parameters have grown', async () => {
    const before = await findCredential(test.app.db, person.accountId, 'password');
    const stronger = createSecretHasher({
      params: { memoryKib: 16, timeCost: 2, parallelism: 1 },
      pepper: test.app.config.secrets.passwordPepper,
    });
    expect(await verifyPassword({ ...test.app, hasher: stronger }, person.accountId, 'Sen_trang#2026')).toBe(false);
    expect((await findCredential(test.app.db, person.accountId, 'password'))?.secret).toBe(before?.secret);
    expect(await verifyPassword({ ...test.app, hasher: stronger }, person.accountId, TEST_SECRETS.password)).toBe(true);
    const after = await findCredential(test.app.db, person.accountId, 'password');
    expect(after?.secret).toContain('$m=16,t=2,p=1$');
    expect(await verifyPassword(test.app, person.accountId, TEST_SECRETS.password)).toBe(true);
  });
});

describe('a passcode', () => {
  it('may be guessed five times, and then not for a quarter of an hour, right or wrong', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 12 }, () => verifyPasscode(test.app, person.accountId, '000001')),
    );
    expect(guesses.filter(({ kind }) => kind === 'wrong')).toHaveLength(5);
    expect(await verifyPasscode(test.app, person.accountId, TEST_SECRETS.passcode)).toEqual({
      kind: 'throttled',
      retryAfterSeconds: 900,
    });
    test.travel({ seconds: 901 });
    expect(await verifyPasscode(test.app, person.accountId, TEST_SECRETS.passcode)).toEqual({ kind: 'right' });
  });

  it('that is right forgets the wrong ones before it', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let wrong = 0; wrong < 4; wrong += 1)
        expect(await verifyPasscode(test.app, person.accountId, '000001')).toEqual({ kind: 'wrong' });
      expect(await verifyPasscode(test.app, person.accountId, TEST_SECRETS.passcode)).toEqual({ kind: 'right' });
    }
  });
});

describe('a code of the authenticator app', () => {
  it('is right once: the same code again is a replay, also when both come at once', async () => {
    await enrolApp();
    const code = await appCode();
    const both = await Promise.all([
      verifyTotp(test.app, person.accountId, code),
      verifyTotp(test.app, person.accountId, code),
    ]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['right', 'wrong']);
    expect(await verifyTotp(test.app, person.accountId, code)).toEqual({ kind: 'wrong' });
    test.travel({ seconds: 30 });
    expect(await verifyTotp(test.app, person.accountId, await appCode())).toEqual({ kind: 'right' });
  });

  it('of an earlier step is refused after a later one was used', async () => {
    await enrolApp();
    const earlier = await appCode(-30);
    expect(await verifyTotp(test.app, person.accountId, await appCode())).toEqual({ kind: 'right' });
    expect(await verifyTotp(test.app, person.accountId, earlier)).toEqual({ kind: 'wrong' });
  });

  it('is good one step early or late, for clocks that drift, and no longer', async () => {
    await enrolApp();
    expect(await verifyTotp(test.app, person.accountId, await appCode(-90))).toEqual({ kind: 'wrong' });
    expect(await verifyTotp(test.app, person.accountId, await appCode(-30))).toEqual({ kind: 'right' });
  });

  it('that is no code at all is wrong, not an error', async () => {
    await enrolApp();
    for (const code of ['', '12345', 'abcdef', '１２３４５６'])
      expect(await verifyTotp(test.app, person.accountId, code)).toEqual({ kind: 'wrong' });
  });

  it('of someone who has no app is not a try', async () => {
    expect(await verifyTotp(test.app, person.accountId, '123456')).toEqual({ kind: 'not_enrolled' });
  });
});

describe('a second factor', () => {
  it('shares one count of tries over both kinds', async () => {
    await enrolApp();
    const binding = { purpose: 'sign_in', subject: newId() } as const;
    const policy = { lifetimeSeconds: 180, maxTries: 5, hmacKey: test.app.fingerprintKey };
    const code = await insertCode(test.app.db, policy, binding, test.app.clock());
    const wrong = code === '111111' ? '222222' : '111111';
    for (let round = 0; round < 3; round += 1)
      await checkSecondFactor(test.app, person.accountId, { method: 'otp', code: '000000' });
    for (let round = 0; round < 2; round += 1)
      expect(await checkSecondFactor(test.app, person.accountId, { method: 'sms', code: wrong, binding })).toEqual({
        kind: 'wrong',
      });
    expect(await checkSecondFactor(test.app, person.accountId, { method: 'sms', code, binding })).toMatchObject({
      kind: 'throttled',
    });
  });
});

describe('a try given back', () => {
  const policy = { tries: 3, windowSeconds: 900, baseBlockSeconds: 900, growth: 2, maxBlockSeconds: 86_400 };

  it('leaves the other tries counted, and ends the block that it alone began', async () => {
    const { db } = test.app;
    const now = test.app.clock();
    for (let round = 0; round < 3; round += 1) expect(await takeTry(db, 'x', policy, now)).toBe(0);
    expect(await throttleWaitSeconds(db, 'x', policy, now)).toBe(900);
    await runShort(db, () => triesSettled(db, { forget: 'y', giveBack: [{ key: 'x', policy }] }, now));
    expect(await throttleWaitSeconds(db, 'x', policy, now)).toBe(0);
    expect(await takeTry(db, 'x', policy, now)).toBe(0);
    expect(await takeTry(db, 'x', policy, now)).toBe(900);
  });
});
