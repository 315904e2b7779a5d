/**
 * Who may, as plainly as docs/behaviour says it: the reference that every answer is held against. Where a change is on
 * its way, several answers are right; else exactly one is.
 */
import type { Credential, Holder, Minted, PolicyFacts, SetKey } from './facts.ts';
import type { Change, History, Span } from './history.ts';
import { type Dependency, NEW_KEY_MS, type Propagation } from './propagation.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
  /** Whether the gateway keeps its answers. */
  readonly isCached: boolean;
  /** A spelling that some upstream reads as another path: whoever calls is refused. */
  readonly isAmbiguous?: true;
}

/** What a request got, or may get: a status; of 200 also who the upstream was told that it is, with the scopes. */
export type Outcome = string;

export interface Expected {
  readonly outcomes: readonly Outcome[];
  /** Why, for a person: codes and no tokens. */
  readonly reasons: readonly string[];
}

export interface ModelWorld {
  readonly policies: Readonly<Record<Minted['policy'], PolicyFacts>>;
  readonly propagation: Propagation;
  /** Of all tokens. Seconds since 1970. */
  readonly allIssuedBefore: History<number>;
}

/** A fact that must hold, with the answers that it may have given. */
interface Condition {
  readonly reason: string;
  readonly holds: readonly boolean[];
}

export function expectedOf(minted: Minted, route: Route, span: Span, world: ModelWorld): Expected {
  const policy = world.policies[minted.policy];
  const conditions = conditionsOf(minted, route, span, world);
  const broken = conditions.filter(({ holds }) => holds.includes(false));
  const outcomes = new Set<Outcome>();
  if (conditions.every(({ holds }) => holds.includes(true)))
    for (const scopes of scopesOf(minted, policy, possibleStates(minted, route, span, world)))
      outcomes.add(passing(minted, route, { policy, scopes }));
  if (broken.length > 0) outcomes.add('401');
  if (world.propagation.isOut(span, dependenciesOf(policy))) outcomes.add('500');
  return { outcomes: [...outcomes], reasons: broken.map(({ reason }) => reason) };
}

/** Whether it is revoked, or expired, when all that is known has come through. */
export const isSpent = (
  { isRevoked, expMs, credential, issuedAtSeconds }: Minted,
  world: ModelWorld,
): boolean => {
  const moments = [world.allIssuedBefore, ...chainOf(credential?.holder).map((one) => one.issuedBefore)];
  return isRevoked.latest() || expMs <= Date.now() || moments.some((one) => issuedAtSeconds < one.latest());
};

/** What it takes to tell whether a token counts. */
export function dependenciesOf(policy: PolicyFacts): readonly Dependency[] {
  const needsTable = policy.isControlled || policy.isRevocable;
  return [...(needsTable ? ['table' as const] : []), ...(policy.isFetched ? ['issuer' as const] : [])];
}

function conditionsOf(minted: Minted, route: Route, span: Span, world: ModelWorld): readonly Condition[] {
  const { isCached } = route;
  const { propagation, policies } = world;
  const policy = policies[minted.policy];
  const ofTable = <T>(history: History<T>) =>
    history.possible(span, (change) => propagation.endOf(change, isCached));
  const conditions: Condition[] = [
    { reason: minted.flaw ?? 'flawless', holds: [minted.flaw === undefined] },
    { reason: 'expired', holds: unexpired(minted, span, propagation.endOfToken(minted.expMs, isCached)) },
  ];
  if (minted.setKey !== undefined)
    conditions.push({
      reason: 'key not in the set',
      holds: inSet(minted.setKey, span, { propagation, isCached }),
    });
  if (minted.credential !== undefined) conditions.push(...ofCredential(minted, minted.credential, ofTable));
  if (!policy.isRevocable) return conditions;
  const holders = chainOf(minted.credential?.holder);
  const moments = [world.allIssuedBefore, ...holders.map(({ issuedBefore }) => issuedBefore)];
  return [
    ...conditions,
    { reason: 'revoked', holds: ofTable(minted.isRevoked).map((isRevoked) => !isRevoked) },
    ...moments.map((moment) => ({
      reason: 'issued before',
      holds: ofTable(moment).map((seconds) => minted.issuedAtSeconds >= seconds),
    })),
  ];
}

