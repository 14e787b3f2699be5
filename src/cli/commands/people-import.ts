import { type ImportOutcome, type ImportProgress, importPeople } from '../../register/import-people.ts';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { CommandFailed } from '../failures.ts';
import { isSet } from '../option-values.ts';
import { keepHeapSmall } from '../small-heap.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { createProgressLine } from '../terminal.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

export const peopleImport: CliCommand = {
  usage: 'people import <file>',
  summary: 'read a register file (CSV) into the register',
  details:
    'Any size, 8,000 rows in each transaction. Reading a file again changes nothing, so after an interruption it is simply read again. Refused rows are listed by line, field and reason in <file>.rejected.csv, and the exit code is 1. Columns and reasons: docs/import.md.',
  example: 'npx dinhdanh people import people.csv',
  options: [{ flags: '--dry-run', description: 'judge every row and write nothing but the list of refused ones' }],
  printsData: true,
  run: ({ args, options, print }) =>
    withRegister(async (register) => {
      keepHeapSmall();
      const stop = stopOnSignal();
      const progress = createProgressLine();
      const started = performance.now();
      const secondsSince = (): number => (performance.now() - started) / 1000;
      const isDryRun = isSet(options, 'dryRun');
      const outcome = await importPeople(register, {
        file: args[0] ?? '',
        isDryRun,
        actor: OPERATOR,
        signal: stop.signal,
        onProgress: (state) => progress.show(describeProgress(state, secondsSince())),
      });
      progress.end();
      stop.end();
      if (outcome.kind !== 'read') throw new CommandFailed(explain(outcome));
      print(asData(outcome, isDryRun, secondsSince()), describe(outcome, isDryRun));
      return exitCodeOf(outcome);
    }),
};

type ReadOutcome = Extract<ImportOutcome, { kind: 'read' }>;

function describeProgress({ rows, refused, bytesRead, bytesTotal }: ImportProgress, seconds: number): string {
  const share = bytesTotal === 0 ? 1 : bytesRead / bytesTotal;
  const secondsLeft = share === 0 ? 0 : Math.ceil((seconds / share) * (1 - share));
  const eta = `${Math.floor(secondsLeft / 60)}:${String(secondsLeft % 60).padStart(2, '0')}`;
  return `${rows} rows  ${Math.round(rows / seconds)}/s  ${Math.floor(share * 100)}%  about ${eta} left  ${refused} refused`;
}

function asData(outcome: ReadOutcome, isDryRun: boolean, seconds: number): object {
  const { rows, added, updated, unchanged, refused } = outcome;
  return {
    rows,
    added,
    updated,
    unchanged,
    refused,
    complete: outcome.isComplete,
    dry_run: isDryRun,
    last_line: outcome.lastLine,
    rejected_file: outcome.rejectedFile ?? null,
    seconds: Math.round(seconds * 10) / 10,
  };
}

function describe(outcome: ReadOutcome, isDryRun: boolean): string {
  const { rows, added, updated, unchanged, refused } = outcome;
  const lines = [`${rows} rows: ${added} added, ${updated} updated, ${unchanged} unchanged, ${refused} refused.`];
  if (isDryRun) lines.push('Nothing was written: this was a dry run.');
  if (outcome.rejectedFile !== undefined) lines.push(`Refused rows by line, field and reason: ${outcome.rejectedFile}`);
  if (!outcome.isComplete)
    lines.push(
      `Stopped. Everything up to line ${outcome.lastLine} is in, nothing after it; run the command again to go on.`,
    );
  return lines.join('\n');
}

function exitCodeOf({ refused, isComplete }: ReadOutcome): ExitCode {
  return refused === 0 && isComplete ? EXIT.done : EXIT.refused;
}

function explain(outcome: Exclude<ImportOutcome, ReadOutcome>): string {
  if (outcome.kind === 'no_such_file') return `The file cannot be read (${outcome.code}).`;
  const see = 'See docs/import.md for the columns.';
  switch (outcome.problem.kind) {
    case 'no_header':
      return `The file has no header line. ${see}`;
    case 'missing_columns':
      return `The header lacks: ${outcome.problem.columns.join(', ')}. ${see}`;
    case 'unknown_columns':
      return `Nobody knows the columns at place ${outcome.problem.columns.join(', ')}. ${see}`;
    case 'repeated_columns':
      return `The header repeats: ${outcome.problem.columns.join(', ')}.`;
  }
}
