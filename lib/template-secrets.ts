import { formatProblems, type Problem } from '../lambda/config/problem.ts';
import type { AuthorizerConfig, JwtPolicy } from '../lambda/config/types.ts';

/**
 * A configuration whose deployment would put a signing secret where too many can read it: into an asset in
 * the bootstrap bucket and into the function's package, which GetFunction hands out.
 */
export class SecretInTemplateError extends Error {
  override readonly name = 'SecretInTemplateError';
  /** One for each policy concerned; code `secret_in_template`. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems('configuration', problems));
    this.problems = problems;
  }
}

/**
 * Public keys may lie in a package; secrets may not.
 * @throws SecretInTemplateError naming every policy whose key is an inline secret.
 */
export function assertNoSecretInTemplate({ policies }: Pick<AuthorizerConfig, 'policies'>): void {
  const problems = policies.filter(holdsSecret).map(
    ({ index }): Problem => ({
      code: 'secret_in_template',
      path: policies.length === 1 ? 'jwt' : `jwt[${index}]`,
      message:
        'its key is a secret, which everyone who may read the function would see; let the stack make one ' +
        '(secret: generate), or keep yours in AWS Secrets Manager (secretArn)',
    }),
  );
  if (problems.length > 0) throw new SecretInTemplateError(problems);
}

function holdsSecret({ keySource }: JwtPolicy): boolean {
  return keySource.kind === 'inline' && keySource.key.type === 'secret';
}
