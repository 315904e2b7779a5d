/** One request after another, as chance has it: mostly honest, from whoever there is, and much that is not. */

import type { Minted } from './facts.ts';
import type { Span } from './history.ts';
import { type Attack, CUT_OFF, MALFORMED, statusesOf } from './hostile.ts';
import { dependenciesOf, type Expected, expectedOf, isSpent, type ModelWorld, type Route } from './model.ts';
import type { Dependency } from './propagation.ts';
import type { Random } from './random.ts';
import { IMITATIONS } from './upstream.ts';
import type { Caller, Mint } from './world.ts';
import { FLAWS, flawed } from './world.ts';

/** A request to be made, and what may come of it. */
export interface Shot {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Byte for byte, in the place of all that. */
  readonly raw?: string;
  /** Nobody waits for the answer. */
  readonly isCutOff?: true;
  /** Its judge: another for each request. */
  readonly expected: (span: Span) => Expected;
  /** What it was, for a person. */
  readonly detail: string;
  readonly trial?: string;
  /** What must be there to tell. */
  readonly dependencies?: readonly Dependency[];
  /** Who the upstream is told that it is, is not looked at. */
  readonly isByStatus?: true;
}

const read = (path: string, isCached: boolean, scopes: readonly string[] = []): Route => ({
  ...{ method: 'GET', path, scopes, isCached },
});

/** Inside `/{proxy+}` nothing is kept, since rules with scopes can be reached through it. */
const ROUTES: readonly (readonly [weight: number, Route])[] = [
  ...['7', '8', '9', 'a%20b'].map((id) => [6, read(`/orders/${id}`, true, ['orders:read'])] as const),
  [3, { ...read('/orders/7', true, ['orders:read']), method: 'HEAD' }],
  [10, { ...read('/orders', true, ['orders:write']), method: 'POST' }],
  [8, read('/orders', true)],
  [30, read('/open/a', false)],
  [6, { ...read('/open/b?c=d', false), method: 'PUT' }],
];
/** Whoever asks for these is told 403, since an upstream may read them as another path. */
const AMBIGUOUS: readonly Route[] = [
  '/open/../orders/7',
  '/open//a',
  '/open/%2e%2e/orders/7',
  '/open/a;b',
  '/open/a%2fb',
].map((path): Route => ({ ...read(path, false), isAmbiguous: true }));

export interface TrafficWorld {
  readonly model: ModelWorld;
  /** Those that there are, and some that there were. */
  readonly callers: () => readonly Caller[];
  readonly mint: Mint;
  readonly attacks: readonly Attack[];
  readonly random: Random;
}

/** How old a caller's token is when it gets another; some live shorter than that. */
const TOKEN_AGE_SECONDS = 240;
const SHORT_SECONDS = 5;
const UNKNOWN_NAMES = 300;

export function createTraffic(world: TrafficWorld): () => Shot {
  const { random } = world;
  const kinds: readonly (readonly [weight: number, make: () => Shot])[] = [
    [600, () => honest(world, random.pick(world.callers()))],
    [60, () => aged(world, random.pick(world.callers()))],
    [90, () => tampered(world)],
    [110, () => attack(world)],
    [30, () => unknownName(world)],
    [30, () => tokenless(world)],
    [25, () => twice(world)],
    [25, () => ambiguous(world)],
    [15, () => malformed(world)],
    [15, () => cutOff(world)],
  ];
  return () => random.weighted(kinds)();
}

/** A door with one policy, without a table: what gets in and what does not never changes. */
export function createDoorTraffic(
  { attacks, honest: token }: { attacks: readonly Attack[]; honest: string },
  random: Random,
): () => Shot {
  return () => {
    const isHonest = random.next() < 0.3;
    const one = random.pick(attacks);
    return {
      kind: isHonest ? 'honest, at a door' : 'attack, at a door',
      ...{ method: 'GET', path: random.pick(['/', '/open/a', '/orders/7']) },
      headers: ['authorization', isHonest ? `Bearer ${token}` : one.authorization],
      expected: always(...(isHonest ? [200] : statusesOf(one))),
      detail: isHonest ? 'honest' : one.id,
      isByStatus: true,
    };
  };
}

export function honest(world: TrafficWorld, caller: Caller): Shot {
  const { random } = world;
  const imitating = random.next() < 0.2 ? random.pick(IMITATIONS) : [];
  const kind = imitating.length > 0 ? 'with headers like ours' : `honest: ${caller.policy}`;
  return shotOf(world, tokenOf(world, caller), { kind, caller, more: imitating });
}

/** One that is older, expired or of a key that was: whatever the caller still has. */
function aged(world: TrafficWorld, caller: Caller): Shot {
  const { random, mint } = world;
  const held = caller.wallet.length > 0 ? random.pick(caller.wallet) : mint(caller);
  return shotOf(world, held, { kind: 'an older token', caller });
}

function tampered(world: TrafficWorld): Shot {
  const { random } = world;
  const caller = random.pick(world.callers());
  const bad = flawed(tokenOf(world, caller), random.pick(FLAWS), Math.floor(Date.now() / 1000));
  return shotOf(world, bad, { kind: 'tampered with', caller });
}

function attack({ attacks, random, model }: TrafficWorld): Shot {
  const one = random.pick(attacks);
  return {
    kind: 'attack',
    ...simple(random),
    headers: ['authorization', one.authorization],
    expected: deniedBy(model, ...statusesOf(one)),
    detail: one.id,
  };
}

