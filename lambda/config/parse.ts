import { checkCaching, checkPolicies } from './cross-checks.ts';
import { checkPlans, parsePlans } from './plans.ts';
import { parsePolicy } from './policy.ts';
import type { Problem } from './problem.ts';
import type { ReadKeyFile } from './resolved-key.ts';
import { parseRoute } from './routes.ts';
import { fileSchema, policySchema } from './schema.ts';
import { parseSettings } from './settings.ts';
import type { AuthorizerConfig, JwtPolicy } from './types.ts';
import { validate } from './validate.ts';

export type ParseResult =
  | { readonly ok: true; readonly config: AuthorizerConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const OF_A_POLICY = { entries: policySchema.entries, says: 'it is an option of a policy: put it under jwt' };

/**
 * The one parser of `authorizer.config.yml`, for the CLI, the CDK app and the function.
 * @param value the file's content as plain data.
 * @param readKeyFile reads `secretOrPublicKeyFile`; absent in the function, where key files are inlined.
 * @returns the configuration, or every problem in it at once.
 */
export function parseConfig(value: unknown, readKeyFile?: ReadKeyFile): ParseResult {
  const problems: Problem[] = [];
  const { value: file, problems: shape } = validate(fileSchema, value, '', OF_A_POLICY);
  problems.push(...shape);
  if (file === undefined) return { ok: false, problems };
  const parsed = parsePolicies(file.jwt, { problems, readKeyFile });
  const policies = parsed.flatMap(({ policy }) => policy ?? []);
  const outlines = parsed.flatMap(({ outline }) => outline ?? []);
  const routes = (file.routes ?? []).flatMap(
    (route, i) => parseRoute(route, { at: `routes[${i}]`, problems }) ?? [],
  );
  const isList = Array.isArray(file.jwt);
  const plans = parsePlans(file.plans, problems);
  const config = {
    ...{ policies, routes, ...parseSettings(file, tokenHeadersOf(policies), problems) },
    ...(plans !== undefined && { plans }),
  };
  checkPolicies({ policies: outlines, routes, isList }, problems);
  if (file.plans !== undefined)
    checkPlans({ file, isList, policies: outlines, isComplete: outlines.length === parsed.length }, problems);
  // With a policy missing, the others need not mean what they mean together.
  if (policies.length > 0 && policies.length === parsed.length) checkCaching(file, config, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config };
}

function parsePolicies(
  jwt: unknown,
  sink: { problems: Problem[]; readKeyFile?: ReadKeyFile | undefined },
): readonly ReturnType<typeof parsePolicy>[] {
  if (jwt === undefined || jwt === null) {
    sink.problems.push({
      code: 'value_invalid',
      path: 'jwt',
      message: 'missing; give one policy, or a list of policies',
    });
    return [];
  }
  if (Array.isArray(jwt) && jwt.length === 0) {
    sink.problems.push({
      code: 'value_invalid',
      path: 'jwt',
      message: 'got an empty list; give at least one policy',
    });
  }
  const list: readonly unknown[] = Array.isArray(jwt) ? jwt : [jwt];
  return list.map((value, index) => {
    const at = Array.isArray(jwt) ? `jwt[${index}]` : 'jwt';
    return parsePolicy(value, { index, at, ...sink });
  });
}

function tokenHeadersOf(policies: readonly JwtPolicy[]): readonly string[] {
  return policies.flatMap(({ tokenPlace }) =>
    tokenPlace.in === 'header' ? tokenPlace.name.toLowerCase() : [],
  );
}
