import { randomInt } from 'node:crypto';
import { isOutdated, prepareAnew } from './prepared-names.ts';

/** What says that nothing was done and that the same may work a moment later: PostgreSQL's serialization failure and deadlock, SQLite's busy file. */
const NOTHING_DONE: ReadonlySet<string> = new Set(['40001', '40P01', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT']);
const MAX_TRIES = 8;
const FIRST_WAIT_MS = 10;

/** Runs `work`, and again after a growing random wait while the database answers with one of `codes`: one statement, or one whole transaction. Again too where a newer
 *  version has changed a table beside us, so that no request of an older one fails while they take turns. */
export async function tryAgain<T>(work: () => Promise<T>, codes: ReadonlySet<string> = NOTHING_DONE): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || tries >= MAX_TRIES) throw error;
      const hasChanged = isOutdated(error);
      if (hasChanged) prepareAnew();
      const code = 'code' in error ? String(error.code) : '';
      if (!hasChanged && !codes.has(code)) throw error;
      const waitMs = randomInt(1, FIRST_WAIT_MS * 2 ** tries);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
