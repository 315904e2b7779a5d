/** Thrown in the place of what the function threw, with the same message, by which alone API Gateway goes. */
export class FunctionError extends Error {
  /** A denial's code, or an outage's reason. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}
