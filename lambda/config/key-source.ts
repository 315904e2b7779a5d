import { resolveInlineKey } from './inline-key.ts';
import { resolveKeySet } from './key-set-source.ts';
import type { Problem } from './problem.ts';
import type { Add, ReadKeyFile, ResolvedKey } from './resolved-key.ts';
import type { RawPolicy } from './schema.ts';
import { resolveStoredKey } from './stored-key-source.ts';
import { ALGORITHMS } from './types.ts';

/** Options of which a policy has exactly one. */
const KEY_SOURCES = [
  'secretOrPublicKey',
  'secretOrPublicKeyFile',
  'secretOrPublicKeyBase64',
  'secret',
  'secretArn',
  'parameterName',
  'jwksUri',
  'discovery',
  'credentialKey',
] as const;
type KeyOption = (typeof KEY_SOURCES)[number];

const CHOICES =
  'secretOrPublicKey, secretOrPublicKeyFile, secret: generate, secretArn, parameterName, jwksUri, discovery: true or credentialKey: true';

/**
 * A policy's key source and the algorithms it allows.
 * @param at the policy's path in the file.
 * @returns undefined where there are problems; they are added to `problems`.
 */
export function resolveKey(
  raw: RawPolicy,
  at: string,
  {
    problems,
    readKeyFile,
    isRefused,
  }: {
    problems: Problem[];
    readKeyFile?: ReadKeyFile | undefined;
    /** Whether an option was given, but not as it should be. */
    isRefused: (option: string) => boolean;
  },
): ResolvedKey | undefined {
  const add: Add = (code, option, message) => {
    problems.push({ code, path: option === '' ? at : `${at}.${option}`, message });
    return undefined;
  };
  const given = KEY_SOURCES.filter((option) => {
    if (isRefused(option)) return !isFlag(option); // whether a faulty flag was meant as true, nobody knows
    return raw[option] !== undefined && raw[option] !== false;
  });
  const [option] = given;
  if (option === undefined && KEY_SOURCES.some(isRefused)) return undefined;
  if (option === undefined) return add('key_source_missing', '', `no key; give one of ${CHOICES}`);
  if (given.length > 1)
    return add('key_source_ambiguous', '', `got ${given.join(' and ')}; give exactly one key source`);
  if (isRefused(option)) return undefined;
  switch (option) {
    case 'secret':
    case 'secretArn':
    case 'parameterName':
      return resolveStoredKey(raw, option, { add, isRefused });
    case 'jwksUri':
    case 'discovery':
      return resolveKeySet(raw, option, add);
    case 'credentialKey':
      return { keySource: { kind: 'credential' }, algorithms: raw.algorithms ?? ALGORITHMS };
    default:
      return resolveInlineKey(raw, option, { add, readKeyFile });
  }
}

function isFlag(option: KeyOption): boolean {
  return option === 'discovery' || option === 'credentialKey';
}
