import { createHanoiRegister, type HanoiRegister } from './hanoi-register.ts';
import type { LineStream } from './import-people.ts';
import { PERSON_HEADER, writePersonRow } from './write-person-row.ts';

/** Another number when the same options make other people: what was begun with the old ones cannot go on with the new. */
const EDITION = 1;
/** Most rows of a person. Everybody has so many lines, the last ones blank, so that a line says whose it is. */
const LINES_EACH = 2;
const PIECE = 65_536;

/** The people of `createHanoiRegister` as a register file that is never written. */
export function hanoiStream(options: { scale: number; seed: number }): { register: HanoiRegister; stream: LineStream } {
  const register = createHanoiRegister(options);
  const stream: LineStream = {
    source: `hanoi-${EDITION}/${options.scale}/${options.seed}`,
    header: PERSON_HEADER,
    lines: register.people * LINES_EACH,
    *from(line) {
      let text = '';
      let skipped = line % LINES_EACH;
      for (let index = Math.floor(line / LINES_EACH); index < register.people; index += 1) {
        const records = register.recordsOf(index);
        for (; skipped < LINES_EACH; skipped += 1) {
          const record = records[skipped];
          text += record === undefined ? '\n' : `${writePersonRow(record)}\n`;
        }
        skipped = 0;
        if (text.length < PIECE) continue;
        yield text;
        text = '';
      }
      yield text;
    },
  };
  return { register, stream };
}
