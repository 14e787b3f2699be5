import { importRecords, type RecordsOutcome, type VersionedKind } from '../statistics/imports/import-records.ts';
import { type CommandInput, EXIT, type ExitCode } from './command.ts';
import { CommandFailed } from './failures.ts';
import { OPERATOR, withRegister } from './with-register.ts';

/** Reads the file that the command line names, and tells what became of it. */
export async function importRecordFile<
  Column extends string,
  Fact,
  Version extends Fact & { readonly version: number },
>({ args, print }: CommandInput, kind: VersionedKind<Column, Fact, Version>): Promise<ExitCode> {
  const outcome = await withRegister((register) =>
    importRecords(register, kind, { file: args[0] ?? '', actor: OPERATOR }),
  );
  if (outcome.kind !== 'read') throw new CommandFailed(explain(outcome));
  const { rows, added, corrected, unchanged, refused, rejectedFile } = outcome;
  const counts = `${rows} rows: ${added} added, ${corrected} corrected, ${unchanged} unchanged, ${refused} refused.`;
  const where = rejectedFile === undefined ? '' : `\nRefused rows by line, field and reason: ${rejectedFile}`;
  print({ rows, added, corrected, unchanged, refused, rejected_file: rejectedFile ?? null }, `${counts}${where}`);
  return refused === 0 ? EXIT.done : EXIT.refused;
}

function explain(outcome: Exclude<RecordsOutcome, { kind: 'read' }>): string {
  switch (outcome.kind) {
    case 'no_such_file':
      return 'The file cannot be read.';
    case 'not_csv':
      return 'The file is no CSV in UTF-8 of at most 8 MB.';
    case 'wrong_header':
      return `The header must name exactly these columns: ${outcome.columns.join(', ')}. See docs/statistics.md.`;
  }
}
