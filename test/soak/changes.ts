/** What an administrator does meanwhile, one thing after another, each told to the model before and after. */
import type { Credential, CredentialState, Holder } from './facts.ts';
import { hashOf } from './facts.ts';
import type { History, Way } from './history.ts';
import type { Issuers } from './issuers.ts';
import type { Population } from './population.ts';
import type { Propagation } from './propagation.ts';
import type { Random } from './random.ts';
import { type Caller, isHeldBy, newOwnKey, SCOPES } from './world.ts';
import { NotAcknowledged, type Writers } from './writers.ts';

export interface ChangeWorld {
  readonly population: Population;
  readonly writers: Writers;
  readonly issuers: Issuers;
  readonly propagation: Propagation;
  readonly allIssuedBefore: History<number>;
  readonly random: Random;
  readonly report?: ((line: string) => void) | undefined;
}

type Act = () => Promise<unknown>;

/** @returns what makes one change, and gives its name. */
export function createChanges(world: ChangeWorld): { next(): Promise<string>; revokeAll(): Promise<void> } {
  const { random, population, allIssuedBefore, writers } = world;
  const kinds: readonly (readonly [weight: number, make: () => Promise<string>])[] = [
    [30, () => toggleCredential(world)],
    [10, () => deleteCredential(world)],
    [20, () => setScopes(world)],
    [25, () => toggleHolder(world)],
    [4, () => deleteUser(world)],
    [20, () => revokeToken(world)],
    [10, () => revokeIssuedBefore(world)],
    [15, () => rotateOwnKey(world)],
    [6, async () => rotateIssuer(world)],
  ];
  const hasFew = () => population.controlled().length < 20;
  return {
    async next() {
      try {
        if (!hasFew()) return await random.weighted(kinds)();
        await population.addUser();
        return 'a user with credentials';
      } catch (error) {
        if (!(error instanceof NotAcknowledged)) throw error;
        world.report?.(`not made: ${error.message}`);
        return 'a record, not acknowledged';
      }
    },
    async revokeAll() {
      const seconds = Math.floor(Date.now() / 1000);
      const act = () => writers.admin('PUT', '/revocations/all', { issuedBefore: seconds });
      await change(world, allIssuedBefore, { value: seconds, way: 'admin', act });
    },
  };
}

interface Step<T> {
  readonly value: T;
  readonly way: Way;
  readonly act: Act;
}

/** From before it is asked for until it is acknowledged, either may be. @returns whether it was. */
async function change<T>(
  { propagation, report }: Pick<ChangeWorld, 'propagation' | 'report'>,
  history: History<T>,
  { value, way, act }: Step<T>,
): Promise<boolean> {
  const acked = history.begin(value, way, Date.now());
  try {
    await act();
  } catch (error) {
    if (!(error instanceof NotAcknowledged)) throw error;
    report?.(`not acknowledged: ${error.message}`);
    return false;
  }
  const made = acked(Date.now());
  if (way === 'admin') propagation.flushed(made);
  return true;
}

const WAYS = ['admin', 'admin', 'admin', 'command', 'direct'] as const;

/** The same change in one of three ways. @returns the way's name. */
async function inSomeWay<T>(
  world: ChangeWorld,
  history: History<T>,
  { value, ...acts }: { value: T; admin: Act; direct: Act; command?: Act },
): Promise<string> {
  const chosen = world.random.pick(WAYS);
  const name = acts.command === undefined && chosen === 'command' ? 'admin' : chosen;
  const act = acts[name] ?? acts.admin;
  const isAcked = await change(world, history, { value, way: name === 'direct' ? 'direct' : 'admin', act });
  if (isAcked) return name;
  // Nobody knows from then on what its credential's record says as a whole.
  world.population.forget(({ credential }) => credential?.state === (history as unknown));
  return `${name}, not acknowledged`;
}

