import type { KeyObject } from 'node:crypto';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { dataFolderOf, type Place } from '../consumers/open.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { openLocalKeys } from '../local/local-keys.ts';

export interface LocalSigner {
  readonly policy: JwtPolicy;
  readonly key: KeyObject;
}

/** @throws CommandFailure for a configuration that cannot be read. */
export function policiesOf(place: Place): readonly JwtPolicy[] {
  const loaded = loadConfigFile(place.config);
  if (loaded.ok) return loaded.config.policies;
  throw new CommandFailure(formatProblems(place.config, loaded.problems));
}

/**
 * The first policy whose tokens can be made here, of those that take the issuer if there is one to take.
 * @throws CommandFailure where there is none.
 */
export function localSigner(place: Place, issuer: string | undefined): LocalSigner {
  const keys = openLocalKeys(openDataFolder(dataFolderOf(place)));
  const policies = policiesOf(place).filter(
    (policy) => issuer === undefined || policy.issuer.length === 0 || policy.issuer.includes(issuer),
  );
  for (const policy of policies) {
    const key = keys.signingKeyOf(policy);
    if (key !== undefined) return { policy, key };
  }
  throw new CommandFailure(
    `no signing key of ${place.config} is here${issuer === undefined ? '' : ' for that issuer'}; give the private key or the secret with --key FILE`,
  );
}
