import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import type { LoadedConfig } from '../../lambda/config/load.ts';
import { once } from '../../lambda/config/once.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import type { AuthorizerConfig, KeySource } from '../../lambda/config/types.ts';
import { findThrough } from '../../lambda/consumers/find-credential.ts';
import { createCredentialKeyStore } from '../../lambda/consumers/find-credential-keys.ts';
import { createFindRevocation } from '../../lambda/consumers/find-revocation.ts';
import { readLater } from '../../lambda/consumers/open-later.ts';
import { openPolicyKeys } from '../../lambda/keys/open-policy-keys.ts';
import { type Deployment, generatedSecretArnIn } from '../attachment/deployment.ts';
import { dataFolderOf, type Place } from '../consumers/open.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { openLocalKeys } from '../local/local-keys.ts';
import type { OpenReader } from './open-reader.ts';

/** All that a decision needs beside the request and the clock, got as the function gets it. */
export interface Sources {
  readonly config: AuthorizerConfig;
  readonly dependencies: Pick<
    Dependencies,
    'keysOf' | 'credentialKeys' | 'findCredential' | 'findRevocation'
  >;
  /** The ARN of the secret that the stack made for a policy, where it is known. */
  readonly generatedSecretArn: (policyIndex: number) => string | undefined;
  close(): Promise<void>;
}

export interface SourcePlaces {
  readonly place: Place;
  /** The stack whose table it is, where one was asked. */
  readonly deployment?: Deployment;
  /** The table, when somebody asks for it. @default as the place says */
  readonly openReader?: () => Promise<OpenReader>;
}

/** Whether the stack's own keys and table are meant, not those of local runs. */
export const isDeployed = ({ place, deployment }: SourcePlaces): boolean =>
  place.table !== undefined || deployment !== undefined;

/** @param now milliseconds since 1970. */
export function openSources(places: SourcePlaces, loaded: LoadedConfig, now: () => number): Sources {
  const { place, deployment } = places;
  const open =
    places.openReader ?? (() => import('./open-reader.ts').then(({ openReader }) => openReader(place)));
  const config = isDeployed(places) ? loaded.config : withLocalSecrets(place, loaded);
  const generatedSecretArn = generatedSecretArnIn(deployment?.outputs);
  let opened: Promise<OpenReader> | undefined;
  const reader = once(() => {
    opened = open();
    return opened;
  });
  // Nothing is remembered: what is explained is what the table holds.
  const table = readLater(reader);
  return {
    config,
    generatedSecretArn,
    dependencies: {
      keysOf: openPolicyKeys(config.policies, {
        now,
        generatedSecretArn,
        report: () => undefined,
      }),
      credentialKeys: createCredentialKeyStore(table, { seconds: 0, now }),
      findCredential: findThrough(table),
      findRevocation: createFindRevocation(table, { seconds: 0, now }),
    },
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
}

/** With the secrets that local runs make, where they are here; those of a deployed stack are the stack's. */
function withLocalSecrets(place: Place, { config, runtimeConfig }: LoadedConfig): AuthorizerConfig {
  const generated = config.policies.filter(({ keySource }) => keySource.kind === 'generated');
  if (generated.length === 0) return config;
  const path = dataFolderOf(place);
  // Asked for, it would be made.
  if (!generated.every(({ index }) => existsSync(join(path, `secret-${index}`)))) return config;
  const parsed = parseConfig(openLocalKeys(openDataFolder(path)).withSecrets(runtimeConfig));
  return parsed.ok ? parsed.config : config;
}

/**
 * Where a policy's key comes from, by the option that says so. Addresses, never a key.
 * @param inlineOption what the file calls a key that it brings itself: see `keyOptionsIn`.
 */
export function describeSource(source: KeySource, inlineOption = 'secretOrPublicKey'): string {
  switch (source.kind) {
    case 'inline':
      return inlineOption;
    case 'generated':
      return 'secret: generate';
    case 'secretArn':
      return `secretArn ${source.arn}`;
    case 'parameter':
      return `parameterName ${source.name}`;
    case 'jwksUri':
      return `jwksUri ${source.uri}`;
    case 'discovery':
      return `discovery at ${source.issuer}`;
    case 'credential':
      return "the credential's own";
  }
}
