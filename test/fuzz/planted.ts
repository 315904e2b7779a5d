/** Faults that are put into the authorizer's own modules: the fuzzer has to notice each. */
import { vi } from 'vitest';
import type * as Claims from '../../lambda/authorizer/claims.ts';
import type * as Context from '../../lambda/authorizer/context.ts';
import type * as Decode from '../../lambda/authorizer/decode.ts';
import type * as Extract from '../../lambda/authorizer/extract.ts';
import type * as Policy from '../../lambda/config/policy.ts';
import type { FailureKind } from './failure.ts';
import type { Target } from './run-cases.ts';

export interface Planted {
  readonly name: string;
  readonly target: Target;
  /** What it shows as; of several, any. */
  readonly shows: readonly FailureKind[];
  /** Mocks modules that are imported afterwards. */
  readonly plant: () => void;
}

const CLAIMS = '../../lambda/authorizer/claims.ts';
const CONTEXT = '../../lambda/authorizer/context.ts';
const DECODE = '../../lambda/authorizer/decode.ts';
const EXTRACT = '../../lambda/authorizer/extract.ts';
const POLICY = '../../lambda/config/policy.ts';
const QUOTE = '../../lambda/config/quote.ts';
const ROUTES = '../../lambda/authorizer/routes.ts';
const STRICT_JSON = '../../lambda/authorizer/strict-json.ts';
const VERIFIED_TOKENS = '../../lambda/authorizer/verified-tokens.ts';

/** As if nothing had been planted, for what is imported afterwards. */
export function uproot(): void {
  const mocked = [
    'jwa',
    'yaml',
    CLAIMS,
    CONTEXT,
    DECODE,
    EXTRACT,
    POLICY,
    QUOTE,
    ROUTES,
    STRICT_JSON,
    VERIFIED_TOKENS,
  ];
  for (const module of mocked) vi.doUnmock(module);
  vi.resetModules();
}

/** `checkClaims` with something else done before. */
function plantInClaims(change: (...given: Parameters<typeof Claims.checkClaims>) => typeof given): void {
  vi.doMock(CLAIMS, async () => {
    const real = await vi.importActual<typeof Claims>(CLAIMS);
    return {
      ...real,
      checkClaims: (...given: Parameters<typeof real.checkClaims>) => real.checkClaims(...change(...given)),
    };
  });
}

/** How text is read as JSON. */
function plantInJson(read: (text: string) => unknown): void {
  vi.doMock(STRICT_JSON, () => {
    const parseSpelledObject = (bytes: Buffer) => {
      const text = bytes.toString();
      try {
        const object = read(text);
        const isObject = typeof object === 'object' && object !== null && !Array.isArray(object);
        return isObject ? { object, text } : undefined;
      } catch {
        return undefined;
      }
    };
    return { parseSpelledObject, parseStrictObject: (bytes: Buffer) => parseSpelledObject(bytes)?.object };
  });
}

function work(ms: number): void {
  const { user } = process.cpuUsage();
  while ((process.cpuUsage().user - user) / 1000 < ms) JSON.parse('[1,2,3]');
}

const planted = (
  name: string,
  shows: FailureKind | readonly FailureKind[],
  plant: () => void,
  target: Target = 'tokens',
): Planted => ({ name, target, plant, shows: [shows].flat() });

