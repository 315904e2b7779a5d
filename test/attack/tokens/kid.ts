/** `kid` chooses among the keys of a policy, and is a name: no path, no query, no command. */
import { type DoorName, KID, OTHER_RSA, rsaPair } from '../doors.ts';
import { forge, secretOf } from '../forge.ts';
import type { Control, Theme, TokenAttack } from '../model.ts';

const CITES = ['RFC 8725 §2.9', 'RFC 8725 §3.10', 'RFC 7515 §4.1.4'] as const;
const attacker = rsaPair();

/** What a lookup by such a name would end with, so that an attacker can sign with it. */
const INJECTIONS: readonly [kid: string, key: string | Uint8Array][] = [
  ['/dev/null', ''],
  ['../../../../../../dev/null', ''],
  ['..\\..\\..\\NUL', ''],
  ['file:///dev/null', ''],
  ['/proc/sys/kernel/randomize_va_space', '2\n'],
  ['%2e%2e%2f%2e%2e%2fdev%2fnull', ''],
  ["one' UNION SELECT 'attacker'-- ", 'attacker'],
  ["x' OR '1'='1", ''],
  ['one"; $(true); "', ''],
  ['|/bin/echo attacker', 'attacker\n'],
  ['one\u0000.pem', ''],
  ['{{7*7}}', '49'],
  ['$\u007bjndi:ldap://127.0.0.1/a}', ''],
  ['*)(uid=*))(|(uid=*', ''],
  ['__proto__', '[object Object]'],
  ['constructor', 'function Object() { [native code] }'],
  ['toString', 'function toString() { [native code] }'],
  ['', ''],
];

/** Names that are none of the set's, on tokens that its own key signed. */
const OTHER_NAMES: readonly unknown[] = [
  ...[
    'One',
    'ONE',
    'one ',
    ' one',
    'one\u0000',
    'one\n',
    '\uff4fne',
    'o\u200bne',
    'one/',
    './one',
    'on',
    'ones',
  ],
  ...[
    '../one',
    'o%6ee',
    'three',
    '',
    '0',
    'keys',
    'length',
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
  ],
  ...[0, 1, -1, 1e308, true, false, null, ['one'], [['one']], [], { kid: 'one' }, {}],
];

const otherName = (kid: unknown): TokenAttack => ({
  id: `kid/${JSON.stringify(kid)} in a set`,
  row: typeof kid === 'string' ? 'a name that is not in the key set' : 'no text, in a key set',
  cites: CITES,
  doors: ['key set'],
  token: () => forge('key set', { header: { kid } }),
  expected: 'key_unknown',
});

const long = 'k'.repeat(10_240);

const unused = (door: DoorName, name: unknown): Control => ({
  id: `kid/${JSON.stringify(name)} where ${door} has one key`,
  doors: [door],
  token: () => forge(door, { header: { kid: name } }),
});

export const kid: Theme = {
  title: '`kid`',
  attacks: [
    ...INJECTIONS.map(
      ([name, key]): TokenAttack => ({
        id: `kid/${JSON.stringify(name)} to a secret`,
        row: 'a path, a query, a command, a template: signed with what a lookup would end with',
        cites: CITES,
        doors: ['HS256', 'HS* by default'],
        token: () => forge('HS256', { header: { kid: name }, key: secretOf(key) }),
        expected: 'signature_invalid',
      }),
    ),
    ...INJECTIONS.map(
      ([name, key]): TokenAttack => ({
        id: `kid/${JSON.stringify(name)} to a key set, as HS256`,
        row: 'the same as HS256 where the keys are a set of RSA keys',
        cites: [...CITES, 'RFC 8725 §3.1'],
        doors: ['key set'],
        token: () =>
          forge('key set', { header: { alg: 'HS256', kid: name }, algorithm: 'HS256', key: secretOf(key) }),
        expected: 'algorithm_not_allowed',
      }),
    ),
    ...OTHER_NAMES.map(otherName),
    {
      id: 'kid/missing where there are two keys',
      cites: ['RFC 7517 §4.5', 'RFC 8725 §3.10'],
      doors: ['key set'],
      token: () => forge('key set', { header: { kid: undefined } }),
      expected: 'key_unknown',
      mayPass: 'RFC 7515 §6: all keys may be tried',
    },
    {
      id: 'kid/the name of another key of the set',
      cites: CITES,
      doors: ['key set'],
      token: () => forge('key set', { header: { kid: 'two' } }),
      expected: 'signature_invalid',
    },
    {
      id: 'kid/the name of a key of the set, signed by a stranger',
      cites: CITES,
      doors: ['key set', 'RS256'],
      token: () => forge('RS256', { header: { kid: KID }, key: attacker.privateKey }),
      expected: 'signature_invalid',
    },
    {
      id: 'kid/twice in the header',
      cites: ['RFC 7515 §4'],
      doors: ['key set'],
      token: () => forge('key set', { header: '{"alg":"RS256","kid":"two","kid":"one"}' }),
      expected: 'token_malformed',
      mayPass: 'RFC 7515 §4: of two members with one name the last may count',
    },
    {
      id: 'kid/of 10 kB',
      cites: CITES,
      doors: ['HS256', 'RS256', 'key set'],
      token: () => forge('key set', { header: { kid: long }, key: attacker.privateKey }),
      expected: 'token_too_large',
    },
    {
      id: 'kid/of 10 kB, well signed',
      cites: CITES,
      doors: ['HS256'],
      token: () => forge('HS256', { header: { kid: long } }),
      expected: 'token_too_large',
      mayPass: 'no RFC limits a token’s length',
    },
  ],
  controls: [
    {
      id: 'kid/the other key under its name',
      doors: ['key set'],
      token: () => forge('key set', { header: { kid: 'two' }, key: OTHER_RSA.privateKey }),
    },
    unused('HS256', '../../one'),
    unused('HS256', '__proto__'),
    unused('RS256', 5),
  ],
};
