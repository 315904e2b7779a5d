/**
 * Whether a credential exists, and in what state, cannot be told from an answer: all that is refused on account of its
 * credential is refused in the same bytes, after as many reads of the table and as many checks of signatures, and at the same
 * moment where the table was read.
 */
import crypto from 'node:crypto';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Invoke } from '../../bin/local/authorize.ts';
import { REFUSED_AFTER_MS } from '../../lambda/authorizer/moment-of-refusal.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { type Answer, type ConfigFile, closeAtEnd, loadBuilt, startApi } from '../support/gateway.ts';
import { requestEvent, tokenEvent } from '../support/requests.ts';
import { secretKey, tokenOf } from '../support/tokens.ts';
import { deniedFor, OK, UNAUTHORIZED } from './answers.ts';
import { expectValue, startTable, type TestTable } from './table.ts';
import { bearer, nowSeconds, SECRET } from './tokens.ts';

const OTHER = 'a secret that nobody was given, and with which somebody signs all the same';
/** Each a state of a credential of that keyId. All keyIds are as long, so that tokens are. */
const STATES = {
  unknown: 'no-such-one',
  active: 'active-user',
  inactive: 'deactivated',
  expired: 'past-expiry',
  'of an inactive user': 'inactive-us',
  'of an inactive application': 'inactive-ap',
  'of an inactive owner': 'inactive-ow',
  'of another issuer': 'issuer-else',
} as const;
type State = keyof typeof STATES;
const ALL = Object.keys(STATES) as State[];
const REFUSED = ALL.filter((state) => state !== 'active');

let table: TestTable;
let reads: () => number;

beforeAll(async () => {
  const real = await startTable();
  await fill(real);
  const door = closeAtEnd(await startFaultProxy(real.endpoint));
  reads = door.requests;
  table = { ...real, endpoint: `http://127.0.0.1:${door.port}` };
});

/** Each credential has a consumer of its own: one that two share is read once for both. */
async function fill({ store }: TestTable): Promise<void> {
  const createUser = async (state: State, isActive = true) =>
    expectValue(await store.createUser({ username: STATES[state], isActive })).id;
  const createApplication = async (state: State, isActive: boolean) => {
    const userId = await createUser(state, !isActive);
    return expectValue(await store.createApplication({ userId, name: 'app', isActive })).id;
  };
  const create = async (state: State, consumerId: string, more: object = {}) =>
    expectValue(
      await store.createCredential({ consumerId, keyId: STATES[state], keySecret: SECRET, ...more }),
    );
  await create('active', await createUser('active'));
  await create('inactive', await createUser('inactive'), { isActive: false });
  await create('expired', await createUser('expired'), { expiresAtSeconds: nowSeconds() - 1 });
  await create('of an inactive user', await createUser('of an inactive user', false));
  await create('of an inactive application', await createApplication('of an inactive application', false));
  await create('of an inactive owner', await createApplication('of an inactive owner', true));
  const issuer = 'https://else.example';
  await create('of another issuer', await createUser('of another issuer'), { issuer });
}

const signed = (state: State, secret: string) =>
  tokenOf({ sub: STATES[state], exp: nowSeconds() + 600 }, { key: secretKey(secret) });

/** Who asks, and whose credential it is that is asked for. */
interface Caller {
  readonly name: string;
  readonly states: readonly State[];
  readonly secret: string;
  readonly code?: 'signature_invalid';
}
interface Modality {
  readonly name: string;
  readonly jwt: ConfigFile;
  /** Those of one caller must not be told apart. */
  readonly callers: readonly Caller[];
}

const MODALITIES: readonly Modality[] = [
  {
    name: 'a key for all',
    jwt: { secretOrPublicKey: SECRET, algorithms: ['HS256'] },
    callers: [
      { name: 'whom the issuer signed a token for', states: REFUSED, secret: SECRET },
      { name: 'who forges', states: ALL, secret: OTHER, code: 'signature_invalid' },
    ],
  },
  {
    name: 'a key of each credential',
    jwt: { credentialKey: true, algorithms: ['HS256'] },
    callers: [
      {
        name: 'who has its key',
        states: REFUSED.filter((state) => state !== 'unknown'),
        secret: SECRET,
      },
      { name: 'who forges', states: ALL, secret: OTHER },
    ],
  },
];
const EVENTS: Readonly<Record<string, ConfigFile>> = {
  TOKEN: {},
  REQUEST: { routes: [{ paths: ['/orders'], scopes: ['orders:write'] }] },
};

/** Without what no two answers have in common; names and their order are the gateway's. */
function comparable({ status, body, headers }: Answer): string {
  const varying = /^(?:date|x-amzn-requestid|x-amz-apigw-id|x-amzn-trace-id)$/;
  return JSON.stringify([status, Object.entries(headers).filter(([name]) => !varying.test(name)), body]);
}

const rows = MODALITIES.flatMap((modality) =>
  Object.keys(EVENTS).flatMap((event) =>
    (['unauthorized', 'policy'] as const).flatMap((onDenial) =>
      [0, 60].flatMap((credentialCacheSeconds) =>
        modality.callers.map((caller) => ({ ...modality, event, onDenial, credentialCacheSeconds, caller })),
      ),
    ),
  ),
);
type Row = (typeof rows)[number];
const fileOf = ({ jwt, event, onDenial, credentialCacheSeconds }: Row): ConfigFile => ({
  ...{ jwt, onDenial, credentialCacheSeconds, authorizerCacheSeconds: 0 },
  ...EVENTS[event],
});

