/** What is remembered of an accepted token saves work, and changes no decision. */
import { describe, expect, test } from 'vitest';
import { type DecodedToken, decode } from '../../lambda/authorizer/decode.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import { respond } from '../../lambda/authorizer/respond.ts';
import { createVerifiedTokens } from '../../lambda/authorizer/verified-tokens.ts';
import type { KeyFinder } from '../../lambda/keys/key-finder.ts';
import { NOW_SECONDS, OTHER_SECRET, SECRET, tokenOf } from '../support/tokens.ts';
import { configOf, dependenciesOf, finderOf, foundForUser } from './fixtures.ts';

const decoded = (token: string): DecodedToken => {
  const made = decode(token as UnverifiedToken);
  if (isDenial(made)) throw new Error(made.code);
  return made;
};
const numbered = (n: number) => decoded(tokenOf({ jti: `token-${n}` }));

describe('what is remembered', () => {
  test('a token that came twice, with its key and no other', () => {
    const verified = createVerifiedTokens();
    const one = numbered(1);
    verified.remember(one, SECRET);
    expect(verified.find(one.token)).toBeUndefined();
    verified.remember(one, SECRET);
    const found = verified.find(one.token);
    expect(found).toEqual({ ...one, heldWith: SECRET });
    expect(found?.heldWith).toBe(SECRET);
    // The same text, decoded by itself: nobody verified that.
    expect(one.heldWith).toBeUndefined();
    expect(verified.find(numbered(2).token)).toBeUndefined();
  });

  test('with the key of the last time', () => {
    const verified = createVerifiedTokens();
    const one = numbered(1);
    for (const key of [SECRET, SECRET, OTHER_SECRET]) verified.remember(one, key);
    const found = verified.find(one.token);
    expect(found?.heldWith).toBe(OTHER_SECRET);
  });

  test('not what is forgotten, in either generation', () => {
    const verified = createVerifiedTokens({ maximumTokens: 2 });
    const [one, two] = [numbered(1), numbered(2)];
    for (const token of [one, one, two, two]) verified.remember(token, SECRET);
    for (const { token } of [one, two]) {
      expect(verified.find(token)).toBeDefined();
      verified.forget(token);
      expect(verified.find(token)).toBeUndefined();
    }
  });

  const keptOf = (count: number, limits: Parameters<typeof createVerifiedTokens>[0]) => {
    const verified = createVerifiedTokens(limits);
    const tokens = Array.from({ length: count }, (_, n) => numbered(n));
    for (const token of tokens) for (const _ of [1, 2]) verified.remember(token, SECRET);
    // The youngest first, since to ask for an elder one makes it young.
    return tokens.reverse().filter(({ token }) => verified.find(token) !== undefined).length;
  };

  test('half as many tokens as may be, and no more than may be', () => {
    expect(keptOf(5, { maximumTokens: 10 })).toBe(5);
    const kept = keptOf(100, { maximumTokens: 10 });
    expect(kept).toBeGreaterThanOrEqual(5);
    expect(kept).toBeLessThanOrEqual(10);
  });

  test('no more characters than may be', () => {
    const { length } = numbered(100).token;
    expect(keptOf(50, { maximumCharacters: 100 * length })).toBe(50);
    expect(keptOf(500, { maximumCharacters: 100 * length })).toBeLessThanOrEqual(100);
    expect(keptOf(1, { maximumCharacters: 2 * length })).toBe(1);
    expect(keptOf(1, { maximumCharacters: length })).toBe(0);
  });

  test('what is in use stays', () => {
    const verified = createVerifiedTokens({ maximumTokens: 10 });
    const inUse = numbered(0);
    for (const _ of [1, 2]) verified.remember(inUse, SECRET);
    for (let n = 1; n < 100; n++) {
      for (const _ of [1, 2]) verified.remember(numbered(n), SECRET);
      expect(verified.find(inUse.token)).toBeDefined();
    }
    expect(verified.find(numbered(1).token)).toBeUndefined();
  });
});

