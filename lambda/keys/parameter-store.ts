import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';
import { CLIENT_LIMITS } from './client-limits.ts';
import { KeyUnavailable } from './key-unavailable.ts';
import type { StoredSecret } from './stored-keys.ts';
import { LOAD_LIMIT_MS } from './times.ts';

export interface ParameterWish {
  readonly name: string;
  /** Whether the version before the current one is read too. */
  readonly wantsPrevious: boolean;
}

/** Reads a parameter, decrypted. @throws KeyUnavailable when its current value cannot be had. */
export type ReadParameter = (wish: ParameterWish) => Promise<StoredSecret>;

/** SSM Parameter Store. Region, endpoint and credentials are the AWS SDK's own. */
export function openParameterStore(): ReadParameter {
  const client = withoutNodeVersionWarning(() => new SSMClient(CLIENT_LIMITS));
  return async ({ name, wantsPrevious }) => {
    const abortSignal = AbortSignal.timeout(LOAD_LIMIT_MS);
    const read = async (Name: string) => {
      const command = new GetParameterCommand({ Name, WithDecryption: true });
      const { Parameter: parameter } = await client.send(command, { abortSignal });
      if (parameter?.Name !== undefined && parameter.Name !== name)
        throw new KeyUnavailable(`the parameter ${name} was answered with another one`);
      return parameter;
    };
    try {
      const current = await read(name);
      const before = (current?.Version ?? 1) - 1;
      const previous =
        wantsPrevious && before > 0 ? await read(`${name}:${before}`).catch(noneIfMissing) : undefined;
      return {
        current: Buffer.from(current?.Value ?? '', 'utf8'),
        currentSinceMs: current?.LastModifiedDate?.getTime(),
        ...(previous?.Value !== undefined && { previous: Buffer.from(previous.Value, 'utf8') }),
      };
    } catch (cause) {
      throw cause instanceof KeyUnavailable
        ? cause
        : new KeyUnavailable(`cannot read the parameter ${name}`, { cause });
    }
  };
}

/** Parameter Store keeps the last hundred versions. */
function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ParameterVersionNotFound') return undefined;
  throw error;
}
