import { base64url, signatureOf } from '../../support/tokens.ts';
import { honestToken, RSA, SECRET } from '../doors.ts';
import { CLAIMS_TEXT, forge, macOver, partsOf } from '../forge.ts';
import type { Citation, Theme, TokenAttack } from '../model.ts';

const PARTS = ['RFC 7515 §7.1', 'RFC 7519 §7.2'] as const;
const [header, payload, mac] = partsOf(honestToken('HS256') ?? '');
const jweHeader = base64url('{"alg":"dir","enc":"A128GCM","kid":"one"}');

const malformed = (
  id: string,
  row: string,
  token: () => string,
  cites: readonly Citation[] = PARTS,
): TokenAttack => ({
  ...{ id: `structure/${id}`, row, cites, token },
  doors: ['HS256', 'RS256', 'ES256'],
  expected: 'token_malformed',
});

const COUNTS: Readonly<Record<string, string>> = {
  'one part, the header': header,
  'one part, the payload': payload,
  'one part, the claims themselves': base64url(CLAIMS_TEXT),
  'two parts, unsigned': `${header}.${payload}`,
  'two parts, without a payload': `${header}.${mac}`,
  'four parts, a dot at the end': `${header}.${payload}.${mac}.`,
  'four parts, a dot at the beginning': `.${header}.${payload}.${mac}`,
  'four parts, the signature twice': `${header}.${payload}.${mac}.${mac}`,
  'four parts, other claims in between': `${header}.${base64url('{"sub":"eve"}')}.${payload}.${mac}`,
  'five parts, of nothing': '....',
  'five parts, an honest token and more': `${header}.${payload}.${mac}.AAAA.AAAA`,
  'a hundred parts': `${header}.${payload}.${mac}${'.AAAA'.repeat(97)}`,
  'three parts, of nothing': '..',
  'three parts, no header': `.${payload}.${mac}`,
  'three parts, no payload (detached)': `${header}..${base64url(signatureOf(`${header}.`, 'HS256', SECRET.privateKey))}`,
  'three parts, the payload of another place (detached)': `${header}..${mac}`,
  'other separators': `${header}:${payload}:${mac}`,
  'a dot of another alphabet': `${header}\u2024${payload}\u2024${mac}`,
  'percent escapes for the dots': `${header}%2e${payload}%2e${mac}`,
  'no token at all': 'null',
};

const signatures = [{ protected: header, signature: mac }];
const SERIALISATIONS: Readonly<Record<string, unknown>> = {
  flattened: { payload, protected: header, signature: mac },
  'flattened, with alg not protected': { payload, header: { alg: 'none' }, signature: '' },
  'flattened, with another header beside': {
    payload,
    protected: header,
    header: { kid: 'two' },
    signature: mac,
  },
  general: { payload, signatures },
  'general, with a wrong signature beside': {
    payload,
    signatures: [{ protected: header, signature: base64url(Buffer.alloc(32)) }, ...signatures],
  },
  'general, without a signature': { payload, signatures: [] },
  'a list of tokens': [`${header}.${payload}.${mac}`],
  'a JSON text': `${header}.${payload}.${mac}`,
};

const JWE: Readonly<Record<string, string>> = {
  'direct encryption': `${jweHeader}..${base64url('iv-of-12-byt')}.${base64url('ciphertext')}.${base64url('tag-of-16-bytes!')}`,
  'with RSA-OAEP, as anybody can make it with the public key': [
    base64url('{"alg":"RSA-OAEP","enc":"A256GCM","cty":"JWT"}'),
    ...['encrypted key', 'iv-of-12-byt', 'ciphertext', 'tag-of-16-bytes!'].map((part) => base64url(part)),
  ].join('.'),
  'with PBES2 and a billion rounds': [
    base64url('{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000000000,"p2s":"AAAAAAAAAAA"}'),
    ...['encrypted key', 'iv-of-12-byt', 'ciphertext', 'tag-of-16-bytes!'].map((part) => base64url(part)),
  ].join('.'),
};

const nested = (id: string, token: () => string): TokenAttack =>
  malformed(id, 'a token in a token', token, ['RFC 7519 §5.2', 'RFC 7519 §7.2', 'RFC 8725 §3.3']);

export const structure: Theme = {
  title: 'Parts and serialisations',
  attacks: [
    ...Object.entries(COUNTS).map(([id, token]) =>
      malformed(id, 'not three parts that are there', () => token),
    ),
    ...Object.entries(SERIALISATIONS).map(([id, value]) =>
      malformed(`JSON serialisation: ${id}`, 'a JSON serialisation', () => JSON.stringify(value), [
        ...(['RFC 7515 §7.2.1', 'RFC 7515 §7.2.2', 'RFC 7519 §3'] as const),
      ]),
    ),
    ...Object.entries(JWE).map(([id, token]) =>
      malformed(`JWE: ${id}`, 'an encrypted token (JWE)', () => token, [
        'CVE-2023-51774',
        'RFC 7516 §9',
        'RFC 8725 §2.3',
      ]),
    ),
    {
      id: 'structure/JWE of three parts',
      row: 'an encrypted token (JWE)',
      cites: ['CVE-2023-51774', 'RFC 7516 §9'],
      doors: ['HS256', 'RS256'],
      token: () => macOver(jweHeader, payload),
      expected: 'algorithm_not_allowed',
    },
    nested('nested, as it is', () =>
      forge('HS256', { header: { cty: 'JWT' }, payload: `${header}.${payload}.${mac}` }),
    ),
    nested('nested, as JSON text', () =>
      forge('HS256', { header: { cty: 'JWT' }, payload: JSON.stringify(`${header}.${payload}.${mac}`) }),
    ),
    {
      ...nested('nested in a stranger’s, which names the honest algorithm', () =>
        forge('RS256', { header: { cty: 'JWT' }, payload: forge('RS256', { key: RSA.privateKey }) }),
      ),
      doors: ['RS256'],
    },
  ],
};
