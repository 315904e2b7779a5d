/** At which moment a refusal is told, and which refusals wait for it. */
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { type Decision, decide } from '../../lambda/authorizer/decide.ts';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import {
  createMomentOfRefusal,
  REFUSED_AFTER_MS,
  toldAtOnce,
} from '../../lambda/authorizer/moment-of-refusal.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { requestOf } from '../support/requests.ts';
import { OTHER_SECRET, tokenOf } from '../support/tokens.ts';
import { CREDENTIAL_POLICY, keyedCredential, openWorld, secretText, signedBy } from './credential-world.ts';
import { configOf, dependenciesOf, foundForUser, userOf } from './fixtures.ts';

/** How long was slept for; nobody does. */
const { sleep } = vi.hoisted(() => ({ sleep: vi.fn(async () => undefined) }));
vi.mock('node:timers/promises', async (original) => ({ ...(await original<object>()), setTimeout: sleep }));

afterEach(() => {
  vi.restoreAllMocks();
  sleep.mockClear();
});

describe('the moment', () => {
  /** A clock to turn, by milliseconds with fractions. */
  function turning() {
    const clock = { ms: 1_000.25 };
    vi.spyOn(performance, 'now').mockImplementation(() => clock.ms);
    return clock;
  }
  /** What the loop has to do is done, some times over. */
  async function turns(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  }

  it.each([
    [50, [48]],
    [3, [1]],
    [2.75, []],
    [2, []],
    [0.5, []],
  ])('is slept for up to its last milliseconds: of %d, %o', async (leftMs, slept) => {
    const clock = turning();
    const wait = createMomentOfRefusal(50)();
    clock.ms += 50 - leftMs;
    const told = wait();
    await turns();
    expect(sleep.mock.calls.flat()).toEqual(slept);
    clock.ms += leftMs;
    await told;
  });

  it.each([
    [1.5, true],
    [0.375, true],
    [0.25, false],
  ])('is napped for, but for the very last: of %d ms %s', async (leftMs, isNapping) => {
    const nap = vi.spyOn(Atomics, 'wait');
    const clock = turning();
    const wait = createMomentOfRefusal(50)();
    clock.ms += 50 - leftMs;
    const told = wait();
    await turns();
    expect(nap.mock.calls.length > 0).toBe(isNapping);
    for (const [, , , ms] of nap.mock.calls) expect(ms).toBe(0.1);
    clock.ms += leftMs;
    await told;
  });

  it('is counted from the beginning, to the fraction of a millisecond', async () => {
    const clock = turning();
    const wait = createMomentOfRefusal(50)();
    clock.ms += 49.9;
    let isTold = false;
    const told = wait().then(() => {
      isTold = true;
    });
    await turns();
    expect(isTold).toBe(false);
    clock.ms = 1_000.25 + 50;
    await told;
  });

  it('is over where the way took longer', async () => {
    const clock = turning();
    const wait = createMomentOfRefusal(50)();
    clock.ms += 50;
    const immediate = vi.spyOn(globalThis, 'setImmediate');
    await wait();
    clock.ms += 1_000;
    await wait();
    expect(immediate).not.toHaveBeenCalled();
  });

  it('comes by the clock alone, where no timer sleeps', async () => {
    const began = performance.now();
    const wait = createMomentOfRefusal(20)();
    await wait();
    expect(performance.now() - began).toBeGreaterThanOrEqual(20);
  });

  it('is each request’s own', async () => {
    const clock = turning();
    const begin = createMomentOfRefusal(50);
    const first = begin();
    clock.ms += 50;
    const second = begin();
    await first();
    let isTold = false;
    const told = second().then(() => {
      isTold = true;
    });
    clock.ms += 49.9;
    await turns();
    expect(isTold).toBe(false);
    clock.ms += 0.1;
    await told;
  });

  it('is none for who asks on his own behalf', async () => {
    const turn = vi.spyOn(globalThis, 'setImmediate');
    const now = vi.spyOn(performance, 'now');
    await toldAtOnce()();
    for (const waited of [turn, now, sleep]) expect(waited).not.toHaveBeenCalled();
  });

  it('is thirty milliseconds from there, which the pages say', () => {
    expect(REFUSED_AFTER_MS).toBe(30);
  });
});

