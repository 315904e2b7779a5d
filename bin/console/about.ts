import type { AuthorizerConfig, RouteRule } from '../../lambda/config/types.ts';
import { REASONS } from '../explain/explanation.ts';
import { REMEDIES } from '../explain/remedies.ts';
import { showPlace } from '../explain/show.ts';
import { describeSource } from '../explain/sources.ts';
import { examplePath } from '../local/example-path.ts';
import { matrixOf } from './matrix.ts';
import type { About, Place, Route } from './wire.ts';

/** @returns the configuration as the page shows it: plain JSON, and no key in it. */
export function aboutOf(
  config: AuthorizerConfig,
  place: Place,
  { hasConsumers, hasDecisions }: Pick<About, 'hasConsumers' | 'hasDecisions'>,
): About {
  return {
    ...{ place, hasConsumers, hasDecisions },
    routes: routesOf(config.routes),
    matrix: matrixOf(config),
    policies: config.policies.map((policy) => ({
      index: policy.index,
      tokenPlace: showPlace(policy.tokenPlace),
      keySource: describeSource(policy.keySource),
      algorithms: policy.algorithms,
      issuer: policy.issuer,
      audience: policy.audience,
      isControlled: policy.checkCredentialExistence,
    })),
    remedies: { ...REMEDIES, ...REASONS },
  };
}

function routesOf(rules: readonly RouteRule[]): readonly Route[] {
  const named = rules.flatMap(({ paths, methods = ['GET'] }) =>
    paths.flatMap((path) => methods.map((method) => ({ method, path: examplePath(path) }))),
  );
  const all = [{ method: 'GET', path: '/hello' }, ...named];
  return [...new Map(all.map((route) => [`${route.method} ${route.path}`, route])).values()];
}
