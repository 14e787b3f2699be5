import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVault } from '../../src/platform/vault.ts';

const key = (id: string): { id: string; key: Buffer } => ({ id, key: randomBytes(32) });
const PLACE = { table: 'persons', column: 'citizen_id', id: 'a' };

describe('the vault', () => {
  const k1 = key('k1');
  const k2 = key('k2');
  const i1 = key('i1');
  const i2 = key('i2');
  const old = createVault({ dataKeys: [k1], indexKeys: [i1] });
  const rotated = createVault({ dataKeys: [k2, k1], indexKeys: [i2, i1] });

  it('opens what it sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (plain) => {
        // Lone surrogates have no UTF-8 form and no business in a register.
        fc.pre(plain.isWellFormed());
        expect(old.open(old.seal(plain, PLACE), PLACE)).toBe(plain);
      }),
    );
  });

  it('never seals one value twice alike', () => {
    expect(old.seal('same', PLACE)).not.toBe(old.seal('same', PLACE));
  });

  it.each([
    { ...PLACE, id: 'b' },
    { ...PLACE, column: 'phone' },
    { ...PLACE, table: 'accounts' },
  ])('does not open a value that was copied to another place %#', (place) => {
    expect(() => old.open(old.seal('secret', PLACE), place)).toThrow(/authenticate/);
  });

  it('does not open an altered value', () => {
    const sealed = old.seal('secret', PLACE);
    const at = sealed.length - 3;
    const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(() => old.open(altered, PLACE)).toThrow(/authenticate/);
  });

  it('keeps reading what lies under an older key, and says which keys write', () => {
    const sealed = old.seal('secret', PLACE);
    expect(rotated.open(sealed, PLACE)).toBe('secret');
    expect(rotated.newestKeys).toEqual({ data: 'k2', index: 'i2' });
    expect(rotated.seal('secret', PLACE)).toMatch(/^k2\./);
    expect(rotated.blindIndex('persons.phone', 'x')).toMatch(/^i2\./);
  });

  it('says that a key is missing without repeating the value', () => {
    expect(() => old.open(rotated.seal('secret', PLACE), PLACE)).toThrow('its key is not in DATA_KEYS');
  });

  it('finds a value by its index under any key of the ring', () => {
    expect(rotated.blindIndexes('persons.phone', 'x')).toContain(old.blindIndex('persons.phone', 'x'));
    expect(rotated.blindIndex('persons.phone', 'x')).not.toBe(old.blindIndex('persons.phone', 'x'));
  });

  it('gives one value another index for another purpose', () => {
    const digest = (index: string): string => index.slice(index.indexOf('.'));
    expect(digest(old.blindIndex('persons.phone', 'x'))).not.toBe(digest(old.blindIndex('persons.citizen_id', 'x')));
  });
});
