import { KeyUnavailable } from './key-unavailable.ts';
import type { ReadParameter } from './parameter-store.ts';
import type { FetchSecret } from './policy-keys.ts';
import type { ReadSecret } from './secrets-manager.ts';

/**
 * Asks the store that a key source names.
 * @param generatedSecretArn the ARN of the secret that the stack made for a policy, by the policy's index.
 */
export function createSecretFetcher({
  generatedSecretArn,
  readSecret,
  readParameter,
}: {
  generatedSecretArn: (policyIndex: number) => string | undefined;
  readSecret: ReadSecret;
  readParameter: ReadParameter;
}): FetchSecret {
  return async (source, policyIndex) => {
    const wantsPrevious = source.previousKeySeconds > 0;
    switch (source.kind) {
      case 'parameter':
        return readParameter({ name: source.name, wantsPrevious });
      case 'secretArn':
        return readSecret({ arn: source.arn, jsonField: source.jsonField, wantsPrevious });
      case 'generated': {
        const arn = generatedSecretArn(policyIndex);
        if (arn === undefined) throw new KeyUnavailable(`no secret was made for jwt[${policyIndex}]`);
        return readSecret({ arn, wantsPrevious });
      }
    }
  };
}
