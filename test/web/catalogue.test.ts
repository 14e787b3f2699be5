import { describe, expect, it } from 'vitest';
import { calendarDateText, instantText } from '../../src/i18n/dates.ts';
import { en } from '../../src/i18n/en.ts';
import { LOCALES, type TextKey, translator } from '../../src/i18n/translator.ts';
import { vi } from '../../src/i18n/vi.ts';

const KEYS = Object.keys(vi) as TextKey[];

/** The names between braces, of `{name}` and `{name, plural, …}`, with values that fit both. */
function sampleValues(text: string): Record<string, number> {
  return Object.fromEntries([...text.matchAll(/\{(\w+)[,}]/g)].map((match) => [match[1] ?? '', 3]));
}

describe('the texts', () => {
  it('are the same set in both languages, none of them empty', () => {
    expect(Object.keys(en).toSorted()).toEqual(KEYS.toSorted());
    expect(KEYS.filter((key) => vi[key].trim() === '' || en[key].trim() === '')).toEqual([]);
  });

  it.each(LOCALES)('can all be formatted in %s', (locale) => {
    const t = translator(locale);
    const catalogue: Readonly<Record<TextKey, string>> = locale === 'vi' ? vi : en;
    for (const key of KEYS) expect(t(key, sampleValues(catalogue[key])), key).not.toMatch(/[{}]/);
  });

  it('ask for the same values in both languages', () => {
    const differing = KEYS.filter(
      (key) =>
        Object.keys(sampleValues(vi[key])).toSorted().join() !== Object.keys(sampleValues(en[key])).toSorted().join(),
    );
    expect(differing).toEqual([]);
  });

  it('are never shown with a hole in them', () => {
    expect(() => translator('vi')('common.error_prefix')).toThrow('title');
  });

  it('leave what looks like markup alone', () => {
    expect(translator('en')('common.error_prefix', { title: '<b>' })).toBe('Error: <b>');
  });

  it('show instants on the clock of Viet Nam', () => {
    const instant = new Date('2026-11-21T17:05:00Z');
    expect(instantText('vi', instant)).toBe('00:05 22/11/2026');
    expect(instantText('en', instant)).toBe('22 November 2026, 00:05');
    expect(calendarDateText('vi', '2004-02-29')).toBe('29/02/2004');
  });

  it('of security questions are short enough for a list on a phone, which cuts what is longer', () => {
    const questions = KEYS.filter((key) => key.startsWith('activation.question.'));
    expect(questions.flatMap((key) => [vi[key], en[key]]).filter((text) => text.length > 35)).toEqual([]);
  });

  it('of messages to phones have no accents, which would halve their length', () => {
    const accented = KEYS.filter((key) => key.startsWith('sms.') && /[^\n\x20-\x7e]/.test(vi[key]));
    expect(accented).toEqual([]);
  });
});
