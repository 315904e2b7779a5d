import type { Add, ResolvedKey } from './resolved-key.ts';
import type { RawPolicy } from './schema.ts';
import type { Algorithm } from './types.ts';

/** A day: as long as most tokens live. */
const PREVIOUS_SECRET_SECONDS = 86_400;

/** A key in a secret store, which nobody sees beforehand. */
export function resolveStoredKey(
  raw: RawPolicy,
  option: 'secret' | 'secretArn' | 'parameterName',
  { add, isRefused }: { add: Add; isRefused: (option: string) => boolean },
): ResolvedKey | undefined {
  if (option === 'secret') {
    const keySource = {
      kind: 'generated',
      previousKeySeconds: raw.previousSecretSeconds ?? PREVIOUS_SECRET_SECONDS,
    } as const;
    return { keySource, algorithms: assertHmac(raw.algorithms, add) ?? ['HS256', 'HS384', 'HS512'] };
  }
  if (raw.algorithms === undefined && isRefused('algorithms')) return undefined;
  if (raw.algorithms === undefined)
    return add(
      'algorithms_required',
      'algorithms',
      `missing; nobody sees the type of a ${option} beforehand, so list the algorithms`,
    );
  const algorithms = assertOneKind(raw.algorithms, add) ?? [];
  if (option === 'parameterName') {
    // Parameters have versions, but no stage that says "this one was meant to stay valid": only when asked for.
    const previousKeySeconds = raw.previousSecretSeconds ?? 0;
    return {
      keySource: { kind: 'parameter', name: raw.parameterName ?? '', previousKeySeconds },
      algorithms,
    };
  }
  const jsonField = raw.secretJsonField;
  return {
    keySource: {
      kind: 'secretArn',
      arn: raw.secretArn ?? '',
      previousKeySeconds: raw.previousSecretSeconds ?? PREVIOUS_SECRET_SECONDS,
      ...(jsonField !== undefined && { jsonField }),
    },
    algorithms,
  };
}

function assertHmac(listed: readonly Algorithm[] | undefined, add: Add): readonly Algorithm[] | undefined {
  const foreign = listed?.filter((algorithm) => !algorithm.startsWith('HS')) ?? [];
  if (foreign.length > 0)
    return add(
      'algorithm_key_mismatch',
      'algorithms',
      `got ${foreign.join(', ')}, which a secret cannot do; give some of HS256, HS384, HS512`,
    );
  return listed;
}

/** A stored key is either a secret or a public key: an allow-list with both would let one be taken for the other. */
function assertOneKind(listed: readonly Algorithm[], add: Add): readonly Algorithm[] | undefined {
  const kinds = new Set(
    listed.map((algorithm) => {
      if (algorithm.startsWith('E')) return algorithm; // each of a curve of its own
      return algorithm.startsWith('P') ? 'RS' : algorithm.slice(0, 2);
    }),
  );
  if (kinds.size > 1)
    return add(
      'algorithm_key_mismatch',
      'algorithms',
      `got ${listed.join(', ')}, which no single key can do; give algorithms of one kind (HS*, RS* and PS*, or one of ES*)`,
    );
  return listed;
}
