/** "Several policies": every combination of what two and three policies can say, against a plain reference. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../lambda/authorizer/decide.ts';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import type { AuthorizationRequest } from '../../lambda/authorizer/request.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { bearerRequest, type Pair, requestOf } from '../support/requests.ts';
import { OTHER_SECRET, SECRET, tokenOf } from '../support/tokens.ts';
import { configOf, dependenciesOf, foundForUser, inlineKeys } from './fixtures.ts';

/** What one policy would say, were it asked. */
interface Row<State extends string> {
  readonly state: State;
  readonly passThrough: boolean;
}

type Outcome = `accepted by ${number}` | 'anonymous' | 'unavailable' | `denied: ${string}`;

class Unavailable extends Error {}

async function outcomeOf(
  request: AuthorizationRequest,
  policies: readonly Partial<JwtPolicy>[],
  keysOf: Dependencies['keysOf'],
): Promise<Outcome> {
  try {
    const decision = await decide(request, dependenciesOf({ config: configOf(policies), keysOf }));
    if (decision.kind === 'denied') return `denied: ${decision.denial.code}`;
    const { caller } = decision;
    return caller.kind === 'anonymous' ? 'anonymous' : `accepted by ${Number(caller.claims['by'] ?? 0)}`;
  } catch (error) {
    if (error instanceof Unavailable) return 'unavailable';
    throw error;
  }
}

/** @param say what a state comes to; undefined: the policy does not apply. */
function reference<State extends string>(
  rows: readonly Row<State>[],
  say: (row: Row<State>, index: number) => Outcome | undefined,
): Outcome {
  let last: Outcome = 'denied: issuer_mismatch';
  for (const [index, row] of rows.entries()) {
    const said = say(row, index);
    if (said === undefined) continue;
    last = said;
    if (!said.startsWith('denied') || !row.passThrough) return said;
  }
  return rows.every((row) => row.passThrough) ? 'anonymous' : last;
}

function rowsOf<State extends string>(states: readonly State[], length: number): Row<State>[][] {
  if (length === 0) return [[]];
  const heads = states.flatMap((state) => [true, false].map((passThrough) => ({ state, passThrough })));
  return rowsOf(states, length - 1).flatMap((tail) => heads.map((head) => [head, ...tail]));
}

const nameOf = (rows: readonly Row<string>[]) =>
  rows.map(({ state, passThrough }) => `${state}${passThrough ? ' (passThrough)' : ''}`).join(', ');

describe.each([1, 2, 3])('%i policies, each with a token of its own', (length) => {
  const STATES = ['verified', 'denied', 'skipped', 'absent', 'unavailable'] as const;
  type State = (typeof STATES)[number];

  const headerOf = (state: State, index: number): Pair[] => {
    if (state === 'absent') return [];
    const iss = state === 'skipped' ? 'https://elsewhere.example' : `https://${index}.example`;
    const key = state === 'denied' ? OTHER_SECRET : SECRET;
    return [[`x-token-${index}`, tokenOf({ iss, by: index }, { key })]];
  };

  test('every combination', async () => {
    const all = rowsOf(STATES, length);
    expect(all).toHaveLength(10 ** length);
    for (const rows of all) {
      const policies = rows.map(({ passThrough }, index) => ({
        passThrough,
        issuer: [`https://${index}.example`],
        tokenPlace: { in: 'header', name: `X-Token-${index}` } as const,
      }));
      const keysOf: Dependencies['keysOf'] = (policy) => {
        if (rows[policy.index]?.state === 'unavailable') throw new Unavailable();
        return inlineKeys(policy);
      };
      const headers = rows.flatMap(({ state }, index) => headerOf(state, index));
      const expected = reference(rows, ({ state }, index) => {
        if (state === 'verified') return `accepted by ${index}`;
        if (state === 'unavailable') return 'unavailable';
        if (state === 'skipped') return undefined;
        return state === 'absent' ? 'denied: token_missing' : 'denied: signature_invalid';
      });
      expect([nameOf(rows), await outcomeOf(requestOf({ headers }), policies, keysOf)]).toEqual([
        nameOf(rows),
        expected,
      ]);
    }
  });
});

describe.each([1, 2, 3])('%i policies, one token for all', (length) => {
  const STATES = ['accepts', 'denies its claims', 'denies its signature', 'skipped', 'unavailable'] as const;
  type State = (typeof STATES)[number];
  const TOKEN = tokenOf({ iss: 'https://id.example', aud: 'api', sub: 'ada' });

  const policyFor = ({ state, passThrough }: Row<State>): Partial<JwtPolicy> => ({
    passThrough,
    issuer: [state === 'skipped' ? 'https://elsewhere.example' : 'https://id.example'],
    audience: [state === 'denies its claims' ? 'another' : 'api'],
    keySource: { kind: 'inline', key: state === 'denies its signature' ? OTHER_SECRET : SECRET },
  });

  test('every combination; once a signature verified, no other policy accepts the token', async () => {
    for (const rows of rowsOf(STATES, length)) {
      const keysOf: Dependencies['keysOf'] = (policy) => {
        if (rows[policy.index]?.state === 'unavailable') throw new Unavailable();
        return inlineKeys(policy);
      };
      const genuine = rows.findIndex(({ state }) => state === 'denies its claims');
      const expected = reference(rows, ({ state }, index) => {
        if (state === 'skipped') return undefined;
        // Settled: whatever this policy would say, it is not asked any more.
        if (genuine >= 0 && index >= genuine) return 'denied: audience_mismatch';
        if (state === 'accepts') return 'accepted by 0';
        return state === 'unavailable' ? 'unavailable' : 'denied: signature_invalid';
      });
      const actual = await outcomeOf(bearerRequest(TOKEN), rows.map(policyFor), keysOf);
      expect([nameOf(rows), actual]).toEqual([nameOf(rows), expected]);
    }
  });
});

