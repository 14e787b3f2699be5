import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkPasscode,
  checkPassword,
  isSecurityQuestion,
  normaliseAnswer,
  SECURITY_QUESTIONS,
  type SecretHolder,
} from '../../src/domain/secrets-policy.ts';

const holder: SecretHolder = {
  citizenId: '999090246813',
  phone: '+84900975318',
  name: 'Nguyễn Văn Đức',
  birthOn: '1990-05-27',
};

function reasonsOf(result: ReturnType<typeof checkPassword> | ReturnType<typeof checkPasscode>): readonly string[] {
  return result.ok ? [] : result.reasons;
}

describe('a password', () => {
  it.each(['Mua-Xuan9!', 'thuyenN0i_song', 'Đường@Làng7', 'aB3_5678', 'aB3_5678901234567890'])('may be %s', (text) => {
    expect(checkPassword(text, holder)).toEqual({ ok: true });
  });

  it('names everything that is missing at once', () => {
    expect(reasonsOf(checkPassword(''))).toEqual(['too_short', 'no_digit', 'no_upper', 'no_lower', 'no_symbol']);
  });

  it.each([
    ['aB3_567', 'too_short'],
    ['aB3_56789012345678901', 'too_long'],
    ['aBc_defgh', 'no_digit'],
    ['ab3_5678', 'no_upper'],
    ['AB3_5678', 'no_lower'],
    ['aB345678', 'no_symbol'],
    ['aB3-5678', 'no_symbol'],
    ['aB3_5678 x', 'has_space'],
    ['aB3_5678\u0007', 'has_space'],
    ['xA_246813', 'contains_citizen_id'],
    ['xA_975318', 'contains_phone'],
    ['VanDuc@90x', 'contains_name'],
    ['nguyenvan_X1', 'contains_name'],
    ['Matkhau@123', 'too_common'],
  ])('%j is refused: %s', (text, reason) => {
    expect(reasonsOf(checkPassword(text, holder))).toEqual([reason]);
  });

  it('counts an accented letter as one, however the keyboard composes it', () => {
    const text = 'Đường@Làng7';
    expect(checkPassword(text.normalize('NFD'))).toEqual(checkPassword(text.normalize('NFC')));
    expect(reasonsOf(checkPassword('ẮẰẳ_1'.normalize('NFD')))).toContain('too_short');
  });
});

describe('a passcode', () => {
  it.each([
    ['12345', 'not_6_digits'],
    ['1234567', 'not_6_digits'],
    ['12345a', 'not_6_digits'],
    ['000000', 'repeated'],
    ['110110', 'repeated'],
    ['111222', 'repeated'],
    ['121212', 'repeated'],
    ['123123', 'repeated'],
    ['123456', 'run'],
    ['987654', 'run'],
    ['890123', 'run'],
    ['210987', 'run'],
    ['112233', 'pairs'],
    ['270590', 'birthday'],
    ['052790', 'birthday'],
    ['900527', 'birthday'],
    ['051990', 'birthday'],
    ['199005', 'birthday'],
    ['246813', 'citizen_id_tail'],
    ['975318', 'phone_tail'],
  ])('%s is refused: %s', (text, reason) => {
    expect(reasonsOf(checkPasscode(text, holder))).toContain(reason);
  });

  it.each(['258014', '730194', '246810', '919283'])('may be %s', (text) => {
    expect(checkPasscode(text, holder)).toEqual({ ok: true });
  });

  it('leaves more than 99 of 100 passcodes to choose from', () => {
    const everySeventh = Array.from({ length: 142_857 }, (_, index) => String(index * 7).padStart(6, '0'));
    const refused = everySeventh.filter((code) => !checkPasscode(code, holder).ok);
    expect(refused.length / everySeventh.length).toBeGreaterThan(0.003);
    expect(refused.length / everySeventh.length).toBeLessThan(0.01);
  });
});

describe('a security answer', () => {
  it('is found again without accents, capitals or commas', () => {
    for (const text of ['Trường Chu Văn An, Hà Nội', 'truong chu van an ha noi', '  TRƯỜNG  Chu Văn An – Hà Nội! ']) {
      expect(normaliseAnswer(text)).toBe('truong chu van an ha noi');
    }
    expect(normaliseAnswer('Hoà')).toBe(normaliseAnswer('Hòa'));
  });

  it('made of punctuation is no answer', () => {
    expect(normaliseAnswer(' …! ')).toBe('');
  });

  it('is settled after one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normaliseAnswer(normaliseAnswer(text))).toBe(normaliseAnswer(text));
      }),
    );
  });

  it('belongs to one of at least eight questions', () => {
    expect(SECURITY_QUESTIONS.length).toBeGreaterThanOrEqual(8);
    expect(new Set(SECURITY_QUESTIONS).size).toBe(SECURITY_QUESTIONS.length);
    expect(isSecurityQuestion('first_school')).toBe(true);
    expect(isSecurityQuestion('mother_maiden_name')).toBe(false);
  });
});
