import type { AuthorizerConfig } from './types.ts';

/**
 * What is not wrong, but should be known: in the controlled modality, consumers that sign with one HMAC
 * secret can each sign as any other.
 * @returns sentences for a person; none where there is nothing to warn about.
 */
export function sharedSecretWarnings({ policies }: Pick<AuthorizerConfig, 'policies'>): readonly string[] {
  return policies
    .filter(({ checkCredentialExistence, algorithms }) => checkCredentialExistence && algorithms.some(isHmac))
    .map(
      ({ index }) =>
        `jwt[${index}]: one HMAC secret for every consumer; whoever signs with it can sign as any other. With several consumers, let one service sign for all, or use a public key`,
    );
}

function isHmac(algorithm: string): boolean {
  return algorithm.startsWith('HS');
}
