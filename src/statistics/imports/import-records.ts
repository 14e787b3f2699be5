import { readFile, rm, writeFile } from 'node:fs/promises';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { appendAudit } from '../../audit/audit-store.ts';
import type { AuditAction, AuditActor } from '../../domain/audit-event.ts';
import type { FieldProblem, ReadRecord } from '../../domain/denominator.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Db, inTransaction } from '../../platform/database.ts';

export type ImportDeps = { readonly db: Db; readonly clock: Clock };

export type RecordsOutcome =
  | {
      readonly kind: 'read';
      readonly rows: number;
      readonly added: number;
      /** New versions of what was there. */
      readonly corrected: number;
      readonly unchanged: number;
      readonly refused: number;
      readonly rejectedFile: string | undefined;
    }
  | { readonly kind: 'no_such_file' }
  | { readonly kind: 'not_csv' }
  | { readonly kind: 'wrong_header'; readonly columns: readonly string[] };

/** A kind of record that comes in a small file and is kept in versions. */
export type VersionedKind<Column extends string, Fact, Version extends Fact & { readonly version: number }> = {
  readonly columns: readonly Column[];
  readonly action: AuditAction;
  read(fields: Readonly<Record<Column, string>>): ReadRecord<Fact>;
  /** Two facts with the same key say something about the same. */
  keyOf(fact: Fact): string;
  /** Whether the second says nothing that the first did not. */
  isSame(known: Fact, fact: Fact): boolean;
  hasReason(fact: Fact): boolean;
  listVersions(tx: Db): Promise<readonly Version[]>;
  insert(tx: Db, versions: readonly { fact: Fact; version: number; recordedAt: Date }[]): Promise<void>;
};

const LARGEST_FILE_BYTES = 8 * 1024 * 1024;

/** Reads a file of bases or published figures in one transaction: what is new becomes version 1, what differs from what is known the next version (it needs
 *  a reason), what is known already changes nothing, so that a file can be read again. Refused rows are listed in `<file>.rejected.csv`. */
export async function importRecords<Column extends string, Fact, Version extends Fact & { readonly version: number }>(
  { db, clock }: ImportDeps,
  kind: VersionedKind<Column, Fact, Version>,
  { file, actor }: { file: string; actor: AuditActor },
): Promise<RecordsOutcome> {
  const lines = await readLines(file);
  if (!Array.isArray(lines)) return lines;
  const header = lines[0]?.fields ?? [];
  const isKnown = kind.columns.every((column) => header.includes(column)) && header.length === kind.columns.length;
  if (!isKnown) return { kind: 'wrong_header', columns: kind.columns };

  const problems: LineProblem[] = [];
  const facts: { line: number; fact: Fact }[] = [];
  const seen = new Set<string>();
  for (const { line, fields } of lines.slice(1)) {
    const named = Object.fromEntries(header.map((column, at) => [column, (fields[at] ?? '').normalize('NFC').trim()]));
    const read = kind.read(named as Record<Column, string>);
    if (!read.ok) problems.push(...read.problems.map((problem) => ({ line, ...problem })));
    else if (seen.has(kind.keyOf(read.value))) problems.push({ line, field: 'row', reason: 'repeated_in_file' });
    else {
      seen.add(kind.keyOf(read.value));
      facts.push({ line, fact: read.value });
    }
  }

  const saved = await inTransaction(db, async (tx) => {
    const recordedAt = clock();
    const judged = judge(kind, await kind.listVersions(tx), facts);
    const versions = judged.versions.map((one) => ({ ...one, recordedAt }));
    await kind.insert(tx, versions);
    const added = versions.filter(({ version }) => version === 1).length;
    const counts = { added, corrected: versions.length - added, unchanged: judged.unchanged };
    await appendAudit(tx, { at: recordedAt, actor, action: kind.action, detail: counts });
    return { ...counts, problems: judged.problems };
  });

  const all = [...problems, ...saved.problems].toSorted((a, b) => a.line - b.line);
  const { added, corrected, unchanged } = saved;
  const refused = new Set(all.map(({ line }) => line)).size;
  const rejectedFile = await writeRejected(`${file}.rejected.csv`, all);
  return { kind: 'read', rows: lines.length - 1, added, corrected, unchanged, refused, rejectedFile };
}

type LineProblem = FieldProblem & { readonly line: number };

function judge<Column extends string, Fact, Version extends Fact & { readonly version: number }>(
  kind: VersionedKind<Column, Fact, Version>,
  known: readonly Version[],
  facts: readonly { line: number; fact: Fact }[],
): { versions: { fact: Fact; version: number }[]; unchanged: number; problems: LineProblem[] } {
  // Versions come in order, so that the latest of a key is the one that stays.
  const latest = new Map(known.map((version) => [kind.keyOf(version), version]));
  const versions: { fact: Fact; version: number }[] = [];
  const problems: LineProblem[] = [];
  let unchanged = 0;
  for (const { line, fact } of facts) {
    const before = latest.get(kind.keyOf(fact));
    if (before === undefined) versions.push({ fact, version: 1 });
    else if (kind.isSame(before, fact)) unchanged += 1;
    else if (kind.hasReason(fact)) versions.push({ fact, version: before.version + 1 });
    else problems.push({ line, field: 'reason', reason: 'reason_needed_for_a_correction' });
  }
  return { versions, unchanged, problems };
}

async function readLines(file: string): Promise<{ line: number; fields: string[] }[] | RecordsOutcome> {
  let text: string;
  try {
    const bytes = await readFile(file);
    if (bytes.length > LARGEST_FILE_BYTES) return { kind: 'not_csv' };
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    return { kind: error instanceof TypeError ? 'not_csv' : 'no_such_file' };
  }
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      delimiter: [',', ';', '\t'],
    }) as unknown as { info: { lines: number }; record: string[] }[];
    return records.map(({ info, record }) => ({ line: info.lines, fields: record }));
  } catch (error) {
    if (error instanceof CsvError) return { kind: 'not_csv' };
    throw error;
  }
}

async function writeRejected(file: string, problems: readonly LineProblem[]): Promise<string | undefined> {
  if (problems.length === 0) {
    await rm(file, { force: true });
    return undefined;
  }
  const rows = problems.map(({ line, field, reason }) => ({ line, field, reason }));
  await writeFile(file, stringify(rows, { header: true }), { mode: 0o600 });
  return file;
}
