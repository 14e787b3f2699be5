import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';

/** One line of a CSV file; the first is line 1. It is kept as it came, a part of the piece that was read, and split when its turn comes (`splitLine`). */
export type CsvLine =
  | { readonly line: number; readonly text: string; readonly delimiter: string }
  | { readonly line: number; readonly problem: CsvLineProblem };

export type CsvLineProblem = 'not_utf8' | 'line_too_long' | 'broken_quotes';

/** The fields of a line, or why it cannot be read. */
export function splitLine(
  line: CsvLine,
):
  | { readonly ok: true; readonly fields: readonly string[] }
  | { readonly ok: false; readonly problem: CsvLineProblem } {
  if ('problem' in line) return { ok: false, problem: line.problem };
  const fields = splitFields(line.text, line.delimiter);
  return fields === undefined ? { ok: false, problem: 'broken_quotes' } : { ok: true, fields };
}

/** The lines of one piece of the file, and how many bytes of it are behind them. */
export type CsvPiece = { readonly lines: readonly CsvLine[]; readonly bytesRead: number };

const LONGEST_LINE = 16_384;
// UTF-8 needs three bytes for a UTF-16 unit at most: a carry of this size is surely too long a line.
const LONGEST_CARRY_BYTES = 4 * LONGEST_LINE;
const PIECE_BYTES = 262_144;
const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/** Streams a CSV file (RFC 4180, UTF-8 with or without BOM, LF or CRLF) in pieces of bounded size; the delimiter (comma, semicolon or tab) is the header's.
 *  One line is one record: a line break inside quotes is refused as `broken_quotes`, so that a quote left open costs its own line and not the rest
 *  of the file. Blank lines are passed over, but counted. */
export function readCsvLines(file: string): AsyncGenerator<CsvPiece> {
  return splitCsvLines(createReadStream(file, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>);
}

/** The same of bytes that come from elsewhere, cut anywhere. */
export async function* splitCsvLines(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<CsvPiece> {
  const splitter = createLineSplitter();
  let bytesRead = 0;
  for await (const chunk of chunks) {
    bytesRead += chunk.length;
    yield { lines: splitter.push(chunk), bytesRead };
  }
  yield { lines: splitter.end(), bytesRead };
}

type LineSplitter = { push(chunk: Buffer): CsvLine[]; end(): CsvLine[] };

function createLineSplitter(): LineSplitter {
  let carry = Buffer.alloc(0);
  let isSkipping = false; // inside a line that is too long already
  let line = 0;
  let delimiter: string | undefined;

  const readLine = (text: string): CsvLine | undefined => {
    line += 1;
    const marked = line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    const body = marked.endsWith('\r') ? marked.slice(0, -1) : marked;
    if (body.trim() === '') return undefined;
    if (body.length > LONGEST_LINE) return { line, problem: 'line_too_long' };
    delimiter ??= delimiterOf(body);
    return { line, text: body, delimiter };
  };

  const readBytes = (bytes: Buffer): CsvLine[] => {
    if (isUtf8(bytes))
      return bytes
        .toString('utf8')
        .split('\n')
        .flatMap((text) => readLine(text) ?? []);
    return splitBytes(bytes).flatMap((one) => {
      if (isUtf8(one)) return readLine(one.toString('utf8')) ?? [];
      line += 1;
      return [{ line, problem: 'not_utf8' as const }];
    });
  };

  const tooLong = (): CsvLine[] => {
    isSkipping = true;
    carry = Buffer.alloc(0);
    line += 1;
    return [{ line, problem: 'line_too_long' }];
  };

  return {
    push(chunk) {
      let rest = chunk;
      if (isSkipping) {
        const end = chunk.indexOf(NEWLINE);
        if (end === -1) return [];
        isSkipping = false;
        rest = chunk.subarray(end + 1);
      }
      const bytes = carry.length === 0 ? rest : Buffer.concat([carry, rest]);
      const end = bytes.lastIndexOf(NEWLINE);
      const lines = end === -1 ? [] : readBytes(bytes.subarray(0, end));
      carry = Buffer.from(bytes.subarray(end + 1));
      if (carry.length > LONGEST_CARRY_BYTES) lines.push(...tooLong());
      return lines;
    },
    end: () => (carry.length === 0 ? [] : readBytes(carry)),
  };
}

function splitBytes(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return [...lines, bytes.subarray(from)];
}

/** Spreadsheets of a Vietnamese locale write semicolons. */
function delimiterOf(header: string): string {
  if (header.includes(',')) return ',';
  return header.includes(';') ? ';' : '\t';
}

/** @returns undefined when the quotes do not pair. */
function splitFields(text: string, delimiter: string): string[] | undefined {
  // Without a quote there is nothing to interpret, and most lines of a big file have none.
  if (!text.includes('"')) return text.split(delimiter);
  try {
    return parse(text, { delimiter, record_delimiter: '\n', relax_column_count: true })[0];
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}
