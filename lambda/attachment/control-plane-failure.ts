import { ControlPlaneRefused, ControlPlaneUnavailable } from './control-plane.ts';

/** What a failed call says about another try, and about its effect. */
export interface Failure {
  readonly isPassing: boolean;
  /** It may have taken effect: no answer came, or one that does not say. */
  readonly isUncertain: boolean;
  readonly isMissing: boolean;
}

/**
 * - 429 is a throttle, and never took effect; but `LimitExceededException` also says that an API is full.
 * - 409 is "concurrent modification" (terraform-provider-aws 776), which passes, or a contradiction, which does not: AWS
 *   has one name for both.
 * - Errors without a status are the network's, or the SDK's own when it has no credentials.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html
 */
export function failureOf(error: unknown): Failure {
  const { name, message, status } = partsOf(error);
  const isMissing = name === 'NotFoundException';
  if (status === undefined) {
    const isOurs = name === 'CredentialsProviderError' || name === 'TypeError';
    return { isPassing: !isOurs, isUncertain: !isOurs, isMissing };
  }
  const isFull = name === 'LimitExceededException' && message.startsWith('Maximum number');
  const isPassing = (status === 429 && !isFull) || status === 409 || status >= 500;
  return { isPassing, isUncertain: status >= 500, isMissing };
}

/** @returns the error to end with. AWS's message is for the user: it quotes names and ARNs, and no secret is ever sent. */
export function errorOf(operation: string, error: unknown): Error {
  const { name, message } = partsOf(error);
  const text = `${operation}: ${name}${message === '' ? '' : `: ${message}`}`;
  return failureOf(error).isPassing && name !== 'ConflictException'
    ? new ControlPlaneUnavailable(text, { cause: error })
    : new ControlPlaneRefused(text, { cause: error });
}

function partsOf(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
} {
  if (!(error instanceof Error)) return { name: typeof error, message: '', status: undefined };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: $metadata?.httpStatusCode };
}
