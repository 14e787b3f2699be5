import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { generatePeople } from '../../register/generate-people.ts';
import { parseInstant } from '../../register/instants.ts';
import { PERSON_HEADER, writePersonRow } from '../../register/write-person-row.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { neededText, textOption, wholeOption } from '../option-values.ts';

const PIECE = 65_536;

export const peopleGenerate: CliCommand = {
  usage: 'people generate',
  summary: 'make fictional people as a register file',
  details:
    'Citizen ids begin with the unassigned 999, so that no real person can be hit. The same options give the same bytes. Some people have two rows, one for each account level.',
  example: 'npx dinhdanh people generate --count 5000 --seed 1 --out people.csv',
  options: [
    { flags: '--count <n>', description: 'how many people', isRequired: true },
    { flags: '--seed <n>', description: 'which people', fallback: '1' },
    { flags: '--as-of <time>', description: 'the last moment of their histories', fallback: '2026-01-01' },
    { flags: '--out <file>', description: 'write here instead of to standard output' },
  ],
  async run({ options }) {
    const count = wholeOption(options, 'count', { least: 1, most: 20_000_000 });
    const seed = wholeOption(options, 'seed', { least: 0, most: 4_294_967_295 });
    const now = parseInstant(neededText(options, 'asOf'));
    if (now === undefined) throw new WrongUsage('--as-of must be a day or a time, as in 2026-01-01');
    const file = textOption(options, 'out');
    const lines = Readable.from(pieces({ count, seed, now }));
    try {
      // Standard output is not ours to close.
      if (file === undefined) await pipeline(lines, process.stdout, { end: false });
      else await pipeline(lines, createWriteStream(file));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      // Whoever read the output has had enough, as `head` does.
      if (code === 'EPIPE') return undefined;
      if (code !== undefined) throw new CommandFailed(`The file cannot be written (${code}).`);
      throw error;
    }
    return undefined;
  },
};

function* pieces(options: Parameters<typeof generatePeople>[0]): Generator<string> {
  let text = `${PERSON_HEADER}\n`;
  for (const record of generatePeople(options)) {
    text += `${writePersonRow(record)}\n`;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield text;
}