/** A decision, and whether it was waited with. */
async function decideOn(
  token: string,
  overrides: Partial<Dependencies>,
  headers: ReadonlyArray<readonly [string, string]> = [],
) {
  let waits = 0;
  let began = 0;
  const momentOfRefusal = () => {
    began += 1;
    return async () => {
      waits += 1;
    };
  };
  const dependencies = dependenciesOf({ ...overrides, momentOfRefusal });
  const decision: Decision | Error = await decide(
    requestOf({ headers: [['Authorization', `Bearer ${token}`], ...headers] }),
    dependencies,
  ).catch((error: Error) => error);
  const code =
    decision instanceof Error
      ? decision.name
      : decision.kind === 'denied'
        ? decision.denial.code
        : decision.caller.kind;
  return { code, waits, began };
}

const CONTROLLED = { checkCredentialExistence: true } as const;
const controlled = (found: ReturnType<typeof foundForUser> | undefined): Partial<Dependencies> => ({
  config: configOf([CONTROLLED]),
  findCredential: async () => found,
});
const TOKEN = tokenOf({ sub: 'key-1' });

describe('with a key for all', () => {
  test.each([
    ['credential_unknown', undefined],
    ['credential_inactive', foundForUser({ isActive: false })],
    ['consumer_inactive', foundForUser({}, userOf({ isActive: false }))],
  ])('%s waits', async (code, found) => {
    expect(await decideOn(TOKEN, controlled(found))).toEqual({ code, waits: 1, began: 1 });
  });

  test('a token that was revoked waits, though all of it is remembered', async () => {
    const found = foundForUser();
    const revoked = {
      ...controlled(found),
      findCredential: () => found,
      findRevocation: () => ({ isRevoked: true }),
    };
    expect(await decideOn(TOKEN, revoked)).toMatchObject({ code: 'token_revoked', waits: 1 });
  });

  test('who is let in does not wait, nor who is known and may not', async () => {
    const found = foundForUser();
    expect(await decideOn(TOKEN, controlled(found))).toMatchObject({ code: 'authenticated', waits: 0 });
    const config = configOf([CONTROLLED], { routes: [{ paths: ['/orders'], scopes: ['orders:read'] }] });
    expect(await decideOn(TOKEN, { ...controlled(found), config })).toMatchObject({
      code: 'scope_missing',
      waits: 0,
    });
  });

  test('a forged token does not, nor one that is past its end: the table was not asked', async () => {
    const forged = tokenOf({ sub: 'key-1' }, { key: OTHER_SECRET });
    expect(await decideOn(forged, controlled(undefined))).toMatchObject({
      code: 'signature_invalid',
      waits: 0,
    });
    const expired = tokenOf({ sub: 'key-1', exp: 1 });
    expect(await decideOn(expired, controlled(undefined))).toMatchObject({ code: 'token_expired', waits: 0 });
  });

  test.each([undefined, '', 'no name'])('nor one whose sub, %o, names no credential', async (sub) => {
    const token = tokenOf({ sub });
    expect(await decideOn(token, controlled(undefined))).toMatchObject({
      code: 'credential_unknown',
      waits: 0,
    });
  });

  test('an outage is told at once', async () => {
    const findCredential = () => Promise.reject(new StoreUnavailable('gone'));
    expect(await decideOn(TOKEN, { ...controlled(undefined), findCredential })).toMatchObject({
      code: 'StoreUnavailable',
      waits: 0,
    });
  });

  test('without consumers a token that was revoked is told at once', async () => {
    const uncontrolled = {
      config: configOf([{ tokenRevocation: true }]),
      findRevocation: async () => ({ isRevoked: true }),
    };
    expect(await decideOn(TOKEN, uncontrolled)).toMatchObject({ code: 'token_revoked', waits: 0 });
  });
});

