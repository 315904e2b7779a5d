/** An expected failure of a command: for a person, one line that says what to do. Exit code 1. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';
}

/** A person stopped it before its end. Exit code 130, as of a shell after Ctrl-C. */
export class Interrupted extends CommandFailure {
  override readonly name = 'Interrupted';
}

/** Done and said already, with an exit code that is part of the answer. */
export class Concluded extends Error {
  override readonly name = 'Concluded';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('');
    this.exitCode = exitCode;
  }
}

/** A command that cannot mean anything as it was given. Exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}
