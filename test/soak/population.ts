/** The callers, as the Admin API makes them; those that are gone go on calling for a while. */

import {
  type Credential,
  type CredentialState,
  type Holder,
  newHolder,
  type PolicyFacts,
  type PolicyName,
} from './facts.ts';
import { createHistory } from './history.ts';
import type { Random } from './random.ts';
import { type Caller, newOwnKey, SCOPES } from './world.ts';
import type { Writers } from './writers.ts';

export interface Population {
  /** Whose credentials are there, and some whose are not any more. */
  all(): readonly Caller[];
  /** Those with a credential that is there. */
  controlled(): readonly Caller[];
  holders(): readonly Holder[];
  /** A user with an application, and a credential of each kind. */
  addUser(): Promise<void>;
  addCredential(holder: Holder, policy: PolicyName, trial?: string): Promise<Caller>;
  /** What hangs on it is called for a while, and is not there. */
  remove(isGone: (caller: Caller) => boolean): void;
  /** They do not call any more. */
  forget(isGone: (caller: Caller) => boolean): void;
}

const GONE_KEPT = 12;
const UNCONTROLLED = ['plain', 'found'] as const;
const CONTROLLED = ['shared', 'set', 'own'] as const;
const UNCONTROLLED_CALLERS = 6;

export function createPopulation(
  { admin }: Writers,
  policies: Readonly<Record<PolicyName, PolicyFacts>>,
  random: Random,
): Population {
  const uncontrolled = UNCONTROLLED.flatMap((policy) =>
    Array.from(
      { length: UNCONTROLLED_CALLERS },
      (_, i): Caller => ({
        ...{ policy, name: `ada-${i}`, ownKeys: [], wallet: [] },
      }),
    ),
  );
  let there: Caller[] = [];
  let gone: Caller[] = [];
  let users = 0;
  let credentials = 0;

  const addCredential: Population['addCredential'] = async (holder, policy, trial) => {
    credentials += 1;
    const keyId = `${policy}-${credentials}`;
    const scopes = random.pick<readonly string[]>([[...SCOPES], [...SCOPES], ['orders:read'], []]);
    const ownKeys = policy === 'own' ? [newOwnKey(1, random.pick(['HS256', 'ES256']))] : [];
    const issuer = policies[policy].issuer;
    await admin('POST', '/credentials', {
      ...{ consumerId: holder.id, type: 'jwt' },
      credential: { keyId, scopes, issuer, ...ownKeys[0]?.given },
    });
    // What is created works at once, and nobody has asked for it before.
    const state: Credential['state'] = createHistory<CredentialState | undefined>({
      ...{ isActive: true, scopes, keys: [1] },
    });
    const credential = { keyId, holder, state };
    const caller = {
      policy,
      name: keyId,
      credential,
      ownKeys,
      wallet: [],
      ...(trial !== undefined && { trial }),
    };
    there.push(caller);
    return caller;
  };

  return {
    all: () => [...there, ...gone, ...uncontrolled],
    controlled: () => there,
    holders: () => {
      const direct = there.flatMap(({ credential }) => credential?.holder ?? []);
      return [...new Set(direct.flatMap((holder) => [holder, ...(holder.owner ? [holder.owner] : [])]))];
    },
    async addUser() {
      users += 1;
      const username = `user-${users}`;
      const made = await admin('POST', '/users', { username });
      const user = newHolder({ kind: 'user', id: String(made['id']), username });
      const app = await admin('POST', '/apps', { userId: user.id, name: `app-${users}` });
      const application = newHolder({ kind: 'application', id: String(app['id']), username, owner: user });
      for (const policy of CONTROLLED) await addCredential(random.pick([user, user, application]), policy);
      await addCredential(application, random.pick(CONTROLLED));
    },
    addCredential,
    forget(isGone) {
      [there, gone] = [there, gone].map((some) => some.filter((one) => !isGone(one))) as [Caller[], Caller[]];
    },
    remove(isGone) {
      gone = [...there.filter(isGone), ...gone].slice(0, GONE_KEPT);
      there = there.filter((caller) => !isGone(caller));
    },
  };
}
