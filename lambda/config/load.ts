import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument, type YAMLParseError } from 'yaml';
import { inlineKeyFile, type ReadKeyFile } from './key-source.ts';
import { parseConfig } from './parse.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { AuthorizerConfig } from './types.ts';

/** A configuration file as the CLI and the CDK app use it. */
export interface LoadedConfig {
  readonly ok: true;
  readonly config: AuthorizerConfig;
  /** What the function takes as `config.json` or `AUTHORIZER_CONFIG`: the file as JSON, key files inlined. */
  readonly runtimeConfig: Readonly<Record<string, unknown>>;
}

export type LoadResult = LoadedConfig | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a configuration file.
 * @param path of the YAML (or JSON) file; key files are read relative to its folder.
 * @returns the configuration, or every problem in it.
 */
export function loadConfigFile(path: string): LoadResult {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return failed(
      'file_unreadable',
      `cannot be read (${reason}); give another with --config (or -c config= for the CDK)`,
    );
  }
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.map((error) => yamlProblem(error, text)) };
  }
  const value: unknown = document.toJS();
  const readKeyFile: ReadKeyFile = (file) => readFileSync(resolve(dirname(path), file));
  const parsed = parseConfig(value, readKeyFile);
  if (!parsed.ok) return parsed;
  return { ok: true, config: parsed.config, runtimeConfig: inlineKeyFiles(value, readKeyFile) };
}

/** The parser's own message quotes the file, and with it perhaps a secret. */
function yamlProblem({ code, pos }: YAMLParseError, text: string): Problem {
  const before = text.slice(0, pos[0]).split('\n');
  const line = text.split('\n')[before.length - 1] ?? '';
  const hint = /\[[^\]'"]*\{/.test(line)
    ? "; inside [ ], put quotes around what holds { }: '/orders/{id}'"
    : '';
  return { code: 'yaml_invalid', path: `line ${before.length}`, message: `not valid YAML (${code})${hint}` };
}

/** Only called with a value that was parsed: a mapping whose `jwt` is a policy or a list of them. */
function inlineKeyFiles(value: unknown, readKeyFile: ReadKeyFile): Record<string, unknown> {
  const file = value as { jwt: Record<string, unknown> | Record<string, unknown>[] };
  const inline = (policy: Record<string, unknown>) => inlineKeyFile(policy, readKeyFile);
  return { ...file, jwt: Array.isArray(file.jwt) ? file.jwt.map(inline) : inline(file.jwt) };
}

function failed(code: ProblemCode, message: string): LoadResult {
  return { ok: false, problems: [{ code, path: '', message }] };
}
