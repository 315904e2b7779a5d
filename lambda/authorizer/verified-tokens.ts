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
  /** @returns the token as it was decoded then, with the key that it held with. */
  find(token: string): DecodedToken | undefined;
  /** @param key with which the signature held. A key that was fetched again is another one. */
  remember(decoded: DecodedToken, key: KeyObject): void;
  forget(token: string): void;
}

/** Places for marks of tokens that came. */
const MARKS = 65_536;

/**
 * Of the signature's end, which is as good as random. Where two tokens share a place, the one that came last has it: the
 * other is looked at in full once more.
 */
function markOf(token: string): number {
  let mark = 0;
  for (let i = token.length - 8; i < token.length; i++)
    mark = (Math.imul(mark, 67) + token.charCodeAt(i)) >>> 0;
  return mark;
}

/**
 * In two generations: when the younger is half of what may be kept, the elder is dropped and the younger takes its
 * place. What is asked for moves into the younger, so that what is in use stays. And only what comes a second time is
 * kept: of tokens that come once, as behind API Gateway's cache, keeping costs more than it saves, and so does looking
 * for them: a mark tells, where the whole text would have to be hashed.
 */
export function createVerifiedTokens({
  maximumTokens = MAXIMUM_TOKENS,
  maximumCharacters = MAXIMUM_CHARACTERS,
} = {}): VerifiedTokens {
  let younger = new Map<string, DecodedToken>();
  let elder = new Map<string, DecodedToken>();
  let characters = 0;
  const came = new Uint32Array(MARKS);
  const forget = (token: string) => {
    if (younger.delete(token)) characters -= token.length;
    elder.delete(token);
  };
  const add = (decoded: DecodedToken) => {
    const { token } = decoded;
    forget(token);
    if (token.length > maximumCharacters / 2) return;
    if (younger.size >= maximumTokens / 2 || characters + token.length > maximumCharacters / 2) {
      elder = younger;
      younger = new Map();
      characters = 0;
    }
    younger.set(token, decoded);
    characters += token.length;
  };
  return {
    find(token) {
      const mark = markOf(token);
      if (came[mark % MARKS] !== mark) return undefined;
      const young = younger.get(token);
      if (young !== undefined) return young;
      const old = elder.get(token);
      if (old !== undefined) add(old);
      return old;
    },
    remember(decoded, key) {
      if (decoded.heldWith === key) return;
      const mark = markOf(decoded.token);
      if (came[mark % MARKS] === mark) add({ ...decoded, heldWith: key });
      else came[mark % MARKS] = mark;
    },
    forget,
  };
}
