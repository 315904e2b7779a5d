import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { parseConfig } from '../../lambda/config/parse.ts';
import type { Problem } from '../../lambda/config/problem.ts';
import { type Answers, isKeySet, type KeyAnswer } from './answers.ts';

export type RawOptions = Readonly<Record<string, unknown>>;

/** The key source as the file has it. @param config the path of the file, to whose folder key files are relative. */
export function keyOptions(key: KeyAnswer, config: string): RawOptions {
  switch (key.kind) {
    case 'discovery':
      return { discovery: true };
    case 'jwksUri':
      return { jwksUri: key.uri };
    case 'generated':
      return { secret: 'generate' };
    case 'file':
      return { secretOrPublicKeyFile: fromFolderOf(config, key.path) };
  }
}

/** Without algorithms: those that the key can do. */
export type PolicyAnswers = Omit<Answers, 'algorithms' | 'api'> & Partial<Pick<Answers, 'algorithms'>>;

/** The policy as the file has it, options that say no more than the default included where they were asked for. */
export function policyOptions(answers: PolicyAnswers, config: string): RawOptions {
  const { key, issuer, audience, algorithms, token, isManaged } = answers;
  return {
    ...keyOptions(key, config),
    ...(algorithms !== undefined && { algorithms }),
    ...(issuer !== undefined && { issuer }),
    ...(audience.length > 0 && { audience: audience.length === 1 ? audience[0] : audience }),
    ...(audience.length === 0 && isKeySet(key) && { anyAudience: true }),
    ...token,
    checkCredentialExistence: isManaged,
  };
}

/** What stands beside the policy. */
export function otherOptions({ api }: Answers): RawOptions {
  if (api.kind === 'new') return api.upstream === undefined ? {} : { upstream: api.upstream };
  return { restApi: { id: api.id, stages: api.stages, attachWith: 'command' } };
}

/**
 * What the configuration's own check has against some options, whatever it has against what is not there yet.
 * @param file as the YAML file has it, with no more in it than is known so far.
 * @param paths of the options that are asked about, such as `jwt.issuer`.
 * @returns undefined: nothing.
 */
export function objection(file: RawOptions, paths: readonly string[], config: string): string | undefined {
  return problemsWith(file, paths, config)[0]?.message;
}

/** The same, all of it. */
export function problemsWith(file: RawOptions, paths: readonly string[], config: string): readonly Problem[] {
  const parsed = parseConfig(file, (path) => readFileSync(resolve(dirname(config), path)));
  if (parsed.ok) return [];
  const isAskedAbout = (path: string) =>
    paths.some((asked) => path === asked || path.startsWith(`${asked}[`) || path.startsWith(`${asked}.`));
  return parsed.problems.filter(({ path }) => isAskedAbout(path));
}

function fromFolderOf(config: string, path: string): string {
  const found = relative(resolve(dirname(config)), resolve(path))
    .split(sep)
    .join('/');
  return found.startsWith('.') ? found : `./${found}`;
}
