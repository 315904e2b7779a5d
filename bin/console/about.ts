import type { AuthorizerConfig, RouteRule } from '../../lambda/config/types.ts';
import { REASONS } from '../explain/explanation.ts';
import { REMEDIES } from '../explain/remedies.ts';
import { showPlace } from '../explain/show.ts';
import { describeSource } from '../explain/sources.ts';
import { examplePath } from '../local/example-path.ts';
import { matrixOf } from './matrix.ts';
import type { About, Place, Route } from './wire.ts';

interface AboutOptions extends Pick<About, 'hasConsumers' | 'hasDecisions'> {
  /** What the file calls a policy's own key; undefined where nobody knows. */
  readonly keyOption: (policyIndex: number) => string | undefined;
}

/** @returns the configuration as the page shows it: plain JSON, and no key in it. */
export function aboutOf(
  config: AuthorizerConfig,
  place: Place,
  { hasConsumers, hasDecisions, keyOption }: AboutOptions,
): About {
  return {
    ...{ place, hasConsumers, hasDecisions },
    routes: routesOf(config.routes),
    matrix: matrixOf(config),
    policies: config.policies.map((policy) => ({
      index: policy.index,
      tokenPlace: showPlace(policy.tokenPlace),
      keySource: describeSource(policy.keySource, keyOption(policy.index)),
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
  return [...new Map(named.map((route) => [`${route.method} ${route.path}`, route])).values()];
}
