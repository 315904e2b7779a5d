/**
 * Whatever a function remembers, and however long ago: what is refused on account of its credential costs as many reads and
 * as many checks of signatures as if there were no such credential, and is told at the same moment where the table was read.
 */
import crypto from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decide } from '../../lambda/authorizer/decide.ts';
import { findThrough, rememberFound } from '../../lambda/consumers/find-credential.ts';
import { createCredentialKeyStore, type KeyedReader } from '../../lambda/consumers/find-credential-keys.ts';
import type { Credential, CredentialHolder, CredentialReader } from '../../lambda/consumers/model.ts';
import { bearerRequest } from '../support/requests.ts';
import { NOW_SECONDS, OTHER_SECRET, tokenOf } from '../support/tokens.ts';
import { CREDENTIAL_POLICY, secretText, signedBy } from './credential-world.ts';
import {
  APPLICATION_CREDENTIAL,
  applicationOf,
  configOf,
  credentialOf,
  dependenciesOf,
  userOf,
} from './fixtures.ts';

interface Stored {
  readonly credential: Partial<Credential>;
  readonly holder?: CredentialHolder;
}

/** What there may be under the name that is asked for. */
const REFUSED: Readonly<Record<string, Stored>> = {
  inactive: { credential: { isActive: false } },
  expired: { credential: { expiresAtSeconds: NOW_SECONDS } },
  'of another issuer': { credential: { issuer: 'https://else.example' } },
  'of an inactive user': { credential: {}, holder: { user: userOf({ isActive: false }) } },
  'of a deleted user': { credential: {}, holder: {} },
  'of an inactive application': {
    credential: APPLICATION_CREDENTIAL,
    holder: { user: userOf(), application: applicationOf({ isActive: false }) },
  },
};
const ALL: Readonly<Record<string, Stored>> = { active: { credential: {} }, ...REFUSED };

let checks = 0;
beforeEach(() => {
  const { createHmac } = crypto;
  vi.spyOn(crypto, 'createHmac').mockImplementation((...args) => {
    checks += 1;
    return createHmac(...args);
  });
});
afterEach(() => vi.restoreAllMocks());

/** A function with a table that has one credential, or none; of either modality. */
function open(stored: Stored | undefined, { seconds, isKeyed }: { seconds: number; isKeyed: boolean }) {
  const clock = { ms: NOW_SECONDS * 1000 };
  const now = () => clock.ms;
  let reads = 0;
  let waits = 0;
  const read = async <T>(value: T): Promise<T> => {
    reads += 1;
    return structuredClone(value);
  };
  const credential = stored && credentialOf(stored.credential);
  const keys = [{ keySecret: secretText('key-1') }];
  const reader: CredentialReader & KeyedReader = {
    readCredential: () => read(credential),
    readHolder: () => read(stored?.holder ?? (stored ? { user: userOf() } : {})),
    readKeys: () => read(credential && { credential, keys }),
  };
  const dependencies = dependenciesOf({
    config: configOf([isKeyed ? CREDENTIAL_POLICY : { checkCredentialExistence: true }]),
    findCredential: rememberFound(findThrough(reader), { seconds, now }),
    credentialKeys: createCredentialKeyStore(reader, { seconds, now }),
    now,
    momentOfRefusal: () => async () => {
      waits += 1;
    },
  });
  return {
    clock,
    /** What a request with the token costs. */
    async cost(token: string) {
      const before = { reads, checks, waits };
      const { kind } = await decide(bearerRequest(token), dependencies);
      return {
        kind,
        reads: reads - before.reads,
        checks: checks - before.checks,
        waits: waits - before.waits,
      };
    },
  };
}

const HOURS = { exp: NOW_SECONDS + 1_000_000 };
/** Around the ends of what is remembered. */
const waits = fc.constantFrom(0, 1, 4_999, 5_000, 9_999, 10_000, 10_001, 59_999, 60_000, 61_000);
const histories = fc.array(fc.record({ waitMs: waits, isUse: fc.boolean() }), {
  minLength: 1,
  maxLength: 30,
});
const cacheSeconds = fc.constantFrom(0, 1, 5, 10, 11, 60, 3_600);
type History = readonly { readonly waitMs: number; readonly isUse: boolean }[];

/** What the probes of a history cost; in between, who has the key uses it. */
async function costsOf(
  stored: Stored | undefined,
  history: History,
  { probe, use, ...settings }: { probe: string; use?: string; seconds: number; isKeyed: boolean },
) {
  const { clock, cost } = open(stored, settings);
  const costs: Awaited<ReturnType<typeof cost>>[] = [];
  for (const { waitMs, isUse } of history) {
    clock.ms += waitMs;
    if (!isUse) costs.push(await cost(probe));
    else if (use !== undefined && stored !== undefined) await cost(use);
  }
  return costs;
}

describe('with a key for all, a token that the issuer signed costs the same', () => {
  const probe = tokenOf({ sub: 'key-1', ...HOURS });

  test.each(Object.keys(REFUSED))('for a credential that is %s', async (name) => {
    await fc.assert(
      fc.asyncProperty(histories, cacheSeconds, async (history, seconds) => {
        const settings = { probe, seconds, isKeyed: false };
        const costs = await costsOf(REFUSED[name], history, settings);
        expect(costs).toEqual(await costsOf(undefined, history, settings));
        for (const cost of costs) expect(cost).toEqual({ kind: 'denied', reads: 2, checks: 1, waits: 1 });
      }),
    );
  });

  test('for one that expires while it is remembered', async () => {
    const { clock, cost } = open(
      { credential: { expiresAtSeconds: NOW_SECONDS + 30 } },
      { seconds: 60, isKeyed: false },
    );
    expect(await cost(probe)).toMatchObject({ kind: 'allowed', reads: 2, waits: 0 });
    clock.ms += 29_999;
    expect(await cost(probe)).toMatchObject({ kind: 'allowed', reads: 0 });
    clock.ms += 1;
    for (let n = 0; n < 2; n += 1) expect(await cost(probe)).toMatchObject({ kind: 'denied', reads: 2 });
  });

  test('for a forged one, which costs no read at all', async () => {
    const forged = tokenOf({ sub: 'key-1', ...HOURS }, { key: OTHER_SECRET });
    const FREE = { kind: 'denied', reads: 0, checks: 1, waits: 0 };
    for (const stored of [undefined, ...Object.values(ALL)])
      expect(await open(stored, { seconds: 60, isKeyed: false }).cost(forged)).toEqual(FREE);
  });
});

describe('with a key of each credential, a forged token costs the same', () => {
  const probe = signedBy(secretText('forger'), HOURS);
  const use = signedBy(secretText('key-1'), HOURS);

  test.each(Object.keys(ALL))('for a credential that is %s, and in use', async (name) => {
    await fc.assert(
      fc.asyncProperty(histories, cacheSeconds, async (history, seconds) => {
        const settings = { probe, use, seconds, isKeyed: true };
        const costs = await costsOf(ALL[name], history, settings);
        expect(costs).toEqual(await costsOf(undefined, history, settings));
        for (const cost of costs) {
          expect(cost).toMatchObject({ kind: 'denied', checks: 2 });
          expect(cost.waits).toBe(cost.reads === 0 ? 0 : 1);
        }
      }),
    );
  });
});
