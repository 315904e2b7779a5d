import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';

type Routes = Pick<AuthorizerConfig, 'routes'>;

/** Every scope that `routes` name, each once. */
export const scopesOfRoutes = ({ routes }: Routes): readonly string[] => [
  ...new Set(routes.flatMap((rule) => rule.scopes)),
];

/** Makes those that do not exist, so that a credential can be given them, whoever signs its tokens. */
export async function ensureScopesOfRoutes(store: ConsumerStore, config: Routes): Promise<void> {
  // One at a time: those that exist must not keep the others from being made.
  for (const scope of scopesOfRoutes(config)) await store.createScopes([scope]);
}
