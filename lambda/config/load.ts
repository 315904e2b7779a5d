import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument, type YAMLError } from 'yaml';
import { inlineKeyFile } from './inline-key.ts';
import { parseConfig } from './parse.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { ReadKeyFile } from './resolved-key.ts';
import { deprecationsIn } from './retired-options.ts';
import type { RawPolicy } from './schema.ts';
import type { AuthorizerConfig } from './types.ts';
import { hasMoreLevels, isDeeper } from './yaml-levels.ts';

/** A configuration file as the CLI and the CDK app use it. */
export interface LoadedConfig {
  readonly ok: true;
  readonly config: AuthorizerConfig;
  /** What the function takes as `config.json` or `AUTHORIZER_CONFIG`: the file as JSON, key files inlined. */
  readonly runtimeConfig: Readonly<Record<string, unknown>>;
  /** The file that each policy's key was read from, as it is written; undefined for a policy that names none. By its index. */
  readonly keyFiles: readonly (string | undefined)[];
  /** What it uses that the next major version refuses, as sentences; absent where there is nothing. */
  readonly deprecated?: readonly string[];
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
    // Fatal: replacement characters in the place of bytes would make another secret.
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const wrong =
      reason === 'ENOENT'
        ? 'there is no such file; `jwt-authorizer init` writes one, or'
        : `cannot be read as UTF-8 text (${reason});`;
    return failed('file_unreadable', `${wrong} give another with --config (or -c config= for the CDK)`);
  }
  return loadConfigText(text, path);
}

/**
 * The same of a text that is not written yet.
 * @param path where it will be; key files are read relative to its folder.
 */
export function loadConfigText(text: string, path: string): LoadResult {
  const yaml = parseYaml(text);
  if (!yaml.ok) return yaml;
  const { value } = yaml;
  const readKeyFile: ReadKeyFile = (file) => readFileSync(resolve(dirname(path), file));
  const parsed = parseConfig(value, readKeyFile);
  if (!parsed.ok) return parsed;
  const deprecated = deprecationsIn(value);
  return {
    ok: true,
    config: parsed.config,
    runtimeConfig: inlineKeyFiles(value, readKeyFile),
    keyFiles: policiesIn(value).map(({ secretOrPublicKeyFile }) => secretOrPublicKeyFile),
    ...(deprecated.length > 0 && { deprecated }),
  };
}

/** A configuration has nine. */
const MOST_LEVELS = 32;
const TOO_DEEP = `more than ${MOST_LEVELS} levels`;

/**
 * YAML 1.2 and no more types than JSON has: `!!set` and `!!omap` would make a `Set` and a `Map`, which look like mappings
 * without members, so that `requiredClaims: !!set { tenant }` would require nothing.
 */
const PLAIN = { schema: 'core', resolveKnownTags: false, prettyErrors: false, logLevel: 'error' } as const;

function parseYaml(text: string): { ok: true; value: unknown } | { ok: false; problems: Problem[] } {
  const unusable = (message: string) => ({
    ...{ ok: false as const, problems: [{ code: 'yaml_invalid' as const, path: '', message }] },
  });
  if (hasMoreLevels(text, MOST_LEVELS)) return unusable(TOO_DEEP);
  const document = parseDocument(text, PLAIN);
  // A warning is an unknown tag or directive, such as `!env NAME`: not read as it was meant.
  const errors = withoutFollowers([...document.errors, ...document.warnings]);
  if (errors.length > 0) return { ok: false, problems: errors.map((error) => yamlProblem(error, text)) };
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    return unusable('an alias without its anchor, or too many aliases; write the values out');
  }
  // With an alias within its own anchor there is no end, and no JSON for the function.
  return isDeeper(value, MOST_LEVELS)
    ? unusable(`${TOO_DEEP}, or an alias within its own anchor; write the values out`)
    : { ok: true, value };
}

/** Where a tab stands for indentation, the parser takes what follows for wrongly indented too: only the tab can be put right. */
function withoutFollowers(errors: readonly YAMLError[]): readonly YAMLError[] {
  const tab = errors.find(({ code }) => code === 'TAB_AS_INDENT');
  if (tab === undefined) return errors;
  return errors.filter(
    (error) => error === tab || error.pos[0] < tab.pos[0] || !OF_INDENTATION.has(error.code),
  );
}

const OF_INDENTATION: ReadonlySet<string> = new Set([
  'TAB_AS_INDENT',
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MULTILINE_IMPLICIT_KEY',
]);

/** The parser's own message quotes the file, and with it perhaps a secret. */
function yamlProblem({ code, pos }: YAMLError, text: string): Problem {
  const before = text.slice(0, pos[0]).split('\n');
  const line = text.split('\n')[before.length - 1] ?? '';
  const hint = hintOf(code, line);
  return { code: 'yaml_invalid', path: `line ${before.length}`, message: `not valid YAML (${code})${hint}` };
}

function hintOf(code: YAMLError['code'], line: string): string {
  if (code === 'TAB_AS_INDENT') return '; indent with spaces, here and wherever else there is a tab';
  return /\[[^\]'"]*\{/.test(line) ? "; inside [ ], put quotes around what holds { }: '/orders/{id}'" : '';
}

/** Only called with a value that was parsed: a mapping whose `jwt` is a policy or a list of them. */
const policiesIn = (value: unknown): readonly RawPolicy[] =>
  [(value as { jwt: RawPolicy | RawPolicy[] }).jwt].flat();

function inlineKeyFiles(value: unknown, readKeyFile: ReadKeyFile): Record<string, unknown> {
  const file = value as { jwt: unknown };
  const inlined = policiesIn(value).map((policy) => inlineKeyFile(policy, readKeyFile));
  return { ...file, jwt: Array.isArray(file.jwt) ? inlined : inlined[0] };
}

function failed(code: ProblemCode, message: string): LoadResult {
  return { ok: false, problems: [{ code, path: '', message }] };
}
