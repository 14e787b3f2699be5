import { randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { rememberSealed } from '../../src/oidc/adapters/sealed-texts.ts';
import { createVault } from '../../src/platform/vault.ts';

const ring = [{ id: 'k1', key: randomBytes(32) }];
const place = (id: string) => ({ table: 'interaction', column: 'body', id });

it('what was sealed or opened a moment ago is not opened again, and what was altered or lies elsewhere never is', () => {
  const vault = createVault({ dataKeys: ring, indexKeys: ring });
  const [seal, open] = [vi.spyOn(vault, 'seal'), vi.spyOn(vault, 'open')];
  const remembering = rememberSealed(vault);
  const sealed = remembering.seal('a wish', place('one'));
  expect(remembering.open(sealed, place('one'))).toBe('a wish');
  expect(open).not.toHaveBeenCalled();
  // The same again lies there already; something else does not.
  expect(remembering.seal('a wish', place('one'))).toBe(sealed);
  expect(seal).toHaveBeenCalledTimes(1);
  expect(remembering.seal('a wish', place('two'))).not.toBe(sealed);
  const answered = remembering.seal('a wish, answered', place('one'));
  expect(remembering.open(answered, place('one'))).toBe('a wish, answered');
  expect(remembering.open(sealed, place('one'))).toBe('a wish');

  const altered = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
  expect(() => remembering.open(altered, place('one'))).toThrow(/./);
  expect(() => remembering.open(sealed, place('three'))).toThrow(/./);
  const other = rememberSealed(vault);
  expect([other.open(sealed, place('one')), other.open(sealed, place('one'))]).toEqual(['a wish', 'a wish']);
});
