import type { KeyObject } from 'node:crypto';
import { algorithmsOfKey, importKey, isLongEnough } from './key-material.ts';
import { quote } from './quote.ts';
import type { Add, ReadKeyFile, ResolvedKey } from './resolved-key.ts';
import type { RawPolicy } from './schema.ts';
import type { Algorithm } from './types.ts';

type InlineOption = 'secretOrPublicKey' | 'secretOrPublicKeyBase64' | 'secretOrPublicKeyFile';

/** A key that the configuration holds, or names a file of. */
export function resolveInlineKey(
  raw: RawPolicy,
  option: InlineOption,
  { add, readKeyFile }: { add: Add; readKeyFile?: ReadKeyFile | undefined },
): ResolvedKey | undefined {
  const bytes = bytesOf(raw, option, readKeyFile);
  if (!bytes.ok) return add('key_file_unreadable', option, bytes.message);
  const imported = importKey(bytes.value);
  if (!imported.ok) return add(imported.code, option, imported.message);
  const algorithms = allowedAlgorithms(imported.key, raw, (code, where, message) =>
    add(code, where === 'key' ? option : where, message),
  );
  return algorithms && { keySource: { kind: 'inline', key: imported.key }, algorithms };
}

type Bytes =
  | { readonly ok: true; readonly value: Uint8Array }
  | { readonly ok: false; readonly message: string };

function bytesOf(raw: RawPolicy, option: InlineOption, readKeyFile: ReadKeyFile | undefined): Bytes {
  if (option === 'secretOrPublicKey')
    return { ok: true, value: Buffer.from(raw.secretOrPublicKey ?? '', 'utf8') };
  if (option === 'secretOrPublicKeyBase64')
    return { ok: true, value: Buffer.from(raw.secretOrPublicKeyBase64 ?? '', 'base64') };
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
  if (raw.allowShortSecret) return listed ?? able;
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
