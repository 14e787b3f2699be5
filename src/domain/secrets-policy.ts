import type { CalendarDate } from './viet-nam-time.ts';
import { foldVietnamese, lengthOf } from './vietnamese-text.ts';

/** Characters of a password, and its symbols. Source: the real app's rule (use). */
const PASSWORD_RULE = { shortest: 8, longest: 20, symbols: '!@#$^*()_' } as const;

export type PasswordReason =
  | 'too_short'
  | 'too_long'
  | 'no_digit'
  | 'no_upper'
  | 'no_lower'
  | 'no_symbol'
  | 'has_space'
  | 'contains_citizen_id'
  | 'contains_phone'
  | 'contains_name'
  | 'too_common';

/** What is known of the holder; a secret must not be made of it. */
export type SecretHolder = {
  readonly citizenId?: string | undefined;
  readonly phone?: string | undefined;
  readonly name?: string | undefined;
  readonly birthOn?: CalendarDate | undefined;
};

export type SecretJudgement<Reason> =
  | { readonly ok: true }
  | { readonly ok: false; readonly reasons: readonly Reason[] };

/** Passwords that satisfy the rule and that everybody tries first (design). Compared in lower case. */
const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  [
    'p@ssw0rd',
    'p@ssw0rd1',
    'password1!',
    'passw0rd!',
    'abc@1234',
    'abc@12345',
    'abc@123456',
    'abcd@1234',
    'qwe@1234',
    'qwerty@123',
  ]
    .concat([
      'matkhau@1',
      'matkhau@12',
      'matkhau@123',
      'matkhau1!',
      'admin@123',
      'vietnam@1',
      'vietnam@123',
      'hanoi@123',
    ])
    .concat(['iloveyou@1', 'welcome@1', 'welcome@123']),
);

type Check<Reason> = readonly [Reason, (text: string, holder: SecretHolder) => boolean];

const PASSWORD_CHECKS: readonly Check<PasswordReason>[] = [
  ['too_short', (text) => lengthOf(text) < PASSWORD_RULE.shortest],
  ['too_long', (text) => lengthOf(text) > PASSWORD_RULE.longest],
  ['no_digit', (text) => !/[0-9]/.test(text)],
  ['no_upper', (text) => !/\p{Lu}/u.test(text)],
  ['no_lower', (text) => !/\p{Ll}/u.test(text)],
  ['no_symbol', (text) => !/[!@#$^*()_]/.test(text)],
  ['has_space', (text) => /[\p{White_Space}\p{C}]/u.test(text)],
  ['contains_citizen_id', (text, { citizenId }) => containsTail(text, citizenId)],
  ['contains_phone', (text, { phone }) => containsTail(text, phone)],
  ['contains_name', (text, { name }) => containsName(text, name)],
  ['too_common', (text) => COMMON_PASSWORDS.has(text.toLowerCase())],
];

/** Judges a password; every broken rule is named at once. Length and characters are the real app's (use); not being made of the
 *  holder's id, phone or name, and not being one that everybody tries first, is ours (design). Length counts NFC characters. */
export function checkPassword(text: string, holder: SecretHolder = {}): SecretJudgement<PasswordReason> {
  return judge(text.normalize('NFC'), holder, PASSWORD_CHECKS);
}

export type PasscodeReason =
  | 'not_6_digits'
  | 'repeated'
  | 'run'
  | 'pairs'
  | 'birthday'
  | 'citizen_id_tail'
  | 'phone_tail';

const PASSCODE_CHECKS: readonly Check<PasscodeReason>[] = [
  ['repeated', (code) => isRepeated(code)],
  ['run', (code) => isRun(code)],
  ['pairs', (code) => /^(\d)\1(\d)\2(\d)\3$/.test(code)],
  ['birthday', (code, { birthOn }) => birthOn !== undefined && birthdayForms(birthOn).includes(code)],
  ['citizen_id_tail', (code, { citizenId }) => citizenId?.endsWith(code) === true],
  ['phone_tail', (code, { phone }) => phone?.endsWith(code) === true],
];

/** Judges a passcode: six digits (use), none of the weak ones (design). */
export function checkPasscode(text: string, holder: SecretHolder = {}): SecretJudgement<PasscodeReason> {
  if (!/^[0-9]{6}$/.test(text)) return { ok: false, reasons: ['not_6_digits'] };
  return judge(text, holder, PASSCODE_CHECKS);
}

/** Questions to choose two from (design). They serve recovery and are never a factor. Text: i18n key `activation.question.<key>`. */
export const SECURITY_QUESTIONS = [
  'first_school',
  'favourite_teacher',
  'childhood_friend',
  'childhood_nickname',
  'first_job',
  'favourite_dish',
  'favourite_song',
  'first_journey',
  'first_pet',
  'grandmother_name',
] as const;

export type SecurityQuestion = (typeof SECURITY_QUESTIONS)[number];

export function isSecurityQuestion(text: string): text is SecurityQuestion {
  return (SECURITY_QUESTIONS as readonly string[]).includes(text);
}

/** The form in which an answer is hashed: case, accents, punctuation and spacing do not count, so that an answer given with a
 *  Vietnamese keyboard is found again without one (design). Empty when nothing but punctuation was typed. */
export function normaliseAnswer(text: string): string {
  return foldVietnamese(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function judge<Reason>(text: string, holder: SecretHolder, checks: readonly Check<Reason>[]): SecretJudgement<Reason> {
  const reasons = checks.filter(([, isBroken]) => isBroken(text, holder)).map(([reason]) => reason);
  return reasons.length === 0 ? { ok: true } : { ok: false, reasons };
}

/** Whether the last six digits of a number are in the text: the part of an id or a phone number that tells people apart. */
function containsTail(text: string, digits: string | undefined): boolean {
  return digits !== undefined && digits.length >= 6 && text.includes(digits.slice(-6));
}

/** Whether two neighbouring words of the name, written together and without accents, are in the text. */
function containsName(text: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  const words = foldVietnamese(name)
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  const letters = foldVietnamese(text).replace(/[^\p{L}]/gu, '');
  return words.slice(1).some((word, index) => {
    const together = `${words[index] ?? ''}${word}`;
    return together.length >= 5 && letters.includes(together);
  });
}

/** At most two different digits, or one group of two or three digits over and over: 111111, 111222, 121212, 123123. */
function isRepeated(code: string): boolean {
  return new Set(code).size <= 2 || code === code.slice(0, 2).repeat(3) || code === code.slice(0, 3).repeat(2);
}

/** Six neighbours on the keypad, up or down, also across 9 and 0: 123456, 987654, 890123. */
function isRun(code: string): boolean {
  return '01234567890123456789'.includes(code) || '98765432109876543210'.includes(code);
}

/** The ways in which people write a birth date with six digits. */
function birthdayForms(birthOn: CalendarDate): readonly string[] {
  const [year = '', month = '', day = ''] = birthOn.split('-');
  const shortYear = year.slice(2);
  return [
    `${day}${month}${shortYear}`,
    `${month}${day}${shortYear}`,
    `${shortYear}${month}${day}`,
    `${month}${year}`,
    `${year}${month}`,
  ];
}
