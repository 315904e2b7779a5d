/** Tokens with a right signature whose subject is nobody, does not count, or is somebody else. */
import type { DenialCode } from '../../lambda/authorizer/denial.ts';
import type { Citation } from './model.ts';

export const USER_IDS = {
  ann: '0b7e1c7e-52a4-4a3c-9f0d-3c1a7d5e9a01',
  bob: '0b7e1c7e-52a4-4a3c-9f0d-3c1a7d5e9a02',
  /** Inactive. */
  ina: '0b7e1c7e-52a4-4a3c-9f0d-3c1a7d5e9a03',
} as const;
export const APPLICATION_IDS = {
  /** Ann's, active. */
  till: '0b7e1c7e-52a4-4a3c-9f0d-3c1a7d5e9b01',
  /** Ann's, inactive. */
  shop: '0b7e1c7e-52a4-4a3c-9f0d-3c1a7d5e9b02',
  /** Ina's, active itself. */
  kiosk: '0b7e1c7e-52a4-4a3c-9f0d-3c1a7d5e9b03',
} as const;

export const UUID = '3f1d9a52-8c47-4e0b-b0a6-9d2c5e7f8a10';
/** When the credential `ann-ends` does. Seconds since 1970. */
export const ENDS_AT_SECONDS = 1_800_000_100;

export interface ConsumerAttack {
  readonly id: string;
  readonly cites: readonly Citation[];
  /** Claims beside the usual ones; an undefined one is left out. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** `unavailable`: a record that is not what we write; who it speaks of is not known. */
  readonly expected: DenialCode | 'unavailable';
}

const SUBJECT = ['RFC 8725 §3.8', 'RFC 7519 §4.1.2'] as const;
const LOOKUP = ['RFC 8725 §2.9', 'RFC 8725 §3.10', ...SUBJECT] as const;
const UNICODE = ['RFC 7515 §10.13', 'RFC 7519 §7.3', ...SUBJECT] as const;
const STATE = ['RFC 8725 §3.8', 'RFC 6750 §3.1'] as const;

const of = (
  id: string,
  cites: readonly Citation[],
  sub: unknown,
  expected: ConsumerAttack['expected'] = 'credential_unknown',
): ConsumerAttack => ({ ...{ id: `consumers/${id}`, cites, claims: { sub }, expected } });

const quoted = (text: string) =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 20)}… ${text.length}` : text);
const each = (what: string, cites: readonly Citation[], subs: readonly string[]) =>
  subs.map((sub) => of(`${what}: ${quoted(sub)}`, cites, sub));

const NEAR = [
  ...['ANN-1', 'Ann-1', 'aNN-1', 'ann-1 ', ' ann-1', 'ann-1\t', 'ann-1\n', 'ann-1\r\n', 'ann -1', 'ann--1'],
  ...[
    'ann',
    'ann-',
    'ann-11',
    'ann-10',
    'nn-1',
    'a',
    'xann-1',
    'ann-1x',
    'ann-1/',
    '/ann-1',
    'ann-1#',
    'ann_1',
  ],
  ...['ann-01', 'ann-1.0', 'ann-1,bob-1', 'ann-1 bob-1', 'ann-1|bob-1', 'ann-1;bob-1', 'ann1', '1-ann'],
];
const LOOK_ALIKES = [
  ...[
    '\uff41nn-1',
    '\u0430nn-1',
    'ann\u20101',
    'ann\u22121',
    'ann\uff0d1',
    'ann-\uff11',
    'ann-\u00b9',
    'a\u0301nn-1',
  ],
  ...[
    '\u00e1nn-1',
    'ann\u200b-1',
    '\ufeffann-1',
    'ann-1\u00a0',
    'ann-1\u2028',
    'ann-1\u0000',
    '\u0000ann-1',
    '\u202eann-1',
  ],
  // Composed and not, of a name that is ASCII when it is folded by compatibility (NFKC, NFKD).
  ...['\u24d0nn-1', '\ud835\udc4ann-1', 'ann-1\ud800', 'caf\u00e9-1', 'cafe\u0301-1'],
];
const KEYS = [
  ...[
    'cred#ann-1',
    'CRED#ann-1',
    'cred#ann-1#record',
    'user#ann',
    'ann-1\u0000record',
    'record',
    'cred#',
    '#ann-1',
  ],
  ...['username#ann', 'revoked#all', 'scopes', 'key#1'],
];
const INJECTIONS = [
  ...[
    "ann-1' OR '1'='1",
    'ann-1" OR ""="',
    'ann-1)(keyId=*',
    '*',
    'ann-*',
    'ann-?',
    '%',
    '_',
    '{"$ne":null}',
  ],
  ...[
    '{"S":"ann-1"}',
    ':keyId',
    '../ann-1',
    './ann-1',
    'ann%2d1',
    'ann-1%00',
    '$\u007bsub}',
    '{{sub}}',
    '["ann-1"]',
  ],
  ...['"ann-1"', 'begins_with(ann)', 'ann-1; DROP TABLE credentials'],
];
const INHERITED = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
];
const EMPTY = ['', ' ', 'null', 'undefined', 'NaN', '0', 'false', '[object Object]', 'anonymous'];
const NAMES = [
  ...['bob', 'till', 'shop', USER_IDS.ann, USER_IDS.bob, APPLICATION_IDS.till, `user#${USER_IDS.ann}`],
  ...[`user:${USER_IDS.ann}`, `app#${APPLICATION_IDS.till}`],
];
const UUIDS = [
  ...[UUID.replaceAll('-', ''), UUID.toUpperCase(), `{${UUID}}`, `urn:uuid:${UUID}`, ` ${UUID}`, `${UUID} `],
  ...[
    UUID.slice(0, -1),
    `${UUID}0`,
    UUID.replaceAll('-', '_'),
    UUID.replace('-', ''),
    UUID.replaceAll('-', '\u2010'),
  ],
  ...[
    Buffer.from(UUID.replaceAll('-', ''), 'hex').toString('base64url'),
    BigInt(`0x${UUID.replaceAll('-', '')}`).toString(),
  ],
];