function ofCredential(
  { keyVersion }: Minted,
  { state, holder }: Credential,
  possible: <T>(history: History<T>) => readonly T[],
): readonly Condition[] {
  const states = possible(state);
  return [
    { reason: 'credential', holds: states.map((one) => one?.isActive === true) },
    {
      reason: 'key of the credential',
      holds: states.map((one) => keyVersion === undefined || one?.keys.includes(keyVersion) === true),
    },
    ...chainOf(holder).map((one) => ({ reason: one.kind, holds: possible(one.isActive) })),
  ];
}

/** A holder, and of an application its owner. */
const chainOf = (holder: Holder | undefined): readonly Holder[] =>
  holder === undefined ? [] : [holder, ...chainOf(holder.owner)];

function unexpired({ expMs }: Minted, { beganMs, endedMs }: Span, endMs: number): readonly boolean[] {
  return [...(beganMs < endMs ? [true] : []), ...(endedMs >= expMs ? [false] : [])];
}

/** It comes once, and goes once. */
function inSet(
  { isPublished }: SetKey,
  span: Span,
  { propagation, isCached }: { propagation: Propagation; isCached: boolean },
): readonly boolean[] {
  const endOf = (change: Change) =>
    change.value === true ? change.ackedMs + NEW_KEY_MS : propagation.endOfKey(change, isCached);
  return isPublished.possible(span, endOf);
}

function possibleStates(minted: Minted, { isCached }: Route, span: Span, { propagation }: ModelWorld) {
  return minted.credential?.state.possible(span, (change) => propagation.endOf(change, isCached)) ?? [];
}

/** The scopes that may have counted: the credential's; where the token's count, those; of both, what they share. */
function scopesOf(
  { claims, credential }: Minted,
  { hasScopeClaim }: PolicyFacts,
  states: ReturnType<typeof possibleStates>,
): readonly (readonly string[])[] {
  const own = String(claims['scope'] ?? '')
    .split(' ')
    .filter((scope) => scope !== '');
  if (credential === undefined) return [hasScopeClaim ? own : []];
  return states.flatMap((state) =>
    state === undefined
      ? []
      : [hasScopeClaim ? state.scopes.filter((one) => own.includes(one)) : state.scopes],
  );
}

function passing(
  minted: Minted,
  route: Route,
  { policy, scopes }: { policy: PolicyFacts; scopes: readonly string[] },
): Outcome {
  if (route.isAmbiguous || !route.scopes.every((scope) => scopes.includes(scope))) return '403';
  // An answer to HEAD has passed too; what the upstream was told is the same.
  return `200 ${identityText(identityOf(minted, policy), scopes)}`;
}

export interface Identity {
  readonly consumerId: string;
  readonly consumerType: string;
  readonly username: string;
  readonly credentialId: string;
  readonly principalId: string;
  readonly jti: string;
}

function identityOf({ credential, claims }: Minted, { issuer }: PolicyFacts): Identity {
  const jti = String(claims['jti']);
  if (credential === undefined)
    return {
      ...{ consumerId: '-', consumerType: '-', username: '-', credentialId: '-', jti },
      principalId: `${issuer}|${String(claims['sub'])}`,
    };
  const { keyId, holder } = credential;
  return {
    ...{
      consumerId: holder.id,
      consumerType: holder.kind,
      username: holder.username,
      credentialId: keyId,
      jti,
    },
    principalId: holder.id,
  };
}

export const identityText = (identity: Identity, scopes: readonly string[]): string =>
  [...Object.values(identity), [...scopes].sort().join('+') || '-'].join(' ');
