/** Faults that a test puts in on purpose: each one that somebody could well make. */
import type { Invoke } from '../../bin/local/authorize.ts';
import type { AuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import type { Case, Setup } from './case.ts';

export interface Faults {
  readonly cache?: (cache: AuthorizerCache) => AuthorizerCache;
  readonly invoke?: (invoke: Invoke) => Invoke;
  /** What the keying is derived from. */
  readonly keyedBy?: (config: AuthorizerConfig) => AuthorizerConfig;
  /** How long after a change the caches are flushed again; undefined: never. @default the bound */
  readonly flushAgainAfterMs?: (setup: Setup) => number | undefined;
}

/** A fault, with the cases in which it is looked for. @default all */
export interface Planted {
  readonly name: string;
  readonly faults: Faults;
  readonly among?: (api: Case) => Case;
}

/** Forgets one identity source of three: token, resourcePath, httpMethod. */
const forgetting = (position: number) => (cache: AuthorizerCache) => {
  const shortened = (key: string) => {
    const [id, values] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
    const list: unknown[] = JSON.parse(values);
    return list.length === 3 ? `${id} ${JSON.stringify(list.toSpliced(position, 1))}` : key;
  };
  return {
    ...cache,
    get: (key: string) => cache.get(shortened(key)),
    reserve: (key: string, seconds: number) => cache.reserve(shortened(key), seconds),
  };
};

type JsonValue = Readonly<Record<string, unknown>>;

/** Answers with every statement changed; `undefined` leaves one out. */
const withStatements =
  (change: (statement: JsonValue, answer: JsonValue, methodArn: string) => JsonValue | undefined) =>
  (invoke: Invoke): Invoke =>
  async (event) => {
    const answer = JSON.parse(JSON.stringify(await invoke(event)));
    const { policyDocument } = answer;
    const Statement = policyDocument.Statement.flatMap(
      (statement: JsonValue) => change(statement, answer, event.methodArn) ?? [],
    );
    return { ...answer, policyDocument: { ...policyDocument, Statement } };
  };

/** Allows the stage where the method and the resource should be named. */
const allowingTheStage = withStatements((statement) =>
  statement['Effect'] === 'Allow' ? { ...statement, Resource: 'arn:aws:execute-api:*' } : statement,
);

/** The field's best-known trap: it holds for the request that was asked about, and for no other. */
const allowingTheMethodArn = withStatements((statement, _, methodArn) =>
  statement['Effect'] === 'Allow' ? { ...statement, Resource: methodArn } : statement,
);

/** No Allow is enough, one would think. */
const refusingBySilence = withStatements((statement, { context }) =>
  (context as JsonValue)['code'] === 'scope_missing' ? undefined : statement,
);

/** Identity sources of one place of several: what the others hold is in no key. */
const withOnePlace = (config: AuthorizerConfig): AuthorizerConfig => ({
  ...config,
  policies: config.policies.map((policy, _, [first = policy]) => ({
    ...policy,
    tokenPlace: first.tokenPlace,
  })),
});

export const PLANTED: readonly Planted[] = [
  { name: 'that httpMethod is no identity source', faults: { cache: forgetting(2) } },
  { name: 'that resourcePath is no identity source', faults: { cache: forgetting(1) } },
  {
    name: 'that an Allow names the stage and resourcePath is no identity source',
    faults: { cache: forgetting(1), invoke: allowingTheStage },
  },
  {
    name: 'that an Allow names the stage and httpMethod is no identity source',
    faults: { cache: forgetting(2), invoke: allowingTheStage },
  },
  { name: 'that an Allow names the methodArn', faults: { invoke: allowingTheMethodArn } },
  {
    name: 'that a missing scope is answered with no statement, beside a resource policy that allows all',
    faults: { invoke: refusingBySilence },
    among: (api) => ({ ...api, resourcePolicy: [{ effect: 'Allow' }] }),
  },
  {
    name: 'that the keying takes the first policy to say where all look for the token',
    faults: { keyedBy: withOnePlace },
  },
  { name: 'that the second flush is left out', faults: { flushAgainAfterMs: () => undefined } },
  {
    name: "that the second flush does not wait for the function's time limit",
    faults: { flushAgainAfterMs: ({ credentialCacheSeconds }) => credentialCacheSeconds * 1000 },
  },
];