/** Names that there are not, of policies that ask the table for them; signed as the issuer would. */
function unknownName(world: TrafficWorld): Shot {
  const { random, callers, mint, model } = world;
  const controlled = callers().filter(({ policy }) => model.policies[policy].isControlled);
  const like = random.pick(controlled);
  const stranger: Caller = { ...like, name: `nobody-${random.below(UNKNOWN_NAMES)}`, wallet: [] };
  const minted: Minted = { ...mint(stranger), flaw: 'a name that there is not' };
  return shotOf(world, minted, { kind: 'an unknown name', caller: stranger });
}

function tokenless(world: TrafficWorld): Shot {
  const { random } = world;
  const { token } = tokenOf(world, random.pick(world.callers()));
  const [name, headers]: readonly [string, readonly string[]] = random.pick([
    ['nothing', []],
    ['an empty header', ['authorization', '']],
    ['another scheme', ['authorization', 'Basic YTpi']],
    ['a scheme alone', ['authorization', 'Bearer ']],
    ['text after the token', ['authorization', `Bearer ${token} x`]],
    ['another header', ['x-token', token]],
  ]);
  return {
    ...{ kind: 'no token', ...simple(random), headers, expected: always(401), detail: name },
  };
}

function twice(world: TrafficWorld): Shot {
  const { random } = world;
  const [one, other] = [0, 1].map(() => tokenOf(world, random.pick(world.callers())).token);
  const headers = ['authorization', `Bearer ${one}`, 'Authorization', `Bearer ${other}`];
  return { ...{ kind: 'two tokens', ...simple(random), headers, expected: always(401), detail: 'two' } };
}

function ambiguous(world: TrafficWorld): Shot {
  const caller = world.random.pick(world.callers());
  const route = world.random.pick(AMBIGUOUS);
  return shotOf(world, tokenOf(world, caller), { kind: 'a path of two readings', caller, route });
}

function malformed({ random }: TrafficWorld): Shot {
  const [name, raw] = random.pick(MALFORMED);
  return {
    ...{ kind: 'malformed', method: '', path: '', headers: [], raw },
    expected: refused,
    detail: name,
  };
}

function cutOff({ random }: TrafficWorld): Shot {
  const [name, raw] = random.pick(CUT_OFF);
  const shot = { kind: 'cut off', method: '', path: '', headers: [], raw, isCutOff: true } as const;
  return { ...shot, expected: refused, detail: name };
}

/** The caller's newest, or a new one. */
function tokenOf({ mint, random, model }: TrafficWorld, caller: Caller): Minted {
  const nowSeconds = Date.now() / 1000;
  const newest = caller.wallet.at(-1);
  const isOld = newest === undefined || nowSeconds - newest.issuedAtSeconds > TOKEN_AGE_SECONDS;
  // Who was revoked logs in again, and tries the old one now and then.
  const isKept = !isOld && (!isSpent(newest, model) || random.next() < 0.5);
  if (newest !== undefined && isKept) return newest;
  const isShort = caller.wallet.length > 0 && random.next() < 0.3;
  return mint(caller, isShort ? { exp: Math.floor(nowSeconds) + SHORT_SECONDS } : {});
}

function shotOf(
  { model, random }: TrafficWorld,
  minted: Minted,
  given: { kind: string; caller: Caller; route?: Route; more?: readonly string[] },
): Shot {
  const { kind, caller, route = random.weighted(ROUTES), more = [] } = given;
  return {
    kind,
    ...{ method: route.method, path: route.path },
    headers: ['authorization', `Bearer ${minted.token}`, ...more],
    expected: (span) => expectedOf(minted, route, span, model),
    dependencies: dependenciesOf(model.policies[minted.policy]),
    detail: detailOf(minted, caller),
    ...(caller.trial !== undefined && { trial: caller.trial }),
  };
}

/** Whose it was, and when what it rests on changed: no token. */
function detailOf({ policy, credential, flaw, setKey, keyVersion }: Minted, { name }: Caller): string {
  const moments = [credential?.state, credential?.holder.isActive, credential?.holder.owner?.isActive];
  const changes = moments
    .flatMap((history) => history?.changes() ?? [])
    .map(({ ackedMs, way }) => `${way} ${new Date(Number.isFinite(ackedMs) ? ackedMs : 0).toISOString()}`);
  const parts = [
    policy,
    name,
    flaw ?? '',
    setKey?.kid ?? '',
    `key ${keyVersion ?? '-'}`,
    ...changes.slice(-6),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const simple = (random: Random) => ({ method: 'GET', path: random.pick(['/orders/7', '/open/a']) });

const asOutcome = (status: number) => `${status}`;

/** Whatever happens elsewhere. */
const always = (...statuses: readonly number[]) => {
  const outcomes = statuses.map(asOutcome);
  return (): Expected => ({ outcomes, reasons: ['always'] });
};

/** By all policies, whichever it is for; those whose dependencies are out cannot tell. */
function deniedBy({ policies, propagation }: ModelWorld, ...statuses: readonly number[]) {
  const all = Object.values(policies).flatMap(dependenciesOf);
  return (span: Span): Expected => ({
    outcomes: [...statuses, ...(propagation.isOut(span, all) ? [500] : [])].map(asOutcome),
    reasons: ['hostile'],
  });
}

/** Any refusal, or no answer at all. */
const REFUSALS = [0, 400, 401, 403, 404, 405, 408, 411, 413, 414, 417, 431, 501].map(asOutcome);
const refused = (): Expected => ({ outcomes: REFUSALS, reasons: ['no request'] });
