import { honestToken } from '../doors.ts';
import { forge, inputOf, partsOf, withSignature } from '../forge.ts';
import type { Theme, TokenAttack } from '../model.ts';

const CITES = ['CVE-2015-9235', 'CVE-2022-23540', 'RFC 8725 §3.1', 'RFC 7518 §3.6'] as const;
/** Its letters in every case: sixteen. */
const NONE = Array.from({ length: 16 }, (_, i) =>
  [...'none'].map((letter, bit) => ((i >> bit) & 1 ? letter.toUpperCase() : letter)).join(''),
);
/** What somebody may take for `none` who trims, folds or compares loosely. */
const ALIKE = [
  ...[
    ' none',
    'none ',
    'none\u0000',
    '\tnone',
    'n\u043ene',
    '\uff4e\uff4f\uff4e\uff45',
    'no\u200bne',
    '"none"',
  ],
  ...['null', 'undefined', 'false', '0', '', ' ', 'non', 'nones', 'NULL'],
];
const honest = partsOf(honestToken('HS256') ?? '');

const unsigned = (alg: string): TokenAttack[] => [
  {
    id: `none/${alg} without a signature`,
    row: 'in any case, without a signature',
    cites: [...CITES, 'CVE-2020-28042'],
    doors: ['HS256', 'HS* by default', 'RS256', 'RSA by default', 'ES256'],
    token: () => withSignature('HS256', '', { header: { alg } }),
    expected: 'algorithm_not_allowed',
  },
  {
    id: `none/${alg} with the signature of an honest token`,
    row: 'in any case, with an honest token’s signature',
    cites: CITES,
    doors: ['HS256', 'HS* by default', 'RS256'],
    token: () => withSignature('HS256', honest[2], { header: { alg } }),
    expected: 'algorithm_not_allowed',
  },
  {
    id: `none/${alg} with a right MAC`,
    row: 'in any case, with a right MAC all the same',
    cites: CITES,
    doors: ['HS256', 'HS* by default'],
    token: () => forge('HS256', { header: { alg } }),
    expected: 'algorithm_not_allowed',
  },
  {
    id: `none/${alg} and nothing after the payload`,
    row: 'in any case, with two parts',
    cites: [...CITES, 'RFC 7515 §7.1'],
    doors: ['HS256', 'RS256'],
    token: () => inputOf('HS256', { header: { alg } }),
    expected: 'token_malformed',
  },
];

export const none: Theme = {
  title: '`alg`: none',
  attacks: [
    ...NONE.flatMap(unsigned),
    ...ALIKE.map(
      (alg): TokenAttack => ({
        id: `none/like none: ${JSON.stringify(alg)}`,
        row: 'what may be read as none, with a right MAC',
        cites: [...CITES, 'RFC 7515 §4.1.1'],
        doors: ['HS256', 'HS* by default'],
        token: () => forge('HS256', { header: { alg } }),
        expected: 'algorithm_not_allowed',
      }),
    ),
    {
      id: 'none/like none, unsigned',
      row: 'what may be read as none, without a signature',
      cites: [...CITES, 'CVE-2020-28042'],
      doors: ['HS256', 'RS256', 'ES256'],
      token: () => withSignature('HS256', '', { header: { alg: 'none ' } }),
      expected: 'token_malformed',
    },
    {
      id: 'none/written with an escape',
      cites: [...CITES, 'RFC 7515 §10.13'],
      doors: ['HS256', 'RS256'],
      token: () => withSignature('HS256', '', { header: '{"\\u0061lg":"n\\u006fne","kid":"one"}' }),
      expected: 'algorithm_not_allowed',
    },
    {
      id: 'none/in a list',
      cites: [...CITES, 'RFC 7515 §4.1.1'],
      doors: ['HS256', 'RS256'],
      token: () => withSignature('HS256', '', { header: { alg: ['none'] } }),
      expected: 'algorithm_not_allowed',
    },
  ],
};
