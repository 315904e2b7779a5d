import { listOf } from './list.ts';
import { isRecord } from './record.ts';
import type { Add, ResolvedKey } from './resolved-key.ts';
import type { RawPolicy } from './schema.ts';
import { ALGORITHMS, type Algorithm, type KeySetSnapshot } from './types.ts';

/** A key set is public: there are no secrets in it. */
const ASYMMETRIC: readonly Algorithm[] = ALGORITHMS.filter((algorithm) => !algorithm.startsWith('HS'));

/** An issuer's key set. What the issuer and the audience must be is judged with the policy. */
export function resolveKeySet(
  raw: RawPolicy,
  option: 'jwksUri' | 'discovery',
  add: Add,
): ResolvedKey | undefined {
  const [issuer = ''] = listOf(raw.issuer);
  const [address, where] = option === 'jwksUri' ? [raw.jwksUri ?? '', 'jwksUri'] : [issuer, 'issuer'];
  // Without an issuer there is nothing to find it from, which the policy's own check says.
  const problem = address === '' ? undefined : addressProblem(address, option);
  const foreign = raw.algorithms?.filter((algorithm) => !ASYMMETRIC.includes(algorithm)) ?? [];
  if (problem !== undefined) add('value_invalid', where, problem);
  if (foreign.length > 0)
    add(
      'algorithm_key_mismatch',
      'algorithms',
      `got ${foreign.join(', ')}; a key set is public and holds no secrets, so give some of ${ASYMMETRIC.join(', ')}`,
    );
  if (problem !== undefined || foreign.length > 0) return undefined;
  const shared = snapshotOf(raw.jwksSnapshot);
  return {
    keySource:
      option === 'jwksUri'
        ? { kind: 'jwksUri', uri: address, ...shared }
        : { kind: 'discovery', issuer: address, ...shared },
    algorithms: raw.algorithms ?? ASYMMETRIC,
  };
}

/**
 * Whether a key set may be fetched from an address: over https, or over http from this machine.
 * @returns what is wrong with it, undefined when nothing is.
 */
export function addressProblem(address: string, kind: 'jwksUri' | 'discovery'): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'is no URL; give one that begins with https://';
  }
  // The URL parser leaves it out; what compares addresses does not.
  if (/\s/.test(address)) return 'has white space; leave it out';
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    return `got ${url.protocol}//, where anybody on the way could give other keys; give https:// (http only for 127.0.0.1, [::1] and localhost)`;
  if (url.username !== '' || url.password !== '' || address.includes('#'))
    return 'has a user, a password or a fragment; leave it out';
  // Discovery appends a path to it (OpenID Connect Discovery 1.0 §4.1).
  if (kind === 'discovery' && address.includes('?')) return 'has a query, which an issuer cannot have';
  return undefined;
}

function snapshotOf(option: RawPolicy['jwksSnapshot']): {
  wantsSnapshot: boolean;
  snapshot?: KeySetSnapshot;
} {
  if (!isRecord(option)) return { wantsSnapshot: option === true };
  const { fetchedAt, keys } = option;
  return { wantsSnapshot: true, snapshot: { fetchedAtMs: Date.parse(fetchedAt), keySet: { keys } } };
}
