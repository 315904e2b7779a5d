/**
 * What is secret is compared in constant time. There is one such comparison in the product, of an HMAC with the one that a
 * caller sent, and it is `timingSafeEqual`'s; every other of which the names say that it could be one is argued here.
 */
import crypto, { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../lambda/authorizer/decide.ts';
import { dependenciesOf } from '../authorizer/fixtures.ts';
import { bearerRequest } from '../support/requests.ts';
import { OTHER_SECRET, SECRET, tokenOf } from '../support/tokens.ts';
import { comparisonsIn } from './comparisons.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const CALLERS_OWN = 'the caller’s own token with a place or a letter of it';
const TABLES_OWN = 'both are the table’s: no caller brings one of them';
const BY_HASH = `a Map finds a text by a hash of all of it, whose seed is the process's own; only one with the same hash is compared`;

/** File and text, and why nobody learns a secret by it. What is not here fails; what is here and gone fails too. */
const ARGUED: Readonly<Record<string, string>> = {
  "lambda/authorizer/decode.ts: token.indexOf('.', first + 1) !== last": CALLERS_OWN,
  "lambda/authorizer/decode.ts: token.indexOf('.', first + 1)": CALLERS_OWN,
  'lambda/authorizer/extract.ts: token.includes(end)': CALLERS_OWN,
  'lambda/authorizer/decide.ts: authentic?.get(token.token)': BY_HASH,
  'lambda/authorizer/verify.ts: signature.compare(modulus)':
    'the caller’s own signature with a public key’s modulus',
  'lambda/authorizer/verified-tokens.ts: younger.delete(token)': BY_HASH,
  'lambda/authorizer/verified-tokens.ts: elder.delete(token)': BY_HASH,
  'lambda/authorizer/verified-tokens.ts: younger.get(token)': BY_HASH,
  'lambda/authorizer/verified-tokens.ts: elder.get(token)': BY_HASH,
  'lambda/authorizer/credential-keys.ts: JSON.stringify(one.found?.keys) === JSON.stringify(other.found?.keys)':
    TABLES_OWN,
  'lambda/keys/credential-key.ts: imported.get(name)': `${TABLES_OWN}; and ${BY_HASH}`,
  'lambda/consumers/gathered-reads.ts: gathering?.keys === keys':
    'whether it is the same Map, of names of records',
  'bin/doctor/check-platform.ts: request.rawQuery?.includes(token)': 'of who asks, in what that one captured',
  'bin/doctor/check-table.ts: keysText(keys) === wanted(partitionKey, sortKey)':
    'names of a table’s attributes',
  'bin/local/plan-of-key.ts: found.value.apiKey === apiKey': TABLES_OWN,
  'bin/local/usage-plans.ts: known.get(apiKey)': TABLES_OWN,
  'bin/local/usage-plans.ts: counters.get(apiKey)': TABLES_OWN,
};

describe('comparisons in the source', () => {
  it('of what may be secret are argued, one by one', () => {
    const found = ['lambda', 'lib', 'bin'].flatMap((folder) =>
      readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .flatMap((name) => {
          const file = `${folder}/${name}`;
          return comparisonsIn(readFileSync(ROOT + file, 'utf8'), file).map(({ text }) => `${file}: ${text}`);
        }),
    );
    expect([...new Set(found)].sort()).toEqual(Object.keys(ARGUED).sort());
  });

  it.each([
    ['an operator', 'if (given === credential.keySecret) return true;'],
    ['another', 'const wrong = apiKey != request.headers[name];'],
    ['of a part', 'ok = signature.slice(0, 8) === given.slice(0, 8);'],
    ['under another name', 'const expected = hmac.digest(); return expected === given;'],
    ['taken out', 'const { keySecret: expected } = key; return given === expected;'],
    ['a Buffer’s', 'return Buffer.from(signature).equals(given);'],
    ['Buffer’s', 'return Buffer.compare(digest, given) === 0;'],
    ['a text’s', 'return secret.startsWith(given);'],
    ['a list’s', 'return given.includes(secret);'],
    ['a Set’s', 'return known.has(password);'],
    ['a switch', 'switch (apiKey) { case a: return 1; }'],
    ['in brackets', "return given['keySecret'] === other;"],
  ])('are found: %s', (_, source) => {
    expect(comparisonsIn(`function f(given, a) { ${source} }`)).toHaveLength(1);
  });

  it.each([
    'secret === undefined',
    "token === ''",
    "typeof secret === 'string'",
    'secret.length === 32',
    'keySource.kind !== other',
    'secretArn === other',
    'timingSafeEqual(signature, expected)',
    'tokenTypes.includes(type)',
    'secrets.get(index)',
  ])('are not: %s', (source) => {
    expect(comparisonsIn(`const x = ${source};`)).toEqual([]);
  });

  it('of the library that checks HMACs are none', () => {
    const path = createRequire(import.meta.url).resolve('jwa');
    expect(comparisonsIn(readFileSync(path, 'utf8')).filter(({ text }) => !/^supports/.test(text))).toEqual(
      [],
    );
  });
});

describe('the HMAC of a token', () => {
  afterEach(() => vi.restoreAllMocks());

  /** What was compared for a token, and whether it was let in. */
  async function comparedFor(token: string) {
    const compare = vi.spyOn(crypto, 'timingSafeEqual');
    const { kind } = await decide(bearerRequest(token), dependenciesOf());
    const compared = compare.mock.calls.map(([one, other]) => [String(one), String(other)]);
    compare.mockRestore();
    return { kind, compared };
  }

  const token = tokenOf();
  const end = token.lastIndexOf('.');
  const [input, right] = [token.slice(0, end), token.slice(end + 1)];

  it('is compared as a whole by timingSafeEqual when it is right', async () => {
    expect(createHmac('sha256', SECRET).update(input).digest('base64url')).toBe(right);
    expect(await comparedFor(token)).toEqual({ kind: 'allowed', compared: [[right, right]] });
  });

  // The last letter stands for four bits alone, and would be malformed.
  it.each(Array.from({ length: right.length - 1 }, (_, place) => place))(
    'and when it is wrong at place %i',
    async (place) => {
      const letter = right[place] === 'A' ? 'B' : 'A';
      const wrong = right.slice(0, place) + letter + right.slice(place + 1);
      expect(await comparedFor(`${input}.${wrong}`)).toEqual({ kind: 'denied', compared: [[wrong, right]] });
    },
  );

  it('and when it is somebody else’s', async () => {
    const foreign = tokenOf({}, { key: OTHER_SECRET });
    const { kind, compared } = await comparedFor(foreign);
    expect([kind, compared.length]).toEqual(['denied', 1]);
  });

  it.each(['', 'AAAA', `${right}AAAA`])(
    'of another length is wrong at once, as anybody can see: %j',
    async (wrong) => {
      expect((await comparedFor(`${input}.${wrong}`)).kind).toBe('denied');
    },
  );
});
