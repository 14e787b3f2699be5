import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../../src/platform/database.ts';
import { listDeadLetters, retryDeadLetters } from '../../src/platform/dead-letters.ts';
import { purgeExpired } from '../../src/retention/purge-expired.ts';
import { SWEEPS } from '../../src/sweeps.ts';
import { openFlowRegister } from '../support/flow-store.ts';

const NOW = new Date('2026-11-22T03:00:00Z');
const DAY = 86_400_000;
const ago = (days: number): number => NOW.getTime() - days * DAY;
let db: Db;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ db, close } = await openFlowRegister());
});
afterEach(() => close());

const deps = () => ({ db, clock: () => NOW, config: { useHistoryYears: 5 }, sweeps: SWEEPS });
const signIn = (id: string, at: number) => ({ id, account_id: 'a', outcome: 'signed_in', occurred_at: at });

describe('the purge', () => {
  it('takes use history after its five years and not a day before, in as many batches as it needs', async () => {
    const old = Array.from({ length: 1_203 }, (_, n) => signIn(`old-${n}`, ago(5 * 366 + n)));
    for (let at = 0; at < old.length; at += 400) await db('sign_ins').insert(old.slice(at, at + 400));
    await db('sign_ins').insert([signIn('young', ago(5 * 365)), signIn('today', ago(0))]);

    expect(await purgeExpired(deps(), { mostBatches: 1 })).toMatchObject({ sign_ins: 500 });
    expect(await purgeExpired(deps())).toMatchObject({ sign_ins: 703 });
    expect(await db('sign_ins').pluck('id').orderBy('id')).toEqual(['today', 'young']);
    expect((await purgeExpired(deps()))['sign_ins']).toBe(0);

    const entries = await db('audit_entries').where({ action: 'retention.purged' });
    expect(entries.map((one) => JSON.parse(one.detail).sign_ins)).toEqual([500, 703]);
  });

  it('takes expired codes and forgotten throttles, and leaves those that are still counted', async () => {
    const code = (id: string, expiredDaysAgo: number) => ({
      id,
      purpose: 'sign_in',
      subject: id,
      code_hmac: 'x',
      created_at: ago(expiredDaysAgo),
      expires_at: ago(expiredDaysAgo),
    });
    await db('one_time_codes').insert([code('gone', 3), code('counted', 1), code('usable', -1)]);
    const throttle = (key: string, forgetAt: number) => ({
      key,
      failures: 1,
      window_started_at: ago(2),
      strikes: 0,
      forget_at: forgetAt,
    });
    await db('throttles').insert([throttle('gone', ago(1)), throttle('kept', ago(-1))]);

    expect(await purgeExpired(deps())).toMatchObject({ one_time_codes: 1, throttles: 1, sign_ins: 0 });
    expect(await db('one_time_codes').pluck('id').orderBy('id')).toEqual(['counted', 'usable']);
    expect(await db('throttles').pluck('key')).toEqual(['kept']);
    expect(await db('audit_entries')).toEqual([]);
  });
});

describe('messages that were given up', () => {
  it('are listed without what they say, and can be tried again', async () => {
    const letter = (id: string, status: string) => ({
      id,
      kind: 'sms',
      payload_sealed: 'sealed',
      status,
      tries: 8,
      next_try_at: 0,
      last_error: 'TimeoutError',
      created_at: ago(1),
      settled_at: ago(0),
    });
    await db('outbox').insert([letter('one', 'dead'), letter('two', 'dead'), letter('sent', 'sent')]);

    const letters = await listDeadLetters(db, 10);
    expect(letters.map(({ id, lastError }) => [id, lastError])).toEqual([
      ['one', 'TimeoutError'],
      ['two', 'TimeoutError'],
    ]);
    expect(JSON.stringify(letters)).not.toContain('sealed');
    expect(await retryDeadLetters(db, 'one', NOW)).toBe(1);
    expect(await retryDeadLetters(db, undefined, NOW)).toBe(1);
    expect(await db('outbox').where({ status: 'waiting', tries: 0 }).pluck('id').orderBy('id')).toEqual(['one', 'two']);
  });
});
