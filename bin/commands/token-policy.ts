import type { KeyObject } from 'node:crypto';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { dataFolderOf, type Place } from '../consumers/open.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { demoOf } from '../local/demo-consumers.ts';
import { openLocalKeys } from '../local/local-keys.ts';

export interface LocalSigner {
  readonly policy: JwtPolicy;
  readonly key: KeyObject;
}

/** @throws CommandFailure for a configuration that cannot be read. */
function configOf(place: Place): AuthorizerConfig {
  const loaded = loadConfigFile(place.config);
  if (loaded.ok) return loaded.config;
  throw new CommandFailure(formatProblems(place.config, loaded.problems));
}

/**
 * The first policy whose tokens can be made here, of those that take the issuer if there is one to take.
 * @param keyId of the credential that the token is to name.
 * @throws CommandFailure where there is none.
 */
export function localSigner(
  place: Place,
  { issuer, keyId }: { issuer: string | undefined; keyId: string | undefined },
): LocalSigner {
  const config = configOf(place);
  const keys = openLocalKeys(openDataFolder(dataFolderOf(place)));
  const demo = demoOf(config, keys);
  const demoCaller = [demo?.reader, demo?.writer].find((caller) => caller?.keyId === keyId);
  const policies = config.policies.filter(
    (policy) => issuer === undefined || policy.issuer.length === 0 || policy.issuer.includes(issuer),
  );
  for (const policy of policies) {
    const ofDemo = policy === demo?.policy ? demoCaller?.signingKey : undefined;
    const key = ofDemo ?? keys.signingKeyOf(policy);
    if (key !== undefined) return { policy, key };
  }
  if (policies.some(({ keySource }) => keySource.kind === 'credential')) {
    throw new CommandFailure(
      `${place.config} has credentialKey: true, so each credential signs with a key of its own, which only its holder has; give that secret or private key with --key FILE`,
    );
  }
  throw new CommandFailure(
    `no signing key of ${place.config} is here${issuer === undefined ? '' : ' for that issuer'}; give the private key or the secret with --key FILE`,
  );
}
