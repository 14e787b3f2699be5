import { inflateSync } from 'node:zlib';

/** What each page of a PDF says, without its spaces, as Chromium writes it: strings of glyphs, each read by the table of the font that is set before it. */
export function printedPages(pdf: Buffer): { says(text: string): boolean }[] {
  const objects = objectsOf(pdf);
  const bodyOf = (id: string | undefined) => objects.get(id ?? '') ?? { head: '', text: '' };
  return [...objects.values()]
    .filter(({ head }) => /\/Type\s*\/Page\b/.test(head))
    .map(({ head }) => {
      const fonts = new Map(
        [...head.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id]) => {
          return [name, tableOf(bodyOf(/\/ToUnicode (\d+) 0 R/.exec(bodyOf(id).head)?.[1]).text)];
        }),
      );
      const said = readingOf(bodyOf(/\/Contents (\d+) 0 R/.exec(head)?.[1]).text, fonts);
      return { says: (text) => said.includes(squeezed(text)) };
    });
}

type Font = ReadonlyMap<string, string>;

function readingOf(content: string, fonts: ReadonlyMap<string, Font>): string {
  let font: Font | undefined;
  let said = '';
  for (const [, name, hex] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9a-f]+)>/gi)) {
    if (name !== undefined) font = fonts.get(name);
    for (const glyph of hex?.match(/.{4}/g) ?? []) said += font?.get(glyph.toLowerCase()) ?? '';
  }
  return squeezed(said);
}

function squeezed(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, '');
}

function objectsOf(pdf: Buffer): Map<string, { head: string; text: string }> {
  const objects = new Map<string, { head: string; text: string }>();
  const latin = pdf.toString('latin1');
  for (const match of latin.matchAll(/(\d+) 0 obj\b([\s\S]*?)(?:endobj|stream\r?\n)/g)) {
    const [whole, id = '', head = ''] = match;
    const from = match.index + whole.length;
    const text = whole.endsWith('endobj') ? '' : inflated(pdf.subarray(from, latin.indexOf('endstream', from)));
    objects.set(id, { head, text });
  }
  return objects;
}

/** Pictures are packed in other ways: they say nothing. */
function inflated(stream: Buffer): string {
  try {
    return inflateSync(stream).toString('latin1');
  } catch {
    return '';
  }
}

/** From glyph to text, both as hexadecimal in a ToUnicode table. */
function tableOf(table: string): Font {
  return new Map([...glyphsOf(table), ...rangesOf(table)]);
}

function* glyphsOf(table: string): Generator<[string, string]> {
  for (const [, block = ''] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, glyph = '', text = ''] of block.matchAll(/<([0-9A-F]+)>\s*<([0-9A-F]+)>/gi))
      yield [glyph.toLowerCase(), Buffer.from(text, 'hex').swap16().toString('utf16le')];
}

function* rangesOf(table: string): Generator<[string, string]> {
  for (const [, block = ''] of table.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, ...range] of block.matchAll(/<([0-9A-F]+)>\s*<([0-9A-F]+)>\s*<([0-9A-F]+)>/gi)) {
      const [from = 0, to = 0, first = 0] = range.map((hex) => Number.parseInt(hex, 16));
      for (let at = from; at <= to; at += 1)
        yield [at.toString(16).padStart(4, '0'), String.fromCharCode(first + at - from)];
    }
}
