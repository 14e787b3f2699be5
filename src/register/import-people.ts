import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { numberIndexes } from '../accounts/person-store.ts';
import type { AuditEntry } from '../domain/audit-event.ts';
import type { Clock } from '../platform/clock.ts';
import { type Db, withFewCheckpoints } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import { applyBatch } from './apply-batch.ts';
import { type CsvLine, type CsvPiece, readCsvLines, splitCsvLines, splitLine } from './csv-lines.ts';
import { listImportPositions, putImportPosition } from './import-position-store.ts';
import type { IndexedRow } from './known-register.ts';
import type { PersonRecord, RowProblem } from './person-record.ts';
import { type HeaderProblem, type RowOptions, type RowReader, rowReaderFor } from './read-person-row.ts';
import { createRejectedRows, type RejectedRows } from './rejected-rows.ts';

export type RegisterDeps = {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly config: { readonly isSandbox: boolean };
};

/** Rows that a transaction takes at most. The pages of the counters are written once in each, whatever the number of rows: more rows are faster, and keep
 *  the one writer of SQLite, for which a running provider waits, longer (two seconds of it here). */
const ROWS_PER_BATCH = 8_000;
/** Rows kept back in memory until their guardian has been read. */
const MOST_WAITING_ROWS = 20_000;

export type ImportCounts = { rows: number; added: number; updated: number; unchanged: number; refused: number };

export type ImportProgress = ImportCounts & {
  readonly lastLine: number;
  readonly bytesRead: number;
  readonly bytesTotal: number;
};

export type ImportOutcome =
  /** `isComplete` is false when it was told to stop: all rows up to `lastLine` are in, and nothing of a later one. */
  | (ImportCounts & { kind: 'read'; isComplete: boolean; lastLine: number; rejectedFile: string | undefined })
  | { kind: 'no_such_file'; code: string }
  | { kind: 'wrong_header'; problem: HeaderProblem | { kind: 'no_header' } };

export type ImportOptions = Pick<ReadOptions, 'rowsPerBatch' | 'actor' | 'onProgress' | 'signal'> & {
  readonly file: string;
  /** Judges and counts, and writes nothing but the rejected rows. A row is then judged against the register and its own batch. */
  readonly isDryRun?: boolean;
};

type ReadOptions = {
  readonly isDryRun?: boolean;
  readonly rowsPerBatch?: number;
  readonly actor?: AuditEntry['actor'];
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Ends the import after the batch in hand. */
  readonly signal?: AbortSignal;
  /** Written in each batch's transaction. */
  readonly alongside?: (tx: Db, lastLine: number) => Promise<void>;
};

/** Reads a register file into the register, a batch of rows in each transaction; a batch is in as a whole or not at all. Reading the same file again
 *  changes nothing, so that after an interruption it is simply read again. Refused rows are listed in `<file>.rejected.csv`. */
export async function importPeople(deps: RegisterDeps, options: ImportOptions): Promise<ImportOutcome> {
  const size = await sizeOf(options.file);
  if (typeof size !== 'number') return { kind: 'no_such_file', code: size.code };
  const rejected = await createRejectedRows(`${options.file}.rejected.csv`);
  try {
    return await withFewCheckpoints(deps.db, () =>
      readInto(deps, options, { pieces: readCsvLines(options.file), bytesTotal: size, rejected }),
    );
  } finally {
    await rejected.close();
  }
}

/** Lines of a register file that are made while they are read. */
export type LineStream = {
  /** Names the lines: the same name, the same lines. */
  readonly source: string;
  readonly header: string;
  /** How many lines there are under the header. */
  readonly lines: number;
  /** The lines from this one on, the first being 0, each ended by LF, cut anywhere. */
  from(line: number): Iterable<string>;
};

export type StreamProgress = ImportCounts & { readonly lines: number; readonly linesTotal: number };

/** Reads a stream into the register by the same road as a file. How far it is stands in the database, written with each batch: after an interruption of
 *  any kind the next call goes on there. Refused rows are counted. */