export const PLANTED: readonly Planted[] = [
  planted('every signature holds', 'wrong allow', () =>
    vi.doMock('jwa', () => ({ default: () => ({ verify: () => true }) })),
  ),
  planted('padding is taken', 'wrong allow', () =>
    vi.doMock(DECODE, async () => {
      const real = await vi.importActual<typeof Decode>(DECODE);
      type Token = Parameters<typeof real.decode>[0];
      return { ...real, decode: (token: Token) => real.decode(token.replaceAll('=', '') as Token) };
    }),
  ),
  planted('a member twice is taken', 'wrong allow', () => plantInJson(JSON.parse)),
  planted('exp is not looked at', 'wrong allow', () =>
    plantInClaims(({ header, claims }, policy, at) => {
      const later = typeof claims['exp'] === 'number' ? { exp: at.nowSeconds + 60 } : {};
      return [{ header, claims: { ...claims, ...later } }, policy, at];
    }),
  ),
  planted('aud is not looked at', 'wrong allow', () =>
    plantInClaims((token, policy, at) => [token, { ...policy, audience: [] }, at]),
  ),
  planted('a boundary is one off: nbf equal to now', 'wrong denial', () =>
    plantInClaims((token, policy, at) => {
      const { nbf } = token.claims;
      const claims = nbf === at.nowSeconds ? { ...token.claims, nbf: at.nowSeconds + 99 } : token.claims;
      return [{ ...token, claims }, policy, at];
    }),
  ),
  planted('the check of aud throws', 'unavailable', () =>
    plantInClaims((token, policy, at) => {
      if (token.claims['aud'] === null) throw new TypeError('aud');
      return [token, policy, at];
    }),
  ),
  planted('many escapes are slow', 'slow', () =>
    plantInJson((text) => {
      if (text.split('\\u').length > 8) work(70);
      return JSON.parse(text);
    }),
  ),
  planted(
    'tokens are remembered by their header alone',
    ['answers differ', 'wrong allow', 'wrong denial', 'wrong caller'],
    () =>
      vi.doMock(VERIFIED_TOKENS, () => ({
        createVerifiedTokens: () => {
          const known = new Map<string, object>();
          const nameOf = (token: string) => token.slice(0, token.indexOf('.'));
          return {
            find: (token: string) => known.get(nameOf(token)),
            remember: (decoded: { token: string }, key: unknown) =>
              known.set(nameOf(decoded.token), { ...decoded, heldWith: key }),
            forget: () => undefined,
          };
        },
      })),
  ),
  planted('the context has a list', 'over a limit', () =>
    vi.doMock(CONTEXT, async () => {
      const real = await vi.importActual<typeof Context>(CONTEXT);
      return {
        ...real,
        contextOf: (...given: Parameters<typeof real.contextOf>) => ({
          ...real.contextOf(...given),
          roles: [],
        }),
      };
    }),
  ),
  planted('an answer has no end', 'over a limit', () =>
    vi.doMock(CONTEXT, async () => {
      const real = await vi.importActual<typeof Context>(CONTEXT);
      return {
        ...real,
        contextOf: (...given: Parameters<typeof real.contextOf>) =>
          real.contextOf(...given) ?? { authenticated: 'true', issuer: '', all: 'x'.repeat(9000) },
      };
    }),
  ),
  planted(
    'scopes are not looked at',
    ['wrong allow', 'threw'],
    () => vi.doMock(ROUTES, () => ({ authorize: () => undefined })),
    'events',
  ),
  planted(
    'of two tokens the first counts',
    ['wrong allow', 'wrong denial'],
    () =>
      vi.doMock(EXTRACT, async () => {
        const real = await vi.importActual<typeof Extract>(EXTRACT);
        const extract: typeof real.extract = (request, place) =>
          real.extract({ ...request, headerValues: (name) => request.headerValues(name).slice(0, 1) }, place);
        return { ...real, extract };
      }),
    'events',
  ),
  planted(
    'YAML has types of its own',
    ['read in another way', 'threw'],
    () =>
      vi.doMock('yaml', async () => {
        const real = await vi.importActual<typeof import('yaml')>('yaml');
        const plain = { prettyErrors: false, logLevel: 'error' } as const;
        return { ...real, parseDocument: (text: string) => real.parseDocument(text, plain) };
      }),
    'configs',
  ),
  planted(
    'requiredClaims are lost',
    'option lost',
    () =>
      vi.doMock(POLICY, async () => {
        const real = await vi.importActual<typeof Policy>(POLICY);
        const parsePolicy: typeof real.parsePolicy = (...given) => {
          const parsed = real.parsePolicy(...given);
          return parsed.policy ? { ...parsed, policy: { ...parsed.policy, requiredClaims: [] } } : parsed;
        };
        return { ...real, parsePolicy };
      }),
    'configs',
  ),
  planted(
    'a policy that is null is not thought of',
    'threw',
    () =>
      vi.doMock(POLICY, async () => {
        const real = await vi.importActual<typeof Policy>(POLICY);
        const parsePolicy: typeof real.parsePolicy = (value, more) => {
          (value as { toString: () => string }).toString();
          return real.parsePolicy(value, more);
        };
        return { ...real, parsePolicy };
      }),
    'configs',
  ),
  planted(
    'a message quotes what it got',
    'tells a secret',
    () => vi.doMock(QUOTE, () => ({ quote: (value: unknown) => JSON.stringify(value) })),
    'configs',
  ),
];