describe.each(rows)(
  '$name, $event, onDenial: $onDenial, remembered for $credentialCacheSeconds s: $caller.name',
  (row) => {
    const { caller, onDenial, event, credentialCacheSeconds } = row;

    it('is answered the same bytes for every credential, cold and warm', async () => {
      const api = await startApi(fileOf(row), { table });
      const answers: Answer[] = [];
      for (const _ of ['cold', 'warm'])
        for (const state of caller.states)
          answers.push(await api.send('/orders', bearer(signed(state, caller.secret))));
      const [first] = answers;
      expect(first).toMatchObject(
        caller.code !== undefined && onDenial === 'policy' ? deniedFor(caller.code) : UNAUTHORIZED,
      );
      expect(new Set(answers.map(comparable)).size).toBe(1);
      expect(api.seen).toEqual([]);
    });

    it('costs the same for every credential, cold and warm', async () => {
      const checks = countChecks();
      const invoke = await loadBuilt({ runtimeConfig: fileOf(row), table });
      // What is read once for all tokens, and the client of the table.
      await outcomeOf(invoke, eventOf(event, signed('active', SECRET)));
      const costs = new Map<State, string>();
      const outcomes = new Set<string>();
      for (const state of caller.states) {
        const cost: unknown[] = [];
        for (const _ of ['cold', 'warm', 'warmer']) {
          const asked = eventOf(event, signed(state, caller.secret));
          const [readsBefore, checksBefore, began] = [reads(), checks(), performance.now()];
          outcomes.add(await outcomeOf(invoke, asked));
          const tookMs = performance.now() - began;
          const spent = { reads: reads() - readsBefore, checks: checks() - checksBefore };
          // Not that it took no longer: a machine that is busy takes its time.
          if (spent.reads > 0) expect(tookMs).toBeGreaterThanOrEqual(REFUSED_AFTER_MS);
          cost.push(spent);
        }
        costs.set(state, JSON.stringify(cost));
      }
      expect(outcomes.size).toBe(1);
      const isRemembered = (state: State) => credentialCacheSeconds > 0 && state === 'active';
      // Its first was not cold: it was let in before.
      const compared = caller.states.filter((state) => !isRemembered(state));
      expect(new Set(compared.map((state) => costs.get(state)))).toEqual(new Set([costOf(row)]));
    });
  },
);

/** What a refusal costs, so that all of them are not equal for having done nothing. */
function costOf({ name, caller, credentialCacheSeconds }: Row): string {
  const remembers = credentialCacheSeconds > 0;
  const each = (reads: number, checks: number) => ({ reads, checks });
  const times = (cold: object, warm: object) => JSON.stringify([cold, warm, warm]);
  if (name === 'a key for all')
    return caller.code === undefined ? times(each(2, 1), each(2, 1)) : times(each(0, 1), each(0, 1));
  if (caller.secret === SECRET) return times(each(2, 1), remembers ? each(0, 1) : each(2, 1));
  return times(each(1, 2), remembers ? each(0, 2) : each(1, 2));
}

/** Signatures that were checked since: of HMAC by making one, of others by a Verify. */
function countChecks(): () => number {
  let count = 0;
  const { createHmac, createVerify } = crypto;
  const hmac = vi.spyOn(crypto, 'createHmac').mockImplementation((...args) => {
    // The AWS SDK signs its requests with HMAC too, by a key of bytes.
    if (args[1] instanceof crypto.KeyObject) count += 1;
    return createHmac(...args);
  });
  const verify = vi.spyOn(crypto, 'createVerify').mockImplementation((...args) => {
    count += 1;
    return createVerify(...args);
  });
  onTestFinished(() => {
    hmac.mockRestore();
    verify.mockRestore();
  });
  return () => count;
}

const eventOf = (type: string, token: string) =>
  type === 'TOKEN'
    ? tokenEvent(`Bearer ${token}`)
    : requestEvent({ headers: [['Authorization', `Bearer ${token}`]] });

/** All of what API Gateway gets of an answer or an error, but for where the error was thrown. */
async function outcomeOf(invoke: Invoke, event: object): Promise<string> {
  try {
    return JSON.stringify(await invoke(event as Parameters<Invoke>[0]));
  } catch (error) {
    if (!(error instanceof Error)) return inspect(error);
    const { stack: _, ...members } = Object.fromEntries(
      Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name)]),
    );
    return inspect([error.name, members], { depth: 10 });
  }
}

describe('a credential that a warm function lets in', () => {
  it.each(MODALITIES)('with $name is told from an unknown one by no forger', async ({ jwt }) => {
    const api = await startApi({ jwt, credentialCacheSeconds: 60, authorizerCacheSeconds: 0 }, { table });
    expect(await api.send('/', bearer(signed('active', SECRET)))).toMatchObject(OK);
    const forged: string[] = [];
    const costs: number[][] = [];
    for (const state of ['active', 'unknown'] as const) {
      const cost: number[] = [];
      for (let n = 0; n < 3; n += 1) {
        const before = reads();
        forged.push(comparable(await api.send('/', bearer(signed(state, OTHER)))));
        cost.push(reads() - before);
      }
      costs.push(cost);
    }
    expect(new Set(forged).size).toBe(1);
    expect(costs[0]).toEqual(costs[1]);
  });
});
