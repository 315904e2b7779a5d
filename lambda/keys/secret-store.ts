import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';
import { isRecord } from '../config/record.ts';
import { KeyUnavailable } from './key-unavailable.ts';

/** Fetches a secret's current value. @throws KeyUnavailable when it cannot be had. */
export type FetchSecret = (arn: string, jsonField?: string) => Promise<Uint8Array>;

/** AWS Secrets Manager. Region, endpoint and credentials are the AWS SDK's own. */
export function createSecretsManager(): FetchSecret {
  const client = withoutNodeVersionWarning(
    () =>
      new SecretsManagerClient({
        maxAttempts: 3,
        requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
      }),
  );
  return async (arn, jsonField) => {
    let answer: { SecretString?: string | undefined; SecretBinary?: Uint8Array | undefined };
    try {
      answer = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    } catch (cause) {
      throw new KeyUnavailable(`cannot read ${arn}`, { cause });
    }
    const bytes = answer.SecretBinary ?? Buffer.from(answer.SecretString ?? '', 'utf8');
    return jsonField === undefined ? bytes : fieldOf(bytes, jsonField, arn);
  };
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
