import { safeText } from '../commands/terminal.ts';
import { CommandFailure } from '../consumers/failure.ts';

/** What was called when it failed, in the words of the options. */
export interface Called {
  /** `the stack Orders`, `the REST API a1b2c3`. */
  readonly what: string;
  /** Options to look at, such as `--stack and --region`. */
  readonly options: string;
  /** What these credentials may be missing, such as `cloudformation:DescribeStacks`. */
  readonly permissions: string;
}

/** Names that AWS gives the same thing in its services. */
const CREDENTIALS_MISSING = new Set(['CredentialsProviderError', 'TokenProviderError']);
const CREDENTIALS_REFUSED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'RequestExpired',
]);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedException']);
const NOT_FOUND = new Set(['NotFoundException', 'ResourceNotFoundException']);
const THROTTLED = new Set([
  'TooManyRequestsException',
  'LimitExceededException',
  'Throttling',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
]);

/**
 * What a person can do about an error of the AWS SDK, or of what wraps one as its `cause`.
 * @returns undefined for what is no answer of AWS's and no failure to reach it: a bug.
 */
export function awsFailure(
  error: unknown,
  { what, options, permissions }: Called,
): CommandFailure | undefined {
  const cause = sdkErrorOf(error);
  if (cause === undefined) return undefined;
  const { name } = cause;
  const says = (text: string) => new CommandFailure(text);
  if (/region is missing/i.test(cause.message))
    return says('no AWS region; give --region, or set AWS_REGION');
  if (CREDENTIALS_MISSING.has(name))
    return says(
      'no AWS credentials were found; set AWS_PROFILE, or log in with `aws sso login` or `aws login`',
    );
  if (CREDENTIALS_REFUSED.has(name))
    return says(`AWS does not take these credentials (${name}); log in again`);
  if (DENIED.has(name))
    return says(
      `these AWS credentials may not use ${what}; they need ${permissions}, or use others with AWS_PROFILE`,
    );
  if (NOT_FOUND.has(name))
    return says(`there is no such thing as ${what} in this region and account; check ${options}`);
  // The same name says that something is full.
  if (THROTTLED.has(name) && !cause.message.startsWith('Maximum number'))
    return says(
      `AWS asked to wait longer than this command does (${name}); others use the account too: run it again later`,
    );
  if (isRefusal(cause)) return says(`AWS says no to ${what} (${name}): ${safeText(cause.message)}`);
  return says(`${what} cannot be reached (${name}); check ${options} and the network, then try again`);
}

const isRefusal = (error: Error): boolean => {
  const { httpStatusCode = 0 } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  return httpStatusCode >= 400 && httpStatusCode < 500;
};

/** Every error that the SDK answers with has `$metadata`; what does not get there has a system's code. */
function sdkErrorOf(error: unknown): Error | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const isAnswer = '$metadata' in each && each.name !== 'Error';
    const isTransport = 'code' in each && /^E[A-Z]+$|^UND_ERR/.test(String(each.code));
    if (isAnswer || isTransport || CREDENTIALS_MISSING.has(each.name)) return each;
    if (/region is missing/i.test(each.message) || each.name === 'TimeoutError') return each;
  }
  return undefined;
}