/** One that is there, and no trial. */
function anyCredential(
  { population, random }: ChangeWorld,
  isWanted: (caller: Caller) => boolean = () => true,
) {
  const callers = population
    .controlled()
    .filter((caller) => caller.trial === undefined && isThere(caller.credential) && isWanted(caller));
  const caller = random.pick(callers);
  return { caller, ...partsOf(caller.credential) };
}

const isThere = (credential: Credential | undefined): boolean => credential?.state.latest() !== undefined;

function partsOf(credential: Credential | undefined): Credential & { readonly now: CredentialState } {
  const now = credential?.state.latest();
  if (credential === undefined || now === undefined) throw new Error('a credential that is not there');
  return { ...credential, now };
}

/** Of those that are out one comes back every other time, so that most are in. */
const isOneBack = ({ random }: ChangeWorld, areOut: boolean): boolean => areOut && random.next() < 0.5;

async function toggleCredential(world: ChangeWorld): Promise<string> {
  const { writers, population } = world;
  const isOut = ({ credential, trial }: Caller) =>
    trial === undefined && credential?.state.latest()?.isActive === false;
  const isBack = isOneBack(world, population.controlled().some(isOut));
  const { keyId, state, now } = anyCredential(world, (caller) => isOut(caller) === isBack);
  const isActive = !now.isActive;
  const way = await inSomeWay(world, state, {
    value: { ...now, isActive },
    admin: () => writers.admin('PUT', `/credentials/jwt/${keyId}/status`, { status: isActive }),
    command: () => writers.command('credentials', isActive ? 'activate' : 'deactivate', keyId),
    direct: () => writers.direct((store) => store.setCredentialActive(keyId, isActive)),
  });
  return `credential ${isActive ? 'activated' : 'deactivated'} (${way})`;
}

async function deleteCredential(world: ChangeWorld): Promise<string> {
  const { writers, population } = world;
  const { caller, keyId, holder, state } = anyCredential(world);
  const way = await inSomeWay(world, state, {
    value: undefined,
    admin: () => writers.admin('DELETE', `/credentials/jwt/${keyId}`),
    direct: () => writers.direct((store) => store.deleteCredential(keyId)),
  });
  population.remove((one) => one === caller);
  await population.addCredential(holder, caller.policy);
  return `credential deleted, another created (${way})`;
}

async function setScopes(world: ChangeWorld): Promise<string> {
  const { writers, random } = world;
  const { keyId, state, now } = anyCredential(world);
  const scopes = random.pick<readonly string[]>([[...SCOPES], ['orders:read'], ['orders:write'], []]);
  const way = await inSomeWay(world, state, {
    value: { ...now, scopes },
    admin: () => writers.admin('PUT', `/credentials/jwt/${keyId}/scopes`, { scopes }),
    direct: () => writers.direct((store) => store.changeScopes(keyId, { set: scopes })),
  });
  return `scopes set (${way})`;
}

/** None of a trial's: what happens to those must be the tampering alone. */
function anyHolder({ population, random }: ChangeWorld, isWanted: (holder: Holder) => boolean = () => true) {
  const trials = population.all().filter(({ trial }) => trial !== undefined);
  return random.pick(
    population.holders().filter((one) => isWanted(one) && !trials.some((trial) => isHeldBy(trial, one))),
  );
}

async function toggleHolder(world: ChangeWorld): Promise<string> {
  const { writers } = world;
  const isOut = ({ isActive }: Holder) => !isActive.latest();
  const isBack = isOneBack(world, world.population.holders().some(isOut));
  const { id, kind, isActive: history } = anyHolder(world, (holder) => isOut(holder) === isBack);
  const isActive = !history.latest();
  const group = kind === 'user' ? 'users' : 'apps';
  const way = await inSomeWay(world, history, {
    value: isActive,
    admin: () => writers.admin('PUT', `/${group}/${id}/status`, { status: isActive }),
    command: () => writers.command(group, isActive ? 'activate' : 'deactivate', id),
    direct: () =>
      writers.direct<unknown>((store) =>
        kind === 'user' ? store.setUserActive(id, isActive) : store.setApplicationActive(id, isActive),
      ),
  });
  return `${kind} ${isActive ? 'activated' : 'deactivated'} (${way})`;
}

