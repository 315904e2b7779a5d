import type { Duration } from 'aws-cdk-lib';

/** How much there is of the authorizer's function. */
export interface FunctionSizing {
  /**
   * Memory in MiB; the share of a processor grows with it.
   * @default 256
   */
  readonly memorySize?: number | undefined;
  /**
   * How long one decision may take, cold start and key look-up included.
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration | undefined;
  /**
   * How many decisions may be made at once, which the account's other functions cannot take away, nor have. More
   * are throttled: API Gateway then answers 500.
   * @default - as many as the account has left
   */
  readonly reservedConcurrentExecutions?: number | undefined;
  /**
   * How many instances are kept started, so that as many requests at once meet no cold start; billed by the hour.
   * @default - none
   */
  readonly provisionedConcurrentExecutions?: number | undefined;
}

/** @returns the sizing among other props. */
export const sizingOf = ({
  memorySize,
  timeout,
  reservedConcurrentExecutions,
  provisionedConcurrentExecutions,
}: FunctionSizing): FunctionSizing => ({
  ...{ memorySize, timeout },
  ...{ reservedConcurrentExecutions, provisionedConcurrentExecutions },
});