describe('each request is decided anew', () => {
  /** A world in which everything can change, and how often a signature was looked at. */
  const worldOf = () => {
    const state = {
      nowSeconds: NOW_SECONDS,
      keys: [SECRET],
      found: foundForUser({ scopes: ['orders:read'] }) as ReturnType<typeof foundForUser> | undefined,
      isRevoked: false,
    };
    const verified = createVerifiedTokens();
    const keysOf = (): KeyFinder => ({
      find: (hint) => finderOf(...state.keys).find(hint),
      findNewer: () => undefined,
    });
    const dependencies = dependenciesOf({
      config: configOf([{ checkCredentialExistence: true }], {
        routes: [{ paths: ['/orders'], methods: ['POST'], scopes: ['orders:write'] }],
      }),
      ...{ keysOf, verified },
      now: () => state.nowSeconds * 1000,
      findCredential: async () => state.found,
      findRevocation: async () => ({ isRevoked: state.isRevoked }),
    });
    const ask = async (token: string, method = 'GET', stage = 'prod') => {
      const outcome = await respond(
        {
          type: 'REQUEST',
          methodArn: `arn:aws:execute-api:us-east-1:111122223333:api/${stage}/${method}/orders`,
          ...{ resource: '/orders', path: '/orders', httpMethod: method },
          headers: { Authorization: `Bearer ${token}` },
        },
        dependencies,
      );
      if (outcome.kind === 'unavailable') throw outcome.error;
      const { decision, answer } = outcome;
      return decision.kind === 'denied' ? decision.denial.code : JSON.stringify(answer);
    };
    return { state, ask, verified };
  };
  const token = tokenOf({ sub: 'key-1', iat: NOW_SECONDS });
  const warm = async () => {
    const world = worldOf();
    const answers = [];
    for (const _ of [1, 2, 3, 4]) answers.push(await world.ask(token));
    expect(new Set(answers).size).toBe(1);
    expect(world.verified.find(token)).toBeDefined();
    return world;
  };

  test.each<[string, string, (state: ReturnType<typeof worldOf>['state']) => void]>([
    [
      'time',
      'token_expired',
      (state) => {
        state.nowSeconds += 3600;
      },
    ],
    [
      'the key',
      'signature_invalid',
      (state) => {
        state.keys = [OTHER_SECRET];
      },
    ],
    [
      'that there is no key',
      'key_unknown',
      (state) => {
        state.keys = [];
      },
    ],
    [
      'the credential',
      'credential_inactive',
      (state) => {
        state.found = foundForUser({ isActive: false });
      },
    ],
    [
      'that it is gone',
      'credential_unknown',
      (state) => {
        state.found = undefined;
      },
    ],
    [
      'a revocation',
      'token_revoked',
      (state) => {
        state.isRevoked = true;
      },
    ],
  ])('%s counts at once: %s; and it is forgotten', async (_, code, change) => {
    const { state, ask, verified } = await warm();
    const before = { ...state };
    change(state);
    expect(await ask(token)).toBe(code);
    expect(verified.find(token)).toBeUndefined();
    Object.assign(state, before);
    expect(await ask(token)).toContain('"Allow"');
  });

  test('the answer is that of the method, the stage and the scopes', async () => {
    const { state, ask, verified } = await warm();
    const read = await ask(token);
    expect(await ask(token, 'PUT')).toBe(read.replaceAll('GET/orders', 'PUT/orders'));
    expect(await ask(token, 'GET', 'test')).toBe(read.replaceAll('api/prod', 'api/test'));
    expect(await ask(token)).toBe(read);
    expect(await ask(token, 'POST')).toBe('scope_missing');
    expect(verified.find(token)).toBeUndefined();
    state.found = foundForUser({ scopes: ['orders:write'] });
    expect(await ask(token, 'POST')).toContain('"scopes":"orders:write"');
    expect(await ask(token)).toContain('"scopes":"orders:write"');
  });

  test('the answer is that of the credential as it is now', async () => {
    const { state, ask, verified } = await warm();
    for (const scopes of [['orders:delete'], ['orders:list'], ['orders:read']]) {
      state.found = foundForUser({ scopes });
      expect(await ask(token)).toContain(`"scopes":"${scopes}"`);
      expect(verified.find(token)).toBeDefined();
    }
  });

  test('a token with the signature of another is another', async () => {
    const { ask } = await warm();
    const other = tokenOf({ sub: 'key-1', iat: NOW_SECONDS, admin: true });
    expect(await ask(`${other.slice(0, other.lastIndexOf('.'))}${token.slice(token.lastIndexOf('.'))}`)).toBe(
      'signature_invalid',
    );
  });
});
