/** Who asks what of a function, and what must not be told apart by it. */
import type { Edit } from '../../support/build-variant.ts';
import { SECRET, type State, type World } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly config: object;
  /** The first is what the others are compared with; the second is of the same kind as the first. */
  readonly classes: ReadonlyArray<{ readonly name: string; readonly tokens: readonly string[] }>;
  /** How often each class is asked for. */
  readonly rounds: number;
  /** Of the function's sources. @default as it is built */
  readonly edits?: readonly Edit[];
  /** Whether those are a fault, which has to be found. @default false */
  readonly isPlanted?: boolean;
}

const FOR_ALL = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };
const OF_EACH = { credentialKey: true, algorithms: ['HS256', 'ES256', 'RS256'] };
const UNKNOWN: readonly State[] = ['unknown', 'unknown too'];

/** Where there is no key, nothing stands in for it. */
const NO_DECOYS: Edit = {
  file: 'lambda/authorizer/credential-keys.ts',
  from: 'slots.map((stored) => credentialKeyFor(stored, algorithm, policy) ?? decoyKey(algorithm))',
  to: 'slots.flatMap((stored) => credentialKeyFor(stored, algorithm, policy) ?? [])',
};
/** Refusals are told so late, instead of as the function is built. Milliseconds. */
const refusedAfter = (ms: number): Edit => ({
  file: 'lambda/authorizer/moment-of-refusal.ts',
  from: 'REFUSED_AFTER_MS = 30',
  to: `REFUSED_AFTER_MS = ${ms}`,
});
/** The table here answers in less than one; so that there are more refusals to look at. */
const SOONER = refusedAfter(4);
const AT_ONCE = refusedAfter(0);

/** @param scale of how often each is asked for. @default 1: some minutes in all */
export function scenariosOf(world: World, scale: number): readonly Scenario[] {
  const cpu = Math.round(20_000 * scale);
  const reading = Math.round(4_000 * scale);
  const classesOf = (states: readonly State[], forged?: 'HS256' | 'ES256' | 'RS256') =>
    [...UNKNOWN, ...states].map((name) => ({ name, tokens: world.tokens(name, forged) }));
  const forging = (algorithm: 'HS256' | 'ES256' | 'RS256', states: readonly State[]): Scenario => ({
    name: `credentialKey, warm, forged ${algorithm}`,
    config: { jwt: OF_EACH, credentialCacheSeconds: 3_600 },
    classes: classesOf(states, algorithm),
    rounds: cpu,
  });
  const own = ['active', 'inactive', 'of an inactive user'] as const;
  const cold: Scenario = {
    name: 'credentialKey, each read, forged HS256',
    config: { jwt: OF_EACH, credentialCacheSeconds: 0 },
    classes: classesOf(own, 'HS256'),
    rounds: reading,
    edits: [SOONER],
  };
  const signed: Scenario = {
    name: 'a key for all, signed by the issuer',
    config: { jwt: FOR_ALL, credentialCacheSeconds: 3_600 },
    classes: classesOf(['inactive', 'expired', 'of an inactive user', 'of an inactive application']),
    rounds: reading,
    edits: [SOONER],
  };
  const forHs256 = forging('HS256', [...own, 'with an EC key']);
  return [
    {
      name: 'a key for all, forged HS256',
      config: { jwt: FOR_ALL },
      classes: classesOf(own, 'HS256'),
      rounds: cpu,
    },
    {
      name: 'a key for all, HMAC wrong in one letter',
      config: { jwt: FOR_ALL },
      classes: wrongLetters(world.tokens('active')),
      rounds: cpu,
    },
    forHs256,
    forging('ES256', ['active', 'with an EC key']),
    forging('RS256', ['active', 'with an RSA key', 'with an RSA key of 4,096 bits']),
    cold,
    signed,
    planted('no decoys', forging('HS256', own), NO_DECOYS),
    planted('told at once', cold, AT_ONCE),
    planted('told at once', signed, AT_ONCE),
  ];
}

const planted = (what: string, scenario: Scenario, fault: Edit): Scenario => ({
  ...scenario,
  name: `PLANTED, ${what}: ${scenario.name}`,
  edits: [fault],
  isPlanted: true,
});

/** By the place of the letter. The last stands for four bits alone, so the last but one. */
function wrongLetters(tokens: readonly string[]): Scenario['classes'] {
  const wrongAt = (place: number) =>
    tokens.map((token) => {
      const at = place < 0 ? token.length + place : token.lastIndexOf('.') + 1 + place;
      return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    });
  return [
    { name: 'the first', tokens: wrongAt(0) },
    { name: 'the second', tokens: wrongAt(1) },
    { name: 'the one in the middle', tokens: wrongAt(21) },
    { name: 'the last but one', tokens: wrongAt(-2) },
  ];
}
