import type { AuthorizerConfig } from './types.ts';

/** Whether some policy looks credentials or revocations up: only then is there a table, and an AWS SDK to load. */
export function needsTable({ policies }: Pick<AuthorizerConfig, 'policies'>): boolean {
  return policies.some((policy) => policy.tokenRevocation);
}
