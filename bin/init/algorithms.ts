import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseConfig } from '../../lambda/config/parse.ts';
import type { Complete } from './given.ts';
import type { LookAt } from './look-at-issuer.ts';
import { policyOptions } from './policy.ts';

/** Most issuers' own, and the one that OpenID Connect asks all of them for. */
const OF_ISSUERS = ['RS256'];

/** The first that the key can do. Of a key that cannot be had, the check says so. */
export function usualAlgorithms(complete: Complete, config: string): readonly string[] {
  const parsed = parseConfig({ jwt: policyOptions(complete, config) }, (path) =>
    readFileSync(resolve(dirname(config), path)),
  );
  return parsed.ok ? parsed.config.policies.flatMap(({ algorithms }) => algorithms.slice(0, 1)) : OF_ISSUERS;
}

/** What the issuer's keys are for. @returns undefined: nobody was asked, or nobody answered. */
export async function publishedAlgorithms(
  { key, issuer = '' }: Complete,
  look: LookAt | undefined,
): Promise<readonly string[] | undefined> {
  if (key.kind !== 'discovery' && key.kind !== 'jwksUri') return undefined;
  const found = await look?.(key.kind === 'jwksUri' ? { uri: key.uri } : { issuer });
  return found?.kind === 'reached' && found.algorithms.length > 0 ? found.algorithms : undefined;
}