export async function importStream(
  deps: RegisterDeps,
  stream: LineStream,
  options: Pick<ReadOptions, 'rowsPerBatch' | 'actor' | 'signal'> & { onProgress?: (progress: StreamProgress) => void },
): Promise<ImportCounts & { readonly isComplete: boolean; readonly begunAt: number }> {
  const positions = await listImportPositions(deps.db);
  const begunAt = positions.find(({ source }) => source === stream.source)?.lines ?? 0;
  // The header is line 1.
  const linesAt = (lastLine: number): number => begunAt + lastLine - 1;
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${stream.header}\n`);
    for (const text of stream.from(begunAt)) {
      // Nothing else here waits for anything: without a turn of the event loop no signal would be heard.
      await setImmediate();
      yield Buffer.from(text);
    }
  }
  const { onProgress, ...rest } = options;
  const outcome = await withFewCheckpoints(deps.db, () =>
    readInto(
      deps,
      {
        ...rest,
        alongside: (tx, lastLine) =>
          putImportPosition(tx, { source: stream.source, lines: linesAt(lastLine) }, deps.clock()),
        onProgress: ({ lastLine, bytesRead: _r, bytesTotal: _t, ...counts }) =>
          onProgress?.({ ...counts, lines: linesAt(lastLine), linesTotal: stream.lines }),
      },
      { pieces: splitCsvLines(chunks()), bytesTotal: 0, rejected: undefined },
    ),
  );
  if (outcome.kind !== 'read') throw new TypeError('the stream has the header of no register file');
  const { kind: _k, lastLine: _l, rejectedFile: _f, ...counts } = outcome;
  return { ...counts, begunAt };
}

type Read = {
  readonly pieces: AsyncIterable<CsvPiece>;
  readonly bytesTotal: number;
  readonly rejected: RejectedRows | undefined;
};

async function readInto(
  deps: RegisterDeps,
  options: ReadOptions,
  { pieces, bytesTotal, rejected }: Read,
): Promise<ImportOutcome> {
  const importer = createImporter(deps, options, rejected);
  const batches = readBatches(pieces, options.rowsPerBatch ?? ROWS_PER_BATCH, {
    allowSynthetic: deps.config.isSandbox,
    now: importer.startedAt,
  });
  let isStopped = false;
  for await (const batch of batches) {
    if ('problem' in batch) return { kind: 'wrong_header', problem: batch.problem };
    isStopped = options.signal?.aborted === true;
    if (isStopped) break;
    await importer.take(batch.lines, batch.read);
    options.onProgress?.({
      ...importer.counts,
      lastLine: importer.lastLine(),
      bytesRead: batch.bytesRead,
      bytesTotal,
    });
  }
  if (!isStopped) await importer.takeWaiting();
  const rejectedFile = importer.counts.refused === 0 ? undefined : rejected?.file;
  return { kind: 'read', ...importer.counts, isComplete: !isStopped, lastLine: importer.lastLine(), rejectedFile };
}

type Batch =
  | { readonly lines: readonly CsvLine[]; readonly read: RowReader; readonly bytesRead: number }
  | { readonly problem: HeaderProblem | { readonly kind: 'no_header' } };

/** The lines under the header, a batch at a time; the last one may be empty. */
async function* readBatches(
  pieces: AsyncIterable<CsvPiece>,
  rowsPerBatch: number,
  rowOptions: RowOptions,
): AsyncGenerator<Batch> {
  let read: RowReader | undefined;
  let lines: CsvLine[] = [];
  let bytesRead = 0;
  for await (const piece of pieces) {
    bytesRead = piece.bytesRead;
    let rest = piece.lines;
    if (read === undefined && rest[0] !== undefined) {
      const split = splitLine(rest[0]);
      const header = split.ok ? rowReaderFor(split.fields, rowOptions) : NO_HEADER;
      if (!header.ok) {
        yield header;
        return;
      }
      read = header.read;
      rest = rest.slice(1);
    }
    lines = lines.concat(rest);
    while (lines.length >= rowsPerBatch) {
      if (read !== undefined) yield { lines: lines.slice(0, rowsPerBatch), read, bytesRead };
      lines = lines.slice(rowsPerBatch);
    }
  }
  yield read === undefined ? NO_HEADER : { lines, read, bytesRead };
}

const NO_HEADER = { ok: false, problem: { kind: 'no_header' } } as const;

/** Brings records that were made in the process into the register, as if they had come in a file: the sandbox's synthetic people. */
export async function importRecords(deps: RegisterDeps, records: Iterable<PersonRecord>): Promise<ImportCounts> {
  const importer = createImporter(deps, {}, undefined);
  let line = 0;
  let batch: IndexedRow[] = [];
  for (const record of records) {
    line += 1;
    if (batch.push(indexedRow(deps.vault, line, record)) < ROWS_PER_BATCH) continue;
    await importer.apply(batch);
    batch = [];
  }
  await importer.apply(batch);
  await importer.takeWaiting();
  return { ...importer.counts, rows: line };
}

function indexedRow(vault: Vault, line: number, record: PersonRecord): IndexedRow {
  const guardian = numberIndexes(vault, { citizenId: record.guardianCitizenId });
  return { line, record, indexes: numberIndexes(vault, record), guardianIndexes: guardian.citizenId };
}

type Refused = { readonly kind: 'refused'; readonly problems: readonly RowProblem[] };

function createImporter(
  deps: RegisterDeps,
  options: Pick<ReadOptions, 'isDryRun' | 'actor' | 'alongside'>,
  rejected: RejectedRows | undefined,
) {
  /** One moment for the whole import: whether a time lies in the future must not depend on the batch. When something was learned does: an import may go
   *  on over midnight. */
  const startedAt = deps.clock();
  const counts: ImportCounts = { rows: 0, added: 0, updated: 0, unchanged: 0, refused: 0 };
  let waiting: IndexedRow[] = [];
  let lastLine = 1;

  const refuse = (line: number, problems: readonly RowProblem[]): void => {
    counts.refused += 1;
    rejected?.add(line, problems);
  };

  const apply = async <Line extends { readonly line: number }>(
    lines: readonly Line[],
    rowOf: (line: Line) => IndexedRow | Refused,
    isLastChance = false,
  ): Promise<void> => {
    const { isDryRun = false, actor, alongside } = options;
    const context = {
      now: deps.clock(),
      isDryRun,
      ...(actor && { actor }),
      ...(alongside && { alongside: (tx: Db) => alongside(tx, lastLine) }),
    };
    const outcomes = await applyBatch(deps, { lines, rowOf }, context);
    outcomes.forEach((outcome, at) => {
      const line = lines[at]?.line ?? 0;
      if (outcome.kind === 'refused') refuse(line, outcome.problems);
      else if (outcome.kind !== 'guardian_missing') counts[outcome.kind] += 1;
      else if (!isLastChance && waiting.length < MOST_WAITING_ROWS) waiting.push(outcome.row);
      else refuse(line, [{ field: 'guardian_citizen_id', reason: 'guardian_not_found' }]);
    });
    await rejected?.flush();
  };
  const asItIs = (row: IndexedRow): IndexedRow => row;

  return {
    startedAt,
    counts,
    lastLine: () => lastLine,
    apply: (rows: readonly IndexedRow[]) => apply(rows, asItIs),
    async take(lines: readonly CsvLine[], read: RowReader): Promise<void> {
      counts.rows += lines.length;
      lastLine = lines.at(-1)?.line ?? lastLine;
      await apply(lines, (line) => {
        const split = splitLine(line);
        if (!split.ok) return { kind: 'refused', problems: [{ field: 'row', reason: split.problem }] };
        const row = read(split.fields);
        if (row.ok) return indexedRow(deps.vault, line.line, row.value);
        return { kind: 'refused', problems: row.problems };
      });
    },
    async takeWaiting(): Promise<void> {
      const rows = waiting;
      waiting = [];
      for (let at = 0; at < rows.length; at += ROWS_PER_BATCH)
        await apply(rows.slice(at, at + ROWS_PER_BATCH), asItIs, true);
    },
  };
}

async function sizeOf(file: string): Promise<number | { code: string }> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : { code: 'EISDIR' };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' };
  }
}