const NO_TEXT: readonly (readonly [string, unknown])[] = [
  ['a number', 1001],
  ['a number with a fraction', 1001.5],
  ['zero', 0],
  ['true', true],
  ['false', false],
  ['null', null],
  ['a list', ['ann-1']],
  ['a list of lists', [['ann-1']]],
  ['an empty list', []],
  ['an object', { keyId: 'ann-1' }],
  ['an object with a toString', { toString: 'ann-1' }],
  ['an object that is like a list', { 0: 'ann-1', length: 1 }],
  ['DynamoDB’s text', { S: 'ann-1' }],
];

export const consumerAttacks: readonly ConsumerAttack[] = [
  of('sub missing', SUBJECT, undefined),
  ...each('nearly the keyId', SUBJECT, NEAR),
  ...each('letters that look alike', UNICODE, LOOK_ALIKES),
  ...each('a key of the table', LOOKUP, KEYS),
  ...each('a query', LOOKUP, INJECTIONS),
  ...each('a name that objects inherit', LOOKUP, INHERITED),
  ...each('nothing', SUBJECT, EMPTY),
  ...each('the consumer and not its credential', SUBJECT, NAMES),
  ...each('a UUID in another spelling', SUBJECT, UUIDS),
  ...each('longer than any keyId', LOOKUP, [
    'a'.repeat(257),
    'ann-1'.padEnd(2_049, ' '),
    'ann-1'.padEnd(4_000, '1'),
  ]),
  ...NO_TEXT.map(([id, sub]) => of(`sub is ${id}`, SUBJECT, sub, 'token_malformed')),
  ...['1001.0', '01001', '+1001', '1e3', '0x3e9', '1,001', '1001n', '\u0661\u0660\u0660\u0661'].map((sub) =>
    of(`nearly a number: ${sub}`, SUBJECT, sub),
  ),
  ...['azp', 'client_id', 'uid', 'keyId', 'SUB', 'Sub', 'username'].map(
    (name): ConsumerAttack => ({
      ...{
        id: `consumers/the keyId as ${name}`,
        cites: SUBJECT,
        claims: { sub: undefined, [name]: 'ann-1' },
      },
      expected: 'credential_unknown',
    }),
  ),
  of('a credential that is inactive', STATE, 'ann-off', 'credential_inactive'),
  of('a credential that was deleted', STATE, 'ann-gone'),
  of('a credential that expired long ago', STATE, 'ann-old', 'credential_inactive'),
  of('a user who is inactive', STATE, 'ina-1', 'consumer_inactive'),
  of('a user who was deleted', STATE, 'eve-1'),
  of('an application that is inactive', STATE, 'shop-1', 'consumer_inactive'),
  of('an application whose user is inactive', STATE, 'kiosk-1', 'consumer_inactive'),
  // Records that somebody wrote around the Admin API.
  of('an application’s credential that says it is a user’s', STATE, 'typed-user', 'consumer_inactive'),
  of('a user’s credential that says it is an application’s', STATE, 'typed-application', 'consumer_inactive'),
  of('an application’s credential that names another owner', STATE, 'owned-by-bob', 'unavailable'),
  of('a credential that lies under the name of another', STATE, 'named-alike', 'unavailable'),
];

/** Credentials that count, with who is let in by them. */
export const consumerControls: readonly (readonly [keyId: string, consumerId: string])[] = [
  ['ann-1', USER_IDS.ann],
  ['bob-1', USER_IDS.bob],
  [UUID, USER_IDS.ann],
  ['1001', USER_IDS.ann],
  ['__proto__x', USER_IDS.ann],
  ['till-1', APPLICATION_IDS.till],
];
