import { parseConfig } from '../../lambda/config/parse.ts';
import type { ReadKeyFile } from '../../lambda/config/resolved-key.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';

/** 64 characters: long enough for every HS*. */
export const SECRET = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQaE6oIi0UyTrZxCvNwMbKlSdFpGhJ_AeVi';

/** A policy without faults, uncontrolled, with some options replaced. */
export function policy(options: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { secretOrPublicKey: SECRET, checkCredentialExistence: false, ...options };
}

/** Where a word is missing; or as valibot words what was given none, which shows values, secret ones too. */
const UNFINISHED = /\bgive [,;]|\bInvalid \w+:|\bReceived\b/;

/**
 * What is wrong, as `code at path`, in the order of the report. @param readKeyFile as the parser has it.
 * @throws Error for a problem without words of ours, or whose words break off.
 */
export function problemsOf(file: unknown, readKeyFile?: ReadKeyFile): string[] {
  const parsed = parseConfig(file, readKeyFile);
  if (parsed.ok) return [];
  return parsed.problems.map(({ code, path, message }) => {
    if (!/^\S.{8,}[^\s:;,]$/s.test(message) || UNFINISHED.test(message))
      throw new Error(`${code} at ${path} says ${JSON.stringify(message)}`);
    return `${code} at ${path}`;
  });
}

/** What is wrong with a file that holds this policy alone. */
export function policyProblems(options: Readonly<Record<string, unknown>>): string[] {
  return problemsOf({ jwt: policy(options) });
}

/** @throws Error when the file has problems. */
export function parsedFile(file: Readonly<Record<string, unknown>>): AuthorizerConfig {
  const parsed = parseConfig(file);
  if (!parsed.ok) throw new Error(`unexpected: ${problemsOf(file).join(', ')}`);
  return parsed.config;
}

export function parsedPolicy(options: Readonly<Record<string, unknown>> = {}): JwtPolicy {
  const [first] = parsedFile({ jwt: policy(options) }).policies;
  if (first === undefined) throw new Error('no policy');
  return first;
}
