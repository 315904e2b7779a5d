import type { KeySource } from '../config/types.ts';
import type { LookupResult } from '../consumers/memory.ts';
import type { DenialCode } from './denial.ts';
import type { UnavailableReason } from './log.ts';

/** What CloudWatch keeps the metrics of all functions of this package under. */
export const METRIC_NAMESPACE = 'JwtAuthorizer';

/** What is counted, each with what it is counted by: sets that nothing a caller sends can make larger. */
export interface MetricDetails {
  Allowed: KeySource['kind'] | 'anonymous';
  Denied: DenialCode;
  Unavailable: UnavailableReason;
  KeyRefreshFailed: KeySource['kind'];
  CredentialLookup: LookupResult;
}
export type MetricName = keyof MetricDetails;

/**
 * `Denied_token_expired`, beside `Denied`. A name rather than a dimension: a record has one value for each dimension,
 * so that a dimension would take a record for each code; CloudWatch charges the same for both.
 */
export function detailedName<Name extends MetricName>(name: Name, detail: MetricDetails[Name]): string {
  return `${name}_${detail}`;
}
