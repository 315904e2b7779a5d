/** Where to report what nobody expected. */
export interface Reporting {
  /** Whether to tell where it came from. */
  readonly isDebug: boolean;
  /** URL of the package's issues. @default unknown */
  readonly issues?: string | undefined;
}

/** A bug, as lines for a person: what it was, and how to tell more of it. */
export function unexpectedText(error: unknown, { isDebug, issues }: Reporting): string {
  if (isDebug) return error instanceof Error ? (error.stack ?? error.message) : 'unknown failure';
  const what = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure';
  const where = issues === undefined ? 'to the issues of apigateway-jwt-authorizer' : `at ${issues}`;
  return `${what}\nThis is a bug. --debug shows where it comes from: report that ${where}, with --version --verbose.`;
}

/** `--debug`, or the same in the environment for whoever cannot change the command. */
export const isDebugging = (args: readonly string[]): boolean =>
  args.includes('--debug') || Boolean(process.env['JWT_AUTHORIZER_DEBUG']);
