import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import type { LocalKeys } from './local-keys.ts';
import { scopesOfRoutes } from './route-scopes.ts';

/** Whom a local run can speak for: a caller without scopes, and one with every scope that `routes` name. */
export interface Demo {
  /** The first policy whose key was made here. */
  readonly policy: JwtPolicy;
  /** The first usage plan of the configuration; without one, API Gateway refuses its requests. */
  readonly plan?: string;
  readonly reader: DemoCaller;
  readonly writer: DemoCaller;
}

export interface DemoCaller {
  readonly keyId: string;
  readonly scopes: readonly string[];
  readonly signingKey: KeyObject;
  /** Of its own, where the policy goes by it. */
  readonly keySecret?: string;
}

const USERNAME = 'demo';

/**
 * @returns undefined where no key of the configuration was made here: with another, a token that is printed
 * and a credential that has every scope could be good where consumers are real.
 */
export function demoOf(config: AuthorizerConfig, keys: LocalKeys): Demo | undefined {
  const { policies, plans } = config;
  const policy = policies.find(
    (candidate) => takesOwnSecrets(candidate) || keys.ownKeyOf(candidate) !== undefined,
  );
  if (policy === undefined) return undefined;
  const ofAll = keys.ownKeyOf(policy);
  const plan = plans?.[0]?.name;
  const caller = (name: string, scopes: readonly string[]): DemoCaller => {
    const keyId = keyIdOf(name, policy, { scopes, plan });
    if (ofAll !== undefined) return { keyId, scopes, signingKey: ofAll };
    const keySecret = keys.demoKeySecret(keyId);
    return { keyId, scopes, signingKey: createSecretKey(keySecret, 'utf8'), keySecret };
  };
  return {
    policy,
    ...(plan !== undefined && { plan }),
    reader: caller('demo-reader', []),
    writer: caller('demo-writer', scopesOfRoutes(config)),
  };
}

const takesOwnSecrets = ({ keySource, algorithms }: JwtPolicy): boolean =>
  keySource.kind === 'credential' && algorithms.some((algorithm) => algorithm.startsWith('HS'));

/** Of the configuration too: a credential that an earlier one made has other scopes, issuer, plan or key. */
function keyIdOf(
  name: string,
  { issuer: [issuer], keySource }: JwtPolicy,
  { scopes, plan }: { readonly scopes: readonly string[]; readonly plan: string | undefined },
): string {
  const hasOwnKey = keySource.kind === 'credential';
  if (issuer === undefined && scopes.length === 0 && !hasOwnKey && plan === undefined) return name;
  const others = [...(hasOwnKey ? ['own key'] : []), ...(plan === undefined ? [] : [{ plan }])];
  const digest = createHash('sha256')
    .update(JSON.stringify([issuer, scopes, ...others]))
    .digest('hex');
  return `${name}-${digest.slice(0, 8)}`;
}

/**
 * Makes the demo user and its credentials where they do not exist. What exists stays as it is. Their scopes exist already.
 * @returns whether they are as they were made, and so as useful.
 */
export async function ensureDemoConsumers(
  store: ConsumerStore,
  { policy, plan, reader, writer }: Demo,
): Promise<boolean> {
  await store.createUser({ username: USERNAME, firstname: 'Demo', lastname: 'User' });
  const [issuer] = policy.issuer;
  for (const { keyId, scopes, keySecret } of [reader, writer]) {
    await store.createCredential({
      consumerId: USERNAME,
      keyId,
      scopes,
      ...(issuer !== undefined && { issuer }),
      ...(plan !== undefined && { plan }),
      ...(keySecret !== undefined && { keySecret }),
    });
  }
  const user = await store.getUser(USERNAME);
  const asMade = await Promise.all([reader, writer].map((caller) => isAsMade(store, caller)));
  return user.ok && user.value.isActive && asMade.every(Boolean);
}

async function isAsMade(store: ConsumerStore, { keyId, scopes }: DemoCaller): Promise<boolean> {
  const found = await store.getCredential(keyId);
  return found.ok && found.value.isActive && scopes.every((scope) => found.value.scopes.includes(scope));
}