describe('once a signature verified, no other policy may accept that token', () => {
  const passing = { passThrough: true };

  test('wherever that policy looks for it', async () => {
    const token = tokenOf({ exp: 1 });
    const query = { tokenPlace: { in: 'query', name: 'token' }, requireExp: false } as const;
    const lenient = { ...query, clockToleranceSeconds: 4e9 };
    const request = bearerRequest(token, { query: [['token', token]] });
    expect(await outcomeOf(request, [passing, lenient], inlineKeys)).toBe('denied: token_expired');
    expect(await outcomeOf(request, [lenient], inlineKeys)).toBe('accepted by 0');
  });

  test('another token may be accepted there', async () => {
    const query = { tokenPlace: { in: 'query', name: 'token' } } as const;
    const request = bearerRequest(tokenOf({ exp: 1 }), { query: [['token', tokenOf({ by: 1 })]] });
    expect(await outcomeOf(request, [passing, query], inlineKeys)).toBe('accepted by 1');
  });

  test('when it was its consumer that was denied, too', async () => {
    const config = configOf([{ ...passing, checkCredentialExistence: true }, {}]);
    const inactive = foundForUser({ isActive: false });
    const dependencies = dependenciesOf({ config, findCredential: async () => inactive });
    expect(await decide(bearerRequest(tokenOf({ sub: 'key-1' })), dependencies)).toMatchObject({
      kind: 'denied',
      denial: { code: 'credential_inactive' },
    });
  });
});

describe('a policy with an issuer', () => {
  const issuer = ['https://id.example'];

  test.each([{}, { iss: 'https://elsewhere.example' }, { iss: ['https://id.example'] }, { iss: 7 }])(
    'does not apply to %j',
    async (claims) => {
      const policies = [{ issuer }, { keySource: { kind: 'inline', key: OTHER_SECRET } } as const];
      const code =
        typeof claims.iss === 'string' || claims.iss === undefined
          ? 'accepted by 0'
          : 'denied: token_malformed';
      expect(
        await outcomeOf(bearerRequest(tokenOf(claims, { key: OTHER_SECRET })), policies, inlineKeys),
      ).toBe(code);
    },
  );

  test('applies where no token can be read: what is missing or garbage is its to deny', async () => {
    const policies = [{ issuer }, {}];
    expect(await outcomeOf(requestOf(), policies, inlineKeys)).toBe('denied: token_missing');
    expect(await outcomeOf(bearerRequest('garbage'), policies, inlineKeys)).toBe('denied: token_malformed');
  });

  test('decides finally, although another would accept', async () => {
    const policies = [{ issuer, keySource: { kind: 'inline', key: OTHER_SECRET } } as const, {}];
    const token = tokenOf({ iss: 'https://id.example' });
    expect(await outcomeOf(bearerRequest(token), policies, inlineKeys)).toBe('denied: signature_invalid');
  });
});

test('with several controlled policies a credential counts for its own issuer alone', async () => {
  const [a, b] = ['https://a.example', 'https://b.example'];
  const config = configOf([
    { issuer: [a], checkCredentialExistence: true },
    { issuer: [b], checkCredentialExistence: true, keySource: { kind: 'inline', key: OTHER_SECRET } },
  ]);
  const ask = async (token: string, issuer?: string) => {
    const findCredential = async () => foundForUser(issuer === undefined ? {} : { issuer });
    return (await decide(bearerRequest(token), dependenciesOf({ config, findCredential }))).kind;
  };
  const [ofA, ofB] = [
    tokenOf({ sub: 'key-1', iss: a }),
    tokenOf({ sub: 'key-1', iss: b }, { key: OTHER_SECRET }),
  ];
  expect(await ask(ofA, a)).toBe('allowed');
  expect(await ask(ofB, a)).toBe('denied');
  expect(await ask(ofA)).toBe('denied');
});

test('the principal of an uncontrolled token names its issuer in a list, and in no other case', async () => {
  const request = bearerRequest(tokenOf({ iss: 'https://id.example', sub: 'ada' }));
  const principalOf = async (...policies: Partial<JwtPolicy>[]) => {
    const decision = await decide(request, dependenciesOf({ config: configOf(policies) }));
    return decision.caller?.kind === 'authenticated' ? decision.caller.principalId : undefined;
  };
  expect(await principalOf({})).toBe('ada');
  expect(await principalOf({}, { issuer: ['https://b.example'] })).toBe('https://id.example|ada');
});
