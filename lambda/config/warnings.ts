import { formatTemplate, isGreedy, relationOf, templateOf } from './route-template.ts';
import type { AuthorizerConfig } from './types.ts';

/** Everything that is not wrong, but should be known before a deployment. Sentences for a person. */
export function warningsOf(config: Pick<AuthorizerConfig, 'policies' | 'routes'>): readonly string[] {
  return [...sharedSecretWarnings(config), ...openBaseWarnings(config)];
}

/**
 * What is not wrong, but should be known: in the controlled modality, consumers that sign with one HMAC
 * secret can each sign as any other. With `credentialKey` each has its own.
 * @returns sentences for a person; none where there is nothing to warn about.
 */
export function sharedSecretWarnings({ policies }: Pick<AuthorizerConfig, 'policies'>): readonly string[] {
  return policies
    .filter(
      ({ checkCredentialExistence, keySource }) =>
        checkCredentialExistence && keySource.kind !== 'credential',
    )
    .filter(({ algorithms }) => algorithms.some(isHmac))
    .map(
      ({ index }) =>
        `jwt[${index}]: one HMAC secret for every consumer; whoever signs with it can sign as any other. With several consumers, let one service sign for all, or use a public key`,
    );
}

/** `/admin/*` is everything below `/admin`, and not `/admin` itself; in Express it would be. */
export function openBaseWarnings({ routes }: Pick<AuthorizerConfig, 'routes'>): readonly string[] {
  const scoped = routes.filter((rule) => rule.scopes.length > 0).flatMap((rule) => rule.paths);
  const bases = scoped
    .map(templateOf)
    .filter((template) => isGreedy(template) && template.length > 1)
    .map((template) => template.slice(0, -1));
  const isOpen = (base: (typeof bases)[number]) =>
    !routes.some((rule) => rule.paths.some((path) => relationOf(templateOf(path), base) === 'covers'));
  return [...new Set(bases.filter(isOpen).map(formatTemplate))].map(
    (base) =>
      `routes: the rule for ${base}/* does not hold for ${base} itself, which needs only authentication; name ${base} too if it should`,
  );
}

/** Of the local gateway, which stands in for an API that it does not know. */
export function otherApiWarnings({ restApi }: Pick<AuthorizerConfig, 'restApi'>): readonly string[] {
  return restApi === undefined
    ? []
    : [
        `restApi: the resources of ${restApi.id} are not known here; this gateway protects every route of an API of its own`,
      ];
}

function isHmac(algorithm: string): boolean {
  return algorithm.startsWith('HS');
}
