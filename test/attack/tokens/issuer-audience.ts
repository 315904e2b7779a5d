/** Honest signatures of the right key, over claims for somebody else. */
import { AUDIENCE, ISSUER } from '../doors.ts';
import { forge } from '../forge.ts';
import type { Control, Theme, TokenAttack } from '../model.ts';

const ISS = ['RFC 8725 §3.8', 'RFC 7519 §4.1.1'] as const;
const AUD = ['RFC 8725 §3.9', 'RFC 7519 §4.1.3', 'RFC 8725 §2.7'] as const;
const STRING = 'RFC 7519 §4.1.2, §4.1.7: what it means is left to the application';

const NEAR_ISSUERS: readonly string[] = [
  ...[ISSUER.toUpperCase(), 'https://ID.example.com/', 'HTTPS://id.example.com/', 'http://id.example.com/'],
  ...[
    'https://id.example.com',
    `${ISSUER}/`,
    `${ISSUER}tenant`,
    `${ISSUER}?x`,
    `${ISSUER}#`,
    ISSUER.slice(0, -2),
  ],
  ...['id.example.com', '//id.example.com/', 'https://id.example.com:443/', 'https://id.example.com./'],
  ...[
    'https://user@id.example.com/',
    'https://id.example.com.evil.example/',
    'https://evil.example/?https://id.example.com/',
  ],
  ...[
    `${ISSUER} `,
    ` ${ISSUER}`,
    `${ISSUER}\n`,
    `${ISSUER}\u0000`,
    `\ufeff${ISSUER}`,
    `${ISSUER}\u200b`,
    `${ISSUER}\ud800`,
  ],
  ...[
    'https://\u0456d.example.com/',
    'https://\uff49d.example.com/',
    'https://id%2eexample.com/',
    'https://idXexample.com/',
  ],
  ...[`${ISSUER},https://evil.example/`, `["${ISSUER}"]`, '.*', '', '*', 'null'],
];
const NO_ISSUERS: readonly unknown[] = [
  ...[[ISSUER], [ISSUER, 'https://evil.example/'], ['https://evil.example/', ISSUER], [[ISSUER]], []],
  ...[{ 0: ISSUER, length: 1 }, { toString: ISSUER }, {}, null, true, 0, 1],
];

const NEAR_AUDIENCES: readonly string[] = [
  ...[
    'ORDERS-API',
    'Orders-Api',
    'orders-api ',
    ' orders-api',
    'orders-api/',
    'orders',
    'orders-api2',
    'api',
  ],
  ...[
    'orders-api\u0000',
    'orders\u2010api',
    'orders_api',
    'orders-\u0430pi',
    'orders-api,billing',
    'orders-api billing',
  ],
  ...['["orders-api"]', 'https://orders-api', '.*', 'orders.api', '*', '', 'billing', 'null'],
];
const NO_AUDIENCES: readonly unknown[] = [
  ...[
    [],
    [''],
    ['orders'],
    ['billing', 'orders-api2'],
    [[AUDIENCE]],
    [{ aud: AUDIENCE }],
    [null],
    [true, 1, null],
  ],
  ...[{ 0: AUDIENCE, length: 1 }, { [AUDIENCE]: true }, {}, null, true, 0, 1],
];

const issuerIs = (iss: unknown, row: string): TokenAttack => ({
  id: `issuer-audience/iss ${JSON.stringify(iss) ?? 'missing'}`,
  row,
  cites: Array.isArray(iss) ? ['CVE-2025-30144', ...ISS] : ISS,
  doors: ['RS256'],
  token: () => forge('RS256', { payload: { iss } }),
  expected: 'issuer_mismatch',
});

const audienceIs = (aud: unknown, row: string): TokenAttack => ({
  id: `issuer-audience/aud ${JSON.stringify(aud) ?? 'missing'}`,
  row,
  cites: aud === '' || Array.isArray(aud) ? ['CVE-2020-26160', ...AUD] : AUD,
  doors: ['RS256'],
  token: () => forge('RS256', { payload: { aud } }),
  expected: 'audience_mismatch',
});

const NO_TEXT: readonly unknown[] = [1, true, null, ['ada'], { id: 'ada' }];
const noText = (claim: string, value: unknown): TokenAttack => ({
  id: `issuer-audience/${claim} ${JSON.stringify(value)}`,
  row: `${claim}: no text`,
  cites: [claim === 'sub' ? 'RFC 7519 §4.1.2' : 'RFC 7519 §4.1.7', 'RFC 8725 §3.8'],
  doors: ['RS256'],
  token: () => forge('RS256', { payload: { [claim]: value } }),
  expected: 'token_malformed',
  mayPass: STRING,
});

const accepted = (id: string, payload: Readonly<Record<string, unknown>>): Control => ({
  ...{ id: `issuer-audience/${id}`, doors: ['RS256'], token: () => forge('RS256', { payload }) },
});

export const issuerAudience: Theme = {
  title: '`iss`, `aud`, `sub`',
  attacks: [
    ...NEAR_ISSUERS.map((iss) => issuerIs(iss, 'iss: nearly the issuer')),
    ...NO_ISSUERS.map((iss) => issuerIs(iss, 'iss: no text')),
    issuerIs(undefined, 'iss: missing'),
    ...NEAR_AUDIENCES.map((aud) => audienceIs(aud, 'aud: nearly the audience')),
    ...NO_AUDIENCES.map((aud) => audienceIs(aud, 'aud: neither text nor a list that names it')),
    audienceIs(undefined, 'aud: missing'),
    ...NO_TEXT.flatMap((value) => [noText('sub', value), noText('jti', value)]),
  ],
  controls: [
    accepted('aud: a list that names it', { aud: ['billing', AUDIENCE] }),
    accepted('aud: a list that names it beside other types', { aud: [null, 5, AUDIENCE] }),
    accepted('sub: missing', { sub: undefined }),
  ],
};
