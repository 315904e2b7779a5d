import { readFileSync } from 'node:fs';
import { needsTable } from '../config/modality.ts';
import { parseConfig } from '../config/parse.ts';
import { formatProblems } from '../config/problem.ts';
import type { AuthorizerConfig } from '../config/types.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration from `AUTHORIZER_CONFIG`, else from `config.json` beside the function.
 * @throws Error that lists every problem: the function then does not start, and every answer is a 500.
 */
export function configFrom(environment: Environment, configFile: URL): AuthorizerConfig {
  const inline = environment['AUTHORIZER_CONFIG'];
  const source = inline === undefined ? 'config.json' : 'AUTHORIZER_CONFIG';
  const parsed = parseConfig(parseJson(inline ?? readFileSync(configFile, 'utf8'), source));
  if (!parsed.ok) throw new Error(formatProblems(source, parsed.problems));
  const { config } = parsed;
  const missing = missingVariables(environment, config);
  if (missing.length > 0)
    throw new Error(`the configuration needs ${missing.join(' and ')} in the environment`);
  return config;
}

export function generatedSecretVariable(policyIndex: number): string {
  return `GENERATED_SECRET_ARN_${policyIndex}`;
}

function missingVariables(environment: Environment, config: AuthorizerConfig): string[] {
  const needed = config.policies
    .filter((policy) => policy.keySource.kind === 'generated')
    .map((policy) => generatedSecretVariable(policy.index));
  if (needsTable(config)) needed.push('CREDENTIALS_TABLE');
  return needed.filter((name) => !environment[name]);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the configuration, and with it perhaps a secret.
    throw new Error(`${source} is not valid JSON`);
  }
}
