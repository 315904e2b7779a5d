/** An expected failure of a command: for a person, one line that says what to do. Exit code 1. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';
}

/** A command that cannot mean anything as it was given. Exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}
