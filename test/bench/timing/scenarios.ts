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
  /** A fault that is put in, and has to be found. @default the function as it is built */
  readonly planted?: readonly Edit[];
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
/** Where there is no credential, nobody is looked for who holds it. */
const NO_SECOND_READ: Edit = {
  file: 'lambda/consumers/find-credential.ts',
  from: 'if (isKeyId(keyId)) await',
  to: 'if (keyId === "") await',
};

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
  };
  const signed: Scenario = {
    name: 'a key for all, signed by the issuer',
    config: { jwt: FOR_ALL, credentialCacheSeconds: 3_600 },
    classes: classesOf(['inactive', 'expired', 'of an inactive user', 'of an inactive application']),
    rounds: reading,
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
    { ...forging('HS256', own), name: `PLANTED, no decoys: ${forHs256.name}`, planted: [NO_DECOYS] },
    { ...signed, name: `PLANTED, no second read: ${signed.name}`, planted: [NO_SECOND_READ] },
  ];
}

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
