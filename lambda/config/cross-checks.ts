import { keyingOf } from './keying.ts';
import type { PolicyOutline } from './policy.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { resourcesOf } from './resources.ts';
import { templateOf } from './route-template.ts';
import type { RawFile } from './schema.ts';
import type { AuthorizerConfig, RouteRule } from './types.ts';

/** What only the policies together show. */
export function checkPolicies(
  {
    policies,
    routes,
    isList,
  }: { policies: readonly PolicyOutline[]; routes: readonly RouteRule[]; isList: boolean },
  problems: Problem[],
): void {
  const at = (policy: PolicyOutline) => (isList ? `jwt[${policy.index}]` : 'jwt');
  const isScoped = routes.some((rule) => rule.scopes.length > 0);
  for (const policy of policies) {
    if (isScoped && !policy.checkCredentialExistence && policy.scopeClaim === undefined) {
      problems.push({
        code: 'scope_source_missing',
        path: at(policy),
        message:
          'routes ask for scopes, but this policy has no source of them; set scopeClaim, or checkCredentialExistence: true',
      });
    }
  }
  const controlled = policies.filter((policy) => policy.checkCredentialExistence);
  if (controlled.length < 2) return;
  const owners = new Map<string, PolicyOutline>();
  for (const policy of controlled) {
    // Otherwise one issuer could mint the sub of another's credential.
    if (policy.issuer.length === 0)
      problems.push({
        code: 'issuer_required',
        path: `${at(policy)}.issuer`,
        message: 'missing; with several controlled policies each needs its own issuer',
      });
    for (const issuer of policy.issuer) {
      if ((owners.get(issuer) ?? policy) !== policy)
        problems.push({
          code: 'issuer_ambiguous',
          path: `${at(policy)}.issuer`,
          message: `got ${quote(issuer)}, which another controlled policy has too; each needs its own`,
        });
      owners.set(issuer, policy);
    }
  }
}

/** A cache time that was asked for, where a cached answer could be wrong, is refused rather than ignored. */
export function checkCaching(file: RawFile, config: AuthorizerConfig, problems: Problem[]): void {
  if (!file.authorizerCacheSeconds) return;
  const why = whyUncached(config);
  if (why === undefined) return;
  problems.push({
    code: 'cache_contradiction',
    path: 'authorizerCacheSeconds',
    message: `got ${file.authorizerCacheSeconds}, but nothing may be cached: ${why}; set 0 or leave it out`,
  });
}

function whyUncached(config: AuthorizerConfig): string | undefined {
  // No rule can lie inside "/", so what is not cached there is cached nowhere.
  const { cacheSeconds, reason } = keyingOf(config, '/');
  if (cacheSeconds === 0) return reason;
  // Of an API that exists, the attachment looks at the resources that there are.
  if (config.restApi !== undefined) return undefined;
  const resources = resourcesOf(config.routes).map(shapeOf);
  const scoped = config.routes.filter((rule) => rule.scopes.length > 0).flatMap((rule) => rule.paths);
  const swallowed = scoped.filter((path) => !resources.includes(shapeOf(path)));
  if (swallowed.length === 0) return undefined;
  return `${swallowed.join(', ')} lies inside a greedy resource, where only the path tells which rule holds`;
}

function shapeOf(path: string): string {
  return templateOf(path)
    .map((segment) => (segment.kind === 'literal' ? `/${segment.text}` : `/{${segment.kind}}`))
    .join('');
}
