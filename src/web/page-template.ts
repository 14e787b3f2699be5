import { randomBytes } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Html } from '../../views/html.ts';

/** A page rendered ahead. Each value is put where its slot was, as it is: escape it before. */
export type PageTemplate<Slot extends string> = (values: Readonly<Record<Slot, string>>) => string;

// Random: nobody's name can hold one.
const MARK = `slot-${randomBytes(12).toString('hex')}-`;

/** Renders a page once, for all those who get the same but for a few places.
 *  @param page is given a mark for each slot, to be placed as text or in an attribute. */
export async function pageTemplate<Slot extends string>(
  slots: readonly Slot[],
  page: (marks: Readonly<Record<Slot, string>>) => Html | Promise<string>,
): Promise<PageTemplate<Slot>> {
  const parts = await partsOf(slots, page);
  return (values) => filled(parts, values);
}

/** A page rendered ahead that is sent without anybody looking at it again: texts of which each character is a byte. The values are ASCII. */
export type PageBytes<Slot extends string> = {
  plain: PageTemplate<Slot>;
  /** For who accepts `gzip`: what is the same for everybody was compressed once, and the values stand in it as they are. So none of them tells by the length of the answer whether it
   *  is like another (BREACH). @see RFC 1951, 3.2.4; RFC 1952 */
  gzipped: PageTemplate<Slot>;
};

/** `pageTemplate`, to be sent as bytes. */
export async function pageBytes<Slot extends string>(
  slots: readonly Slot[],
  page: (marks: Readonly<Record<Slot, string>>) => Html | Promise<string>,
): Promise<PageBytes<Slot>> {
  const parts = (await partsOf(slots, page)).map((part) => Buffer.from(part).toString('latin1'));
  // Each ends at a whole byte and refers to nothing before itself, so that they can be put together.
  const compressed = parts.map((part, index) => (index % 2 === 0 ? deflated(part) : part));
  const plain: PageTemplate<Slot> = (values) => filled(parts, values);
  return {
    plain,
    gzipped(values) {
      const stored = Object.fromEntries(slots.map((slot) => [slot, storedBlock(values[slot])]));
      const whole = Buffer.from(plain(values), 'latin1');
      return (
        GZIP_HEAD + filled(compressed, stored as typeof values) + LAST_BLOCK + word(crc32(whole)) + word(whole.length)
      );
    },
  };
}

/** Text and slot in turn. */
async function partsOf<Slot extends string>(
  slots: readonly Slot[],
  page: (marks: Readonly<Record<Slot, string>>) => Html | Promise<string>,
): Promise<string[]> {
  const marks = Object.fromEntries(slots.map((slot) => [slot, `${MARK}${slot}-`])) as Record<Slot, string>;
  return String(await page(marks)).split(new RegExp(`${MARK}(\\w+)-`));
}

function filled<Slot extends string>(parts: readonly string[], values: Readonly<Record<Slot, string>>): string {
  let page = '';
  for (const [index, part] of parts.entries()) page += index % 2 === 0 ? part : values[part as Slot];
  return page;
}

/** Deflate, no name, no time, of an unknown system. */
const GZIP_HEAD = '\x1f\x8b\x08\0\0\0\0\0\0\xff';
/** An empty block, marked as the last one. */
const LAST_BLOCK = '\x03\0';

function deflated(bytes: string): string {
  return deflateRawSync(Buffer.from(bytes, 'latin1'), { level: 9, finishFlush: constants.Z_SYNC_FLUSH }).toString(
    'latin1',
  );
}

/** Not compressed: its length, the same with each bit turned, and the bytes themselves. */
function storedBlock(bytes: string): string {
  const { length } = bytes;
  return `\0${halfWord(length)}${halfWord(~length)}${bytes}`;
}

function halfWord(number: number): string {
  return String.fromCharCode(number & 0xff, (number >>> 8) & 0xff);
}

function word(number: number): string {
  return halfWord(number) + halfWord(number >>> 16);
}
