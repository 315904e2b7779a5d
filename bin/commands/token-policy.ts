import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { algorithmsOfKey } from '../../lambda/config/key-material.ts';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { dataFolderOf, type Place } from '../consumers/open.ts';
import { type DataFolder, openDataFolder } from '../local/data-folder.ts';
import { demoOf } from '../local/demo-consumers.ts';
import { openLocalKeys } from '../local/local-keys.ts';

type Fit = { readonly policy: JwtPolicy } | { readonly why: string };

/**
 * The policy that a token with a given key is for: the only one that the key and the issuer suit.
 * @returns why there is none; undefined where there is no configuration to ask.
 */
export function policyForKey(place: Place, key: KeyObject, issuer: string | undefined): Fit | undefined {
  if (!existsSync(place.config)) return undefined;
  const loaded = loadConfigFile(place.config);
  if (!loaded.ok) return { why: `${place.config} cannot be read as a configuration` };
  const verifying = key.type === 'private' ? createPublicKey(key) : key;
  const possible = algorithmsOfKey(verifying);
  const fitting = policiesOf(loaded.config, issuer).filter(
    ({ keySource, algorithms }) =>
      algorithms.some((algorithm) => possible.includes(algorithm)) &&
      (keySource.kind !== 'inline' || keySource.key.equals(verifying)),
  );
  const named = fitting.filter((policy) => issuer !== undefined && policy.issuer.includes(issuer));
  const [policy, another] = named.length > 0 ? named : fitting;
  if (policy === undefined) return { why: `no policy of ${place.config} suits this key and issuer` };
  if (another === undefined) return { policy };
  return { why: `several policies of ${place.config} suit this key; say which with -p iss=ISSUER` };
}

/** Those that take the issuer, if there is one to take. */
const policiesOf = ({ policies }: AuthorizerConfig, issuer: string | undefined): readonly JwtPolicy[] =>
  policies.filter(
    (policy) => issuer === undefined || policy.issuer.length === 0 || policy.issuer.includes(issuer),
  );

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
 * @param folder that has the keys; by default they are made where they are not there.
 * @throws CommandFailure where there is none.
 */
export function localSigner(
  place: Place,
  { issuer, keyId }: { issuer: string | undefined; keyId: string | undefined },
  folder: DataFolder = openDataFolder(dataFolderOf(place)),
): LocalSigner {
  const config = configOf(place);
  const keys = openLocalKeys(folder);
  const demo = demoOf(config, keys);
  const demoCaller = [demo?.reader, demo?.writer].find((caller) => caller?.keyId === keyId);
  const policies = policiesOf(config, issuer);
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
