import { createHash } from 'node:crypto';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import type { LocalKeys } from './local-keys.ts';

/** Whom a local run can speak for: a caller without scopes, and one with every scope that `routes` name. */
export interface Demo {
  /** The first policy whose tokens can be made here. */
  readonly policy: JwtPolicy;
  readonly reader: DemoCaller;
  readonly writer: DemoCaller;
}

export interface DemoCaller {
  readonly keyId: string;
  readonly scopes: readonly string[];
}

const USERNAME = 'demo';

/** @returns undefined where no signing key of the configuration is here. */
export function demoOf({ policies, routes }: AuthorizerConfig, keys: LocalKeys): Demo | undefined {
  const policy = policies.find((candidate) => keys.signingKeyOf(candidate) !== undefined);
  if (policy === undefined) return undefined;
  const caller = (name: string, scopes: readonly string[]) => ({
    keyId: keyIdOf(name, policy, scopes),
    scopes,
  });
  const everyScope = [...new Set(routes.flatMap((rule) => rule.scopes))];
  return { policy, reader: caller('demo-reader', []), writer: caller('demo-writer', everyScope) };
}

/** Of the configuration too: a credential that an earlier one made has other scopes, or another issuer. */
function keyIdOf(name: string, { issuer: [issuer] }: JwtPolicy, scopes: readonly string[]): string {
  if (issuer === undefined && scopes.length === 0) return name;
  const digest = createHash('sha256')
    .update(JSON.stringify([issuer, scopes]))
    .digest('hex');
  return `${name}-${digest.slice(0, 8)}`;
}

/**
 * Makes the demo user and its credentials where they do not exist. What exists stays as it is.
 * @returns whether they are as they were made, and so as useful.
 */
export async function ensureDemoConsumers(
  store: ConsumerStore,
  { policy, reader, writer }: Demo,
): Promise<boolean> {
  await store.createUser({ username: USERNAME, firstname: 'Demo', lastname: 'User' });
  // One at a time: those that exist must not keep the others from being made.
  for (const scope of writer.scopes) await store.createScopes([scope]);
  const [issuer] = policy.issuer;
  for (const { keyId, scopes } of [reader, writer]) {
    await store.createCredential({
      consumerId: USERNAME,
      keyId,
      scopes,
      ...(issuer !== undefined && { issuer }),
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