describe('with a key of each credential', () => {
  const FORGED = signedBy(secretText('forger'));
  const open = (seconds: number) => {
    const world = openWorld({ seconds });
    world.put(keyedCredential('key-1'));
    const { config, credentialKeys } = world.dependencies;
    return { ...world, ask: (token: string) => decideOn(token, { config, credentialKeys }) };
  };

  test('a forged token waits where the table was read for it', async () => {
    const { ask, clock } = open(60);
    expect(await ask(FORGED)).toMatchObject({ code: 'signature_invalid', waits: 1 });
    expect(await ask(FORGED)).toMatchObject({ code: 'signature_invalid', waits: 0 });
    clock.ms += 10_000;
    expect(await ask(FORGED)).toMatchObject({ code: 'signature_invalid', waits: 1 });
  });

  test('one that no read is made for does not', async () => {
    const { ask, reads } = open(60);
    const past = signedBy(secretText('forger'), { exp: 1 });
    expect(await ask(past)).toMatchObject({ code: 'token_expired', waits: 0 });
    const nameless = signedBy(secretText('forger'), { sub: 'no name' });
    expect(await ask(nameless)).toMatchObject({ code: 'credential_unknown', waits: 0 });
    expect(reads.keys).toEqual([]);
  });

  test('one for a name that there is not waits as long', async () => {
    const { ask, clock } = open(60);
    const unknown = signedBy(secretText('forger'), { sub: 'nobody' });
    expect(await ask(unknown)).toMatchObject({ code: 'credential_unknown', waits: 1 });
    expect(await ask(unknown)).toMatchObject({ code: 'credential_unknown', waits: 0 });
    clock.ms += 10_000;
    expect(await ask(unknown)).toMatchObject({ code: 'credential_unknown', waits: 1 });
  });

  test('who has the key does not wait; where he is refused, as others do', async () => {
    const { ask, holders, clock } = open(60);
    const own = signedBy(secretText('key-1'));
    expect(await ask(own)).toMatchObject({ code: 'authenticated', waits: 0 });
    clock.ms += 60_000;
    holders.set('user-1', { user: userOf({ isActive: false }) });
    expect(await ask(own)).toMatchObject({ code: 'consumer_inactive', waits: 1 });
    expect(await ask(own)).toMatchObject({ code: 'consumer_inactive', waits: 0 });
    clock.ms += 60_000;
    const early = signedBy(secretText('key-1'), { nbf: 4_000_000_000 });
    expect(await ask(early)).toMatchObject({ code: 'token_not_yet_valid', waits: 1 });
    expect(await ask(early)).toMatchObject({ code: 'token_not_yet_valid', waits: 0 });
  });
});

describe('of several policies', () => {
  const findCredential = async () => undefined;

  test('who is nobody to the first, and let through as nobody in particular, waits', async () => {
    const config = configOf([{ ...CONTROLLED, passThrough: true }]);
    expect(await decideOn(TOKEN, { config, findCredential })).toMatchObject({ code: 'anonymous', waits: 1 });
  });

  test('whom a later one lets in waits: it may be by another token, and tell of the first', async () => {
    const elsewhere = { tokenPlace: { in: 'header', name: 'X-Token', scheme: undefined } } as const;
    for (const second of [{}, elsewhere]) {
      const world = openWorld({ policies: [{ ...CREDENTIAL_POLICY, passThrough: true }, second] });
      const { config, credentialKeys } = world.dependencies;
      const headers = [['X-Token', TOKEN] as const];
      expect(await decideOn(TOKEN, { config, credentialKeys }, headers)).toMatchObject({
        code: 'authenticated',
        waits: 1,
      });
      expect(world.reads.keys).toEqual(['key-1']);
    }
  });

  test('whom a later one refuses waits, whatever it is for', async () => {
    const config = configOf([
      { ...CREDENTIAL_POLICY, passThrough: true },
      { keySource: { kind: 'inline', key: OTHER_SECRET } },
    ]);
    const { credentialKeys } = openWorld().dependencies;
    expect(await decideOn(TOKEN, { config, credentialKeys })).toMatchObject({
      code: 'signature_invalid',
      waits: 1,
    });
    const keysOf = () => ({
      find: () => Promise.reject(new KeyUnavailable('gone')),
      findNewer: () => undefined,
    });
    const again = openWorld().dependencies.credentialKeys;
    expect(await decideOn(TOKEN, { config, credentialKeys: again, keysOf })).toMatchObject({
      code: 'KeyUnavailable',
      waits: 1,
    });
  });

  test('it is one wait for all that the table refused', async () => {
    const keyed = { ...CREDENTIAL_POLICY, passThrough: true };
    const world = openWorld({ seconds: 0, policies: [keyed, { ...keyed, passThrough: false }] });
    const { config, credentialKeys } = world.dependencies;
    expect(await decideOn(TOKEN, { config, credentialKeys })).toEqual({
      code: 'credential_unknown',
      waits: 1,
      began: 1,
    });
  });
});
