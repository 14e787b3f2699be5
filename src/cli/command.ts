import { Command, CommanderError, Option } from 'commander';
import { CommandFailed, WrongUsage } from './failures.ts';
import { printTo } from './terminal.ts';

/** The exit codes of every command: scripts rely on them. */
export const EXIT = { done: 0, refused: 1, wrongUsage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export type CommandInput = {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Prints `data` where `--json` was given, else `text`. */
  readonly print: (data: unknown, text: string) => void;
};

/** One command of the table in main.ts. */
export type CliCommand = {
  /** As it is typed: `people import <file>`. */
  readonly usage: string;
  readonly summary: string;
  /** More about it, under the summary in `--help`. */
  readonly details?: string;
  /** One whole line that a reader can copy. */
  readonly example: string;
  readonly options?: readonly OptionSpec[];
  /** Whether it prints data and so has `--json`. */
  readonly printsData?: boolean;
  /** @returns the exit code; nothing means done. @throws CommandFailed, WrongUsage */
  run(input: CommandInput): Promise<ExitCode | undefined>;
};

export type OptionSpec = {
  readonly flags: string;
  readonly description: string;
  readonly isRequired?: boolean;
  readonly choices?: readonly string[];
  readonly fallback?: string;
};

/** Commands by the words that name them. */
export type CommandTable = Readonly<Record<string, () => Promise<CliCommand>>>;

/** Runs the command that `argv` names and tells how it went. */
export async function runCommand(table: CommandTable, argv: readonly string[]): Promise<ExitCode> {
  const commands = await loadCommands(table, argv);
  let code: ExitCode = EXIT.done;
  const program = createProgram(commands, (answer) => {
    code = answer ?? EXIT.done;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Help was asked for, and shown; every other complaint of the parser is one of usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    if (error instanceof WrongUsage) return tell(error.message, EXIT.wrongUsage);
    if (error instanceof CommandFailed) return tell(error.message, EXIT.refused);
    throw error;
  }
}

/** The one that is named; all of them where help is asked for, or what is named is no command. */
async function loadCommands(table: CommandTable, argv: readonly string[]): Promise<CliCommand[]> {
  const names = [3, 2, 1].map((words) => argv.slice(0, words).join(' '));
  const named = names.map((name) => table[name]).find((load) => load !== undefined);
  return Promise.all((named === undefined ? Object.values(table) : [named]).map((load) => load()));
}

function tell(message: string, code: ExitCode): ExitCode {
  process.stderr.write(`${message}\n`);
  return code;
}

function createProgram(commands: readonly CliCommand[], onDone: (code: ExitCode | undefined) => void): Command {
  const program = new Command('dinhdanh').description('Electronic identity accounts: operation by the command line.');
  program.addHelpText('after', '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage.');
  const groups = new Map<string, Command>();
  for (const command of commands) {
    const words = command.usage.split(' ');
    const firstArgument = words.findIndex((word) => /^[<[]/.test(word));
    const nameAt = (firstArgument === -1 ? words.length : firstArgument) - 1;
    const parent = groupOf(program, groups, words.slice(0, nameAt));
    addCommand(parent, words.slice(nameAt).join(' '), command, onDone);
  }
  // After all are added: a command takes these over when it is made.
  for (const one of withAllBelow(program)) one.exitOverride().showHelpAfterError('(see --help)');
  return program;
}

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

const GROUPS: Readonly<Record<string, string>> = {
  people: 'the register: import people, make fictional ones',
  demo: 'fictional registers with the numbers of a real city',
  keys: 'signing keys, and the keys under which values lie sealed',
  clients: 'relying parties',
  accounts: 'what an officer does with one account',
  stats: 'rates, and the counters beneath them',
  'stats bases': 'populations and targets that rates are divided by',
  'stats published': 'figures published elsewhere, kept as published',
  'stats campaigns': 'campaigns and dated notes: what was done when',
  'stats totals': 'uses that relying parties report of themselves',
  'stats snapshots': 'figures frozen: as of a day, as known on a day',
  outbox: 'messages that could not be delivered',
  audit: 'the audit trail',
  retention: 'what is kept, and for how long',
};

/** The command under which these words put another: `stats bases` of `stats bases import`. */
function groupOf(program: Command, groups: Map<string, Command>, words: readonly string[]): Command {
  const [last] = words.slice(-1);
  if (last === undefined) return program;
  const name = words.join(' ');
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = groupOf(program, groups, words.slice(0, -1))
    .command(last)
    .description(GROUPS[name] ?? '');
  groups.set(name, group);
  return group;
}

function addCommand(
  parent: Command,
  usage: string,
  spec: CliCommand,
  onDone: (code: ExitCode | undefined) => void,
): void {
  const command = parent.command(usage).description([spec.summary, spec.details ?? ''].join('\n\n').trim());
  command.summary(spec.summary);
  for (const { flags, description, isRequired, choices, fallback } of spec.options ?? []) {
    const option = new Option(flags, description).makeOptionMandatory(isRequired === true);
    if (choices !== undefined) option.choices([...choices]);
    if (fallback !== undefined) option.default(fallback);
    command.addOption(option);
  }
  if (spec.printsData === true) command.option('--json', 'print the answer as JSON');
  command.addHelpText('after', `\nExample:\n  $ ${spec.example}`);
  command.action(async () => {
    const options = command.opts<Record<string, string | boolean | undefined>>();
    onDone(await spec.run({ args: command.args, options, print: printTo(options['json'] === true) }));
  });
}
