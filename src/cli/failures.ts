/** The command was understood and cannot be done; the message says why and what to do. Exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The command cannot be understood. Exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}
