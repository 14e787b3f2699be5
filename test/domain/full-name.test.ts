import { describe, expect, it } from 'vitest';
import { nameParts, parseFullName } from '../../src/domain/full-name.ts';

describe('a full name', () => {
  it('is composed (NFC), with single spaces, in the case it was written', () => {
    expect(parseFullName('  NGUYỄN\u00a0Văn   A\u0309nh '.normalize('NFD'))).toEqual({
      ok: true,
      value: 'NGUYỄN Văn Ảnh',
    });
  });

  it.each(["Jean-Luc O'Neill", 'Martin Luther King Jr.', 'Đỗ Ý', 'Y Moan Ênuôl', '李小龙'])('may be %s', (text) => {
    expect(parseFullName(text).ok).toBe(true);
  });

  it.each(['Nguyễn 2', '<b>An</b>', 'An\u0000', '-', 'a@b'])('is not %j', (text) => {
    expect(parseFullName(text)).toEqual({ ok: false, reason: 'not_a_name' });
  });

  it('has an end', () => {
    expect(parseFullName('')).toEqual({ ok: false, reason: 'empty' });
    expect(parseFullName('a'.repeat(100)).ok).toBe(true);
    expect(parseFullName('a'.repeat(101))).toEqual({ ok: false, reason: 'too_long' });
  });

  it('is taken apart in Vietnamese order', () => {
    expect(nameParts('Nguyễn Thị Minh Khai')).toEqual({
      familyName: 'Nguyễn',
      middleName: 'Thị Minh',
      givenName: 'Khai',
    });
    expect(nameParts('Lê Lợi')).toEqual({ familyName: 'Lê', middleName: undefined, givenName: 'Lợi' });
    expect(nameParts('Suharto')).toEqual({ familyName: undefined, middleName: undefined, givenName: 'Suharto' });
  });
});