async function deleteUser(world: ChangeWorld): Promise<string> {
  const { writers, population } = world;
  const user = anyHolder(world, ({ kind }) => kind === 'user');
  const way = await inSomeWay(world, user.isActive, {
    value: false,
    admin: () => writers.admin('DELETE', `/users/${user.id}`),
    direct: () => writers.direct((store) => store.deleteUser(user.id)),
  });
  population.remove((caller) => isHeldBy(caller, user));
  return `user deleted (${way})`;
}

async function revokeToken(world: ChangeWorld): Promise<string> {
  const { writers, population, random } = world;
  const held = population.all().flatMap(({ wallet, policy, trial }) => {
    const isRevocable = policy !== 'plain' && trial === undefined;
    return wallet.filter((token) => isRevocable && !token.isRevoked.latest() && token.expMs > Date.now());
  });
  if (held.length === 0) return toggleCredential(world);
  const { token, claims, isRevoked } = random.pick(held);
  const [jti, issuer] = [String(claims['jti']), String(claims['iss'])];
  const name = random.pick([{ tokenHash: hashOf(token) }, { jti, issuer }]);
  const way = await inSomeWay(world, isRevoked, {
    value: true,
    admin: () => writers.admin('POST', '/revocations/tokens', name),
    direct: () => writers.direct((store) => store.revokeToken(name)),
  });
  return `token revoked by ${'jti' in name ? 'jti' : 'hash'} (${way})`;
}

async function revokeIssuedBefore(world: ChangeWorld): Promise<string> {
  const { writers } = world;
  const { id, kind: type, issuedBefore } = anyHolder(world, (holder) => holder.isActive.latest());
  const seconds = Math.floor(Date.now() / 1000);
  const way = await inSomeWay(world, issuedBefore, {
    value: seconds,
    admin: () => writers.admin('PUT', `/revocations/consumers/${id}`, { issuedBefore: seconds }),
    direct: () => writers.direct((store) => store.revokeIssuedBefore({ type, id }, seconds)),
  });
  return `a consumer's tokens revoked (${way})`;
}

const OVERLAP_SECONDS = 86_400;

/** With an overlap, the key until now goes on to verify; the one before it ends. */
async function rotateOwnKey(world: ChangeWorld): Promise<string> {
  const { writers, random } = world;
  const { caller, keyId, state, now } = anyCredential(world, ({ policy }) => policy === 'own');
  const before = caller.ownKeys.at(-1);
  // A credential keeps its kind of key.
  const key = newOwnKey((before?.version ?? 0) + 1, before?.algorithm ?? 'HS256');
  const overlapSeconds = random.pick([0, OVERLAP_SECONDS]);
  const kept = overlapSeconds > 0 && before !== undefined ? [before.version] : [];
  const way = await inSomeWay(world, state, {
    value: { ...now, keys: [...kept, key.version] },
    admin: () => writers.admin('POST', `/credentials/jwt/${keyId}/rotate`, { ...key.given, overlapSeconds }),
    direct: () => writers.direct((store) => store.rotateCredential(keyId, { ...key.given, overlapSeconds })),
  });
  caller.ownKeys.push(key);
  return `stored key replaced${overlapSeconds > 0 ? ', with an overlap' : ''} (${way})`;
}

const MOST_PUBLISHED = 2;

/** A new key in an issuer's set; or, where there are enough, the oldest out of it. */
function rotateIssuer({ issuers, random }: ChangeWorld): string {
  const issuer = random.pick([issuers.set, issuers.found]);
  if (issuer.published().length < MOST_PUBLISHED) {
    issuer.publish();
    return 'key published';
  }
  issuer.withdraw();
  return 'key withdrawn';
}
