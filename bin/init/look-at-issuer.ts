import type { KeySetSource } from '../../lambda/config/types.ts';
import { ALGORITHMS } from '../../lambda/config/types.ts';
import { parseKeySet } from '../../lambda/keys/key-set.ts';
import { createKeySetFetcher } from '../../lambda/keys/key-set-source.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';

/** What an issuer says for itself. */
export type Look =
  /** The algorithms of its keys: of each the one that it names, or the first that it can do. */
  | { readonly kind: 'reached'; readonly algorithms: readonly string[]; readonly keyCount: number }
  /** Its metadata name it so; `iss` in its tokens will be that. */
  | { readonly kind: 'other_name'; readonly issuer: string }
  | { readonly kind: 'unreached'; readonly why: string };

/** An issuer, or its key set by its address. */
export type Source = { readonly issuer: string } | { readonly uri: string };

export type LookAt = (source: Source) => Promise<Look>;

/** Asks the issuer, with the function's own code. Never rejects for what the network does. */
export const lookAtIssuer: LookAt = async (source) => {
  const look = await lookAt(source);
  if (look.kind !== 'unreached' || !('issuer' in source)) return look;
  // The usual mistake: a slash too many, or too few, and then no token is accepted.
  const other = source.issuer.endsWith('/') ? source.issuer.slice(0, -1) : `${source.issuer}/`;
  const again = await lookAt({ issuer: other });
  return again.kind === 'reached' ? { kind: 'other_name', issuer: other } : look;
};

async function lookAt(source: Source): Promise<Look> {
  const { getJson } = await import('../../lambda/keys/http-json.ts');
  try {
    const keySet = await createKeySetFetcher(getJson)(sourceOf(source));
    const keys = parseKeySet(keySet, ALGORITHMS);
    const algorithms = [...new Set(keys.flatMap((key) => key.algorithms.slice(0, 1)))];
    return { kind: 'reached', algorithms, keyCount: keys.length };
  } catch (error) {
    if (!(error instanceof KeyUnavailable)) throw error;
    return { kind: 'unreached', why: error.message };
  }
}

const sourceOf = (source: Source): KeySetSource =>
  'uri' in source
    ? { kind: 'jwksUri', uri: source.uri, wantsSnapshot: false }
    : { kind: 'discovery', issuer: source.issuer, wantsSnapshot: false };
