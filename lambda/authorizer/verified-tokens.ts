import type { KeyObject } from 'node:crypto';
import type { DecodedToken } from './decode.ts';

/** With what they were decoded to, some 30 MB at most. */
const MAXIMUM_TOKENS = 5_000;
const MAXIMUM_CHARACTERS = 4_000_000;

/**
 * Tokens that were accepted lately, so that the next request with one need not be decoded and verified again. What is
 * remembered is true of the token's text and the key alone, for ever: that the text reads so, and that this very
 * key's signature holds. All that time, state or a policy can change is looked at anew for each request: whether the
 * key still counts, the claims' times, the credential, what was revoked. A token that is denied is forgotten.
 */
export interface VerifiedTokens {
  /** @returns the token as it was decoded then. */
  find(token: string): DecodedToken | undefined;
  /** Whether the signature is known to hold with this key. A key that was fetched again is another one. */
  holdsWith(decoded: DecodedToken, key: KeyObject): boolean;
  /** @param key with which the signature held. */
  remember(decoded: DecodedToken, key: KeyObject): void;
  forget(token: string): void;
}

/** Places for marks of tokens that came once. */
const MARKS = 16_384;

/** Of the signature's end, which is as good as random. Two tokens with one mark are only kept sooner. */
function markOf(token: string): number {
  let mark = 0;
  for (let i = token.length - 8; i < token.length; i++)
    mark = (Math.imul(mark, 67) + token.charCodeAt(i)) >>> 0;
  return mark;
}

interface Entry {
  readonly decoded: DecodedToken;
  readonly key: KeyObject;
}

/**
 * In two generations: when the younger is half of what may be kept, the elder is dropped and the younger takes its
 * place. What is asked for moves into the younger, so that what is in use stays. And only what comes a second time is
 * kept: of tokens that come once, as behind API Gateway's cache, keeping costs more than it saves.
 */
export function createVerifiedTokens({
  maximumTokens = MAXIMUM_TOKENS,
  maximumCharacters = MAXIMUM_CHARACTERS,
} = {}): VerifiedTokens {
  let younger = new Map<string, Entry>();
  let elder = new Map<string, Entry>();
  let characters = 0;
  const came = new Uint32Array(MARKS);
  const add = (entry: Entry) => {
    const { token } = entry.decoded;
    if (token.length > maximumCharacters / 2) return;
    if (younger.size >= maximumTokens / 2 || characters + token.length > maximumCharacters / 2) {
      elder = younger;
      younger = new Map();
      characters = 0;
    }
    younger.set(token, entry);
    characters += token.length;
  };
  const entryOf = (token: string): Entry | undefined => {
    const young = younger.get(token);
    if (young !== undefined) return young;
    const old = elder.get(token);
    if (old === undefined) return undefined;
    elder.delete(token);
    add(old);
    return old;
  };
  const forget = (token: string) => {
    if (younger.delete(token)) characters -= token.length;
    elder.delete(token);
  };
  return {
    find: (token) => entryOf(token)?.decoded,
    holdsWith(decoded, key) {
      const entry = entryOf(decoded.token);
      return entry?.decoded === decoded && entry.key === key;
    },
    remember(decoded, key) {
      const known = entryOf(decoded.token);
      if (known?.decoded === decoded && known.key === key) return;
      forget(decoded.token);
      const mark = markOf(decoded.token);
      if (came[mark % MARKS] === mark) add({ decoded: { ...decoded, isRemembered: true }, key });
      else came[mark % MARKS] = mark;
    },
    forget,
  };
}
