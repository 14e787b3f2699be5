import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/platform/log.ts';

describe('the log', () => {
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => void lines.push(line) });
  const written = (): string => lines.splice(0).join('');

  it('has standard output for a destination unless told', () => {
    expect(createLog('silent').level).toBe('silent');
  });

  it('writes events with the fields it was given', () => {
    log.info({ accountId: 'a-1' }, 'activation.confirmed');
    expect(JSON.parse(written())).toMatchObject({ accountId: 'a-1', msg: 'activation.confirmed' });
  });

  it.each([
    'citizenId',
    'citizen_id',
    'phone_number',
    'password',
    'passcode',
    'code',
    'full_name',
    'token',
    'client_secret',
    'cookie',
    'query',
  ])('never writes %s, at the top or one level deep', (key) => {
    log.info({ [key]: 'hidden value', form: { [key]: 'hidden value' } }, 'event');
    expect(written()).not.toContain('hidden value');
  });

  it('writes of an error what helps to find it, never its message: drivers quote values there', () => {
    const error = Object.assign(new Error("duplicate key (phone)=('0912345678')"), { code: '23505' });
    log.error({ err: error }, 'event');
    const line = written();
    expect(line).not.toContain('0912345678');
    expect(JSON.parse(line)).toMatchObject({ err: { type: 'Error', errno: '23505' } });
  });
});
