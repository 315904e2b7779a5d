/** Credentials with keys of their own, in a table that counts its reads, with a clock to turn. */
import { type Decision, decide } from '../../lambda/authorizer/decide.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import { ALGORITHMS } from '../../lambda/config/types.ts';
import { createCredentialKeyStore } from '../../lambda/consumers/find-credential-keys.ts';
import type { CredentialKey, KeyedCredential } from '../../lambda/consumers/keyed-credential.ts';
import type { LookupResult } from '../../lambda/consumers/memory.ts';
import type { Credential, CredentialHolder } from '../../lambda/consumers/model.ts';
import { bearerRequest } from '../support/requests.ts';
import { NOW_SECONDS, secretKey, type TokenOptions, tokenOf } from '../support/tokens.ts';
import { configOf, credentialOf, dependenciesOf, inlineKeys, userOf } from './fixtures.ts';

/** 72 bytes each: long enough for HS512. */
export const secretText = (name: string): string => `${name}-`.padEnd(72, 'x');

export const keyedCredential = (
  keyId: string,
  keys: readonly CredentialKey[] = [{ keySecret: secretText(keyId) }],
  credential: Partial<Credential> = {},
): KeyedCredential => ({ credential: credentialOf({ keyId, ...credential }), keys });

export const CREDENTIAL_POLICY: Partial<JwtPolicy> = {
  keySource: { kind: 'credential' },
  algorithms: ALGORITHMS,
  checkCredentialExistence: true,
};

export const signedBy = (text: string, claims: object = {}, options: TokenOptions = {}): string =>
  tokenOf({ sub: 'key-1', ...claims }, { key: secretKey(text), ...options });

export interface WorldOptions {
  /** @default 60 */
  readonly seconds?: number;
  readonly policies?: readonly Partial<JwtPolicy>[];
  readonly config?: Partial<AuthorizerConfig>;
}

export function openWorld({ seconds = 60, policies = [CREDENTIAL_POLICY], config = {} }: WorldOptions = {}) {
  const clock = { ms: NOW_SECONDS * 1000 };
  const now = () => clock.ms;
  /** What the table holds by keyId; an error is what it answers with. */
  const stored = new Map<string, KeyedCredential | Error>();
  const holders = new Map<string, CredentialHolder | Error>([['user-1', { user: userOf() }]]);
  /** KeyIds and consumers, in the order in which they were read. */
  const reads = { keys: [] as string[], holders: [] as string[] };
  const lookups: LookupResult[] = [];
  const answer = async <T>(entry: T | Error): Promise<T> => {
    if (entry instanceof Error) throw entry;
    return entry;
  };
  const store = createCredentialKeyStore(
    {
      readKeys(keyId) {
        reads.keys.push(keyId);
        const entry = stored.get(keyId);
        // What is read is another object every time.
        return answer(entry instanceof Error ? entry : structuredClone(entry));
      },
      readHolder({ consumerId }) {
        reads.holders.push(consumerId);
        return answer(holders.get(consumerId) ?? {});
      },
    },
    { seconds, now, report: (result) => lookups.push(result) },
  );
  const dependencies = dependenciesOf({
    config: configOf(policies, config),
    credentialKeys: store,
    keysOf: inlineKeys,
    now,
  });
  const ask = (token: string): Promise<Decision> => decide(bearerRequest(token), dependencies);
  return {
    clock,
    stored,
    holders,
    reads,
    lookups,
    store,
    dependencies,
    put: (keyed: KeyedCredential) => void stored.set(keyed.credential.keyId, keyed),
    ask,
    /** The consumer that is let in, or the code of the denial. */
    async code(token: string): Promise<string> {
      const decision = await ask(token);
      if (decision.kind === 'denied') return decision.denial.code;
      const { caller } = decision;
      return caller.kind === 'anonymous' ? 'anonymous' : caller.principalId;
    },
  };
}

export type World = ReturnType<typeof openWorld>;
