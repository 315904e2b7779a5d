import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';
import { isRecord } from '../config/record.ts';
import { CLIENT_LIMITS } from './client-limits.ts';
import { KeyUnavailable } from './key-unavailable.ts';
import type { StoredSecret } from './stored-keys.ts';
import { LOAD_LIMIT_MS } from './times.ts';

export interface SecretWish {
  readonly arn: string;
  /** The field of a JSON secret that is the key. */
  readonly jsonField?: string | undefined;
  /** Whether AWSPREVIOUS is read too. */
  readonly wantsPrevious: boolean;
}

/** Reads a secret. @throws KeyUnavailable when its current value cannot be had. */
export type ReadSecret = (wish: SecretWish) => Promise<StoredSecret>;

/** AWS Secrets Manager. Region, endpoint and credentials are the AWS SDK's own. */
export function openSecretsManager(): ReadSecret {
  const client = withoutNodeVersionWarning(() => new SecretsManagerClient(CLIENT_LIMITS));
  const get = async (arn: string, VersionStage: string, abortSignal: AbortSignal) => {
    const value = await client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage }), {
      abortSignal,
    });
    assertSame(arn, value);
    return value;
  };
  // The SDK sets its clock by the first answer that finds it wrong, and tries that request again: the other of two no more.
  const read = (...asked: Parameters<typeof get>) =>
    get(...asked).catch((error) => {
      if (CLOCK_ERRORS.includes(error.name)) return get(...asked);
      throw error;
    });

  return async ({ arn, jsonField, wantsPrevious }) => {
    const signal = AbortSignal.timeout(LOAD_LIMIT_MS);
    try {
      const [current, previous] = await Promise.all([
        read(arn, 'AWSCURRENT', signal),
        wantsPrevious ? read(arn, 'AWSPREVIOUS', signal).catch(noneIfMissing) : undefined,
      ]);
      return {
        current: keyIn(current, jsonField, arn),
        currentSinceMs: current.CreatedDate?.getTime(),
        previous: previous && keyOrNone(previous, jsonField, arn),
      };
    } catch (cause) {
      throw cause instanceof KeyUnavailable ? cause : new KeyUnavailable(`cannot read ${arn}`, { cause });
    }
  };
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
const CLOCK_ERRORS = ['InvalidSignatureException', 'RequestExpired', 'SignatureDoesNotMatch'];

/**
 * @param arn an ARN, maybe without its last six characters; or a name, which emulators give for a secret of the stack.
 * @throws KeyUnavailable when what was answered is another secret.
 */
function assertSame(
  arn: string,
  { ARN, Name }: { ARN?: string | undefined; Name?: string | undefined },
): void {
  const isPartOf = ARN?.startsWith(`${arn}-`) && ARN.length === arn.length + '-AbCdEf'.length;
  if (ARN === undefined || ARN === arn || isPartOf || Name === arn) return;
  throw new KeyUnavailable(`${arn} was answered with another secret`);
}

const NEVER = ['ResourceNotFoundException', 'DecryptionFailure'];

interface SecretValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/**
 * A secret that was never rotated has no previous version; and one whose KMS key is gone since can never be read
 * again. Neither takes anything from the current one. All else may be another matter in a moment.
 */
function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && NEVER.includes(error.name)) return undefined;
  throw error;
}

/** The previous version may have had another shape: then it is no key, and takes nothing from the current one. */
function keyOrNone(value: SecretValue, jsonField: string | undefined, arn: string): Uint8Array | undefined {
  try {
    return keyIn(value, jsonField, arn);
  } catch {
    return undefined;
  }
}

function keyIn(
  { SecretBinary, SecretString = '' }: SecretValue,
  jsonField: string | undefined,
  arn: string,
): Uint8Array {
  const bytes = SecretBinary ?? Buffer.from(SecretString, 'utf8');
  return jsonField === undefined ? bytes : fieldOf(bytes, jsonField, arn);
}

function fieldOf(bytes: Uint8Array, field: string, arn: string): Uint8Array {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // The parser's own message would quote the secret.
    throw new KeyUnavailable(`${arn} holds no JSON, but secretJsonField is set`);
  }
  const text = isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  if (typeof text !== 'string')
    throw new KeyUnavailable(`${arn} has no text in the field ${JSON.stringify(field)}`);
  return Buffer.from(text, 'utf8');
}
