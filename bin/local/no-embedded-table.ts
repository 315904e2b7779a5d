/** Node.js's message for a package that is not there. @see https://nodejs.org/api/errors.html#err_module_not_found */
const MISSING = /^Cannot find package '(dynalite|classic-level)'/;

/**
 * The embedded DynamoDB is an optional dependency: `npm install --omit=optional` leaves it out, and what is deployed needs it not.
 * @returns what to do, if that is why something failed.
 */
export function noEmbeddedTable(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  const [, missing] = MISSING.exec(error.message) ?? [];
  return missing === undefined
    ? undefined
    : `the embedded DynamoDB is not installed (${missing}, an optional dependency); run npm install --include=optional, or take a deployed table with --table or --stack where the command has it`;
}
