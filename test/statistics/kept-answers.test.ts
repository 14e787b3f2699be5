import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { keptAnswers, type Written } from '../../src/statistics/open/kept-answers.ts';

const written = (text: string): Written => {
  return { type: 'text/html', language: 'vi', disposition: undefined, policy: undefined, body: Buffer.from(text) };
};

it('writes once for all who ask meanwhile', async () => {
  const answers = keptAnswers();
  let times = 0;
  const made = answers.make('a', '1', () => {
    times += 1;
    return Promise.resolve(written('x'));
  });
  expect(answers.findComing('a')).toBe(made);
  expect(answers.find('a')).toBeUndefined();
  const kept = await made;
  expect([answers.find('a'), answers.findComing('a'), times]).toEqual([kept, undefined, 1]);
});

it('keeps no failure, and what was there before it stays', async () => {
  const answers = keptAnswers();
  const first = await answers.make('a', '1', () => Promise.resolve(written('x')));
  await expect(answers.make('a', '2', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect([answers.find('a'), answers.findComing('a')]).toEqual([first, undefined]);
});

it('names an answer by its content, not by its version', async () => {
  const answers = keptAnswers();
  const etags: string[] = [];
  for (const [version, text] of [
    ['1', 'x'],
    ['2', 'x'],
    ['3', 'y'],
  ] as const)
    etags.push((await answers.make('a', version, () => Promise.resolve(written(text)))).etag);
  expect(etags[0]).toBe(etags[1]);
  expect(etags[0]).not.toBe(etags[2]);
});

it('compresses what is worth it, once', async () => {
  const long = 'số liệu '.repeat(500);
  const { br, gzip, body } = await keptAnswers().make('a', '1', () => Promise.resolve(written(long)));
  expect([brotliDecompressSync(br ?? '').toString(), gunzipSync(gzip ?? '').toString()]).toEqual([long, long]);
  expect(body.toString()).toBe(long);
  const small = await keptAnswers().make('a', '1', () => Promise.resolve(written('x')));
  expect([small.br, small.gzip]).toEqual([undefined, undefined]);
});

it('stays within its bytes, and lets go of what nobody asked for longest', async () => {
  const answers = keptAnswers(40_000);
  const noise = (): string =>
    Array.from({ length: 4_000 }, (_, index) => String.fromCharCode(33 + ((index * 7919) % 90))).join('');
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) {
    await answers.make(key, '1', () => Promise.resolve(written(noise())));
    expect(answers.find('a')).toBeDefined();
  }
  expect(answers.find('b')).toBeUndefined();
  expect(answers.find('i')).toBeDefined();
});
