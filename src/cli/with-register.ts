import { assembleRegister, type Register, SchemaIsOld } from '../assemble-register.ts';
import { type Config, loadConfig } from '../config.ts';
import type { ConfigProblem } from '../config-keys.ts';
import { createLog } from '../platform/log.ts';
import { explainStartFailure } from '../start-failure.ts';
import { CommandFailed } from './failures.ts';

/** The configuration, as the provider would read it here. @throws CommandFailed with every problem in it. */
export function readConfig(): Config {
  const loaded = loadConfig();
  if (!loaded.ok) throw new CommandFailed(describeProblems(loaded.problems));
  return loaded.config;
}

export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ key, problem, remedy }) => `  ${key}: ${problem}\n      → ${remedy}`);
  return ['The configuration cannot be used:', ...lines].join('\n');
}

/** Opens the register for one command and closes it whatever happens. `adjust` may point it at another database. */
export async function withRegister<T>(
  work: (register: Register) => Promise<T>,
  adjust: (config: Config) => Config = (config) => config,
): Promise<T> {
  const config = adjust(readConfig());
  const register = await openRegister(config);
  try {
    return await work(register);
  } finally {
    await register.close();
  }
}

async function openRegister(config: Config): Promise<Register> {
  try {
    // Standard output is the command's answer; the log goes beside it.
    const log = createLog('warn', { write: (line) => void process.stderr.write(line) });
    return await assembleRegister(config, { log });
  } catch (error) {
    throw explainedFailure(error);
  }
}

/** What the system refused, told by the key that mends it; a fault of ours stays what it is. */
export function explainedFailure(error: unknown): unknown {
  if (error instanceof SchemaIsOld)
    return new CommandFailed('The schema is older than this version: run npx dinhdanh migrate');
  const known = explainStartFailure(error);
  return known === undefined ? error : new CommandFailed(describeProblems([known]));
}

/** Who runs the command line, where no officer is named. */
export const OPERATOR = { kind: 'operator' } as const;
