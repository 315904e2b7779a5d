import type { KeyObject } from 'node:crypto';
import { algorithmsOfKey, importKey, isLongEnough } from './key-material.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { quote } from './quote.ts';
import type { RawPolicy } from './schema.ts';
import type { Algorithm, KeySource } from './types.ts';

/** Reads a key file. @throws Error when it cannot be read. Absent where there are no files: in the function. */
export type ReadKeyFile = (path: string) => Uint8Array;

export interface ResolvedKey {
  readonly keySource: KeySource;
  readonly algorithms: readonly Algorithm[];
}

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

function isFlag(option: KeyOption): boolean {
  return option === 'discovery' || option === 'credentialKey';
}

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
  const add = (code: ProblemCode, option: string, message: string) => {
    problems.push({ code, path: option === '' ? at : `${at}.${option}`, message });
    return undefined;
  };
  const given = KEY_SOURCES.filter((option) => {
    if (isRefused(option)) return !isFlag(option); // whether a faulty flag was meant as true, nobody knows
    return raw[option] !== undefined && raw[option] !== false;
  });
  const [option] = given;
  const choices = 'secretOrPublicKey, secretOrPublicKeyFile, secret: generate or secretArn';
  if (option === undefined && KEY_SOURCES.some(isRefused)) return undefined;
  if (option === undefined) return add('key_source_missing', '', `no key; give one of ${choices}`);
  if (given.length > 1)
    return add('key_source_ambiguous', '', `got ${given.join(' and ')}; give exactly one key source`);
  if (isRefused(option)) return undefined;
  if (option === 'secret') {
    const keySource = { kind: 'generated' } as const;
    return { keySource, algorithms: assertHmac(raw.algorithms, add) ?? ['HS256', 'HS384', 'HS512'] };
  }
  if (option === 'secretArn') {
    if (raw.algorithms === undefined && isRefused('algorithms')) return undefined;
    if (raw.algorithms === undefined)
      return add(
        'algorithms_required',
        'algorithms',
        'missing; nobody sees the type of a secretArn beforehand, so list the algorithms',
      );
    const jsonField = raw.secretJsonField;
    return {
      keySource: {
        kind: 'secretArn',
        arn: raw.secretArn ?? '',
        ...(jsonField !== undefined && { jsonField }),
      },
      algorithms: assertOneKind(raw.algorithms, add) ?? [],
    };
  }
  const bytes = bytesOf(raw, option, readKeyFile);
  if (bytes === undefined) return undefined; // not supported yet, or reported as unreadable
  if (!bytes.ok) return add('key_file_unreadable', option, bytes.message);
  const imported = importKey(bytes.value);
  if (!imported.ok) return add(imported.code, option, imported.message);
  const algorithms = allowedAlgorithms(imported.key, raw, (code, where, message) =>
    add(code, where === 'key' ? option : where, message),
  );
  return algorithms && { keySource: { kind: 'inline', key: imported.key }, algorithms };
}

type Add = (code: ProblemCode, option: string, message: string) => undefined;
type Bytes =
  | { readonly ok: true; readonly value: Uint8Array }
  | { readonly ok: false; readonly message: string };

function bytesOf(raw: RawPolicy, option: KeyOption, readKeyFile: ReadKeyFile | undefined): Bytes | undefined {
  if (option === 'secretOrPublicKey')
    return { ok: true, value: Buffer.from(raw.secretOrPublicKey ?? '', 'utf8') };
  if (option === 'secretOrPublicKeyBase64')
    return { ok: true, value: Buffer.from(raw.secretOrPublicKeyBase64 ?? '', 'base64') };
  if (option !== 'secretOrPublicKeyFile') return undefined;
  const path = raw.secretOrPublicKeyFile ?? '';
  if (readKeyFile === undefined)
    return { ok: false, message: 'key files are inlined before the function gets its configuration' };
  try {
    return { ok: true, value: readKeyFile(path) };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return {
      ok: false,
      message: `got ${quote(path)}, which cannot be read (${reason}); the path is relative to the configuration file`,
    };
  }
}

function allowedAlgorithms(key: KeyObject, raw: RawPolicy, add: Add): readonly Algorithm[] | undefined {
  const able = algorithmsOfKey(key);
  const listed = raw.algorithms;
  const foreign = listed?.filter((algorithm) => !able.includes(algorithm)) ?? [];
  if (foreign.length > 0) {
    const type = key.type === 'secret' ? 'a secret' : `this ${key.asymmetricKeyType} key`;
    return add(
      'algorithm_key_mismatch',
      'algorithms',
      `got ${foreign.join(', ')}, which ${type} cannot do; give some of ${able.join(', ')}`,
    );
  }
  if (key.type !== 'secret' || raw.allowShortSecret) return listed ?? able;
  const tooLong = listed?.filter((algorithm) => !isLongEnough(key, algorithm)) ?? [];
  const fitting = able.filter((algorithm) => isLongEnough(key, algorithm));
  if (tooLong.length > 0 || fitting.length === 0) {
    const need = tooLong.at(-1) ?? 'HS256';
    return add(
      'secret_too_short',
      'key',
      `a secret of ${key.symmetricKeySize} bytes is shorter than the hash of ${need} (RFC 7518 §3.2); give at least 32, 48 or 64 bytes for HS256, HS384 or HS512, or set allowShortSecret: true`,
    );
  }
  return listed ?? fitting;
}

function assertHmac(listed: readonly Algorithm[] | undefined, add: Add): readonly Algorithm[] | undefined {
  const foreign = listed?.filter((algorithm) => !algorithm.startsWith('HS')) ?? [];
  if (foreign.length > 0)
    return add(
      'algorithm_key_mismatch',
      'algorithms',
      `got ${foreign.join(', ')}, which a secret cannot do; give some of HS256, HS384, HS512`,
    );
  return listed;
}

/** A stored key is either a secret or a public key: an allow-list with both would let one be taken for the other. */
function assertOneKind(listed: readonly Algorithm[], add: Add): readonly Algorithm[] | undefined {
  const kinds = new Set(
    listed.map((algorithm) => {
      if (algorithm.startsWith('E')) return algorithm; // each of a curve of its own
      return algorithm.startsWith('P') ? 'RS' : algorithm.slice(0, 2);
    }),
  );
  if (kinds.size > 1)
    return add(
      'algorithm_key_mismatch',
      'algorithms',
      `got ${listed.join(', ')}, which no single key can do; give algorithms of one kind (HS*, RS* and PS*, or one of ES*)`,
    );
  return listed;
}

/** A policy as the function gets it: its key file's content in place of the path. */
export function inlineKeyFile(
  raw: Readonly<Record<string, unknown>>,
  readKeyFile: ReadKeyFile,
): Record<string, unknown> {
  const { secretOrPublicKeyFile: path, ...rest } = raw;
  if (typeof path !== 'string') return { ...raw };
  const bytes = Buffer.from(readKeyFile(path));
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  return {
    ...rest,
    ...(isText ? { secretOrPublicKey: text } : { secretOrPublicKeyBase64: bytes.toString('base64') }),
  };
}
