/** Each at the moment `NOW_SECONDS`, and all but the time right. */
import { NOW_SECONDS } from '../../support/tokens.ts';
import { CLAIMS } from '../doors.ts';
import { forge } from '../forge.ts';
import type { Citation, Control, Theme, TokenAttack } from '../model.ts';

const NUMERIC: readonly Citation[] = ['RFC 7519 §2', 'RFC 7519 §4.1.4', 'RFC 7519 §4.1.5', 'RFC 7519 §4.1.6'];

/** @param literal the claim's value as it stands in the payload. */
const timeIs = (claim: 'exp' | 'nbf' | 'iat', literal: string): string => {
  const rest = Object.entries(CLAIMS).filter(([name]) => name !== claim);
  return JSON.stringify(Object.fromEntries(rest)).replace(/}$/, `,"${claim}":${literal}}`);
};

const time = (
  claim: 'exp' | 'nbf' | 'iat',
  literal: string,
  expected: TokenAttack['expected'],
  { row, cites, mayPass }: { row: string; cites: readonly Citation[]; mayPass?: string },
): TokenAttack => ({
  id: `times/${claim} ${literal.length > 40 ? `of ${literal.length} digits` : literal}`,
  ...{ row, cites, expected },
  doors: ['RS256'],
  token: () => forge('RS256', { payload: timeIs(claim, literal) }),
  ...(mayPass !== undefined && { mayPass }),
});

const at = (seconds: number) => String(NOW_SECONDS + seconds);
const NO_NUMBER = [
  `"${NOW_SECONDS + 60}"`,
  `"${NOW_SECONDS - 60}"`,
  '""',
  '"NaN"',
  'null',
  'true',
  'false',
  '[]',
  '{}',
  `[${NOW_SECONDS + 60}]`,
  '"2030-01-01T00:00:00Z"',
  `{"$date":${NOW_SECONDS}}`,
];
const BEYOND = ['1e999', '-1e999', '9'.repeat(400)];
const OVERFLOW = 'RFC 7519 §2: it is a number; most readers make Infinity of it';
const FUTURE_IAT = 'RFC 7519 §4.1.6: nothing is said of a token from the future';

const accepted = (claim: 'exp' | 'nbf' | 'iat', literal: string): Control => ({
  id: `times/${claim} ${literal}`,
  doors: ['RS256'],
  token: () => forge('RS256', { payload: timeIs(claim, literal) }),
});

export const times: Theme = {
  title: '`exp`, `nbf`, `iat`',
  attacks: [
    ...[at(0), at(-1), at(-0.001), at(-86_400), '0', '-0', '-1', '0.5', '-1e308', '1'].map((literal) =>
      time('exp', literal, 'token_expired', { row: 'exp: now, or over', cites: ['RFC 7519 §4.1.4'] }),
    ),
    {
      ...time('exp', '1', 'claim_missing', { row: 'exp: missing', cites: ['RFC 7519 §4.1.4'] }),
      id: 'times/exp missing',
      token: () => forge('RS256', { payload: { exp: undefined } }),
      mayPass: 'RFC 7519 §4.1.4: its use is optional',
    },
    ...['"EXP"', '"Exp"', '"exp "', '"expires"', '"exp\u200b"'].map(
      (name): TokenAttack => ({
        id: `times/exp as ${name}`,
        row: 'exp: under another name',
        cites: ['RFC 7519 §4.1.4', 'RFC 7519 §4'],
        doors: ['RS256'],
        token: () => forge('RS256', { payload: timeIs('exp', '1').replace('"exp"', name) }),
        expected: 'claim_missing',
        mayPass: 'RFC 7519 §4.1.4: its use is optional, and other names are other claims',
      }),
    ),
    ...[at(1), at(0.001), at(86_400), '1e308'].map((literal) =>
      time('nbf', literal, 'token_not_yet_valid', { row: 'nbf: in the future', cites: ['RFC 7519 §4.1.5'] }),
    ),
    ...[at(61), at(60.001), at(86_400), '1e308', String(NOW_SECONDS * 1000)].map((literal) =>
      time('iat', literal, 'token_not_yet_valid', {
        ...{ row: 'iat: more than a minute in the future', cites: ['RFC 7519 §4.1.6'], mayPass: FUTURE_IAT },
      }),
    ),
    ...(['exp', 'nbf', 'iat'] as const).flatMap((claim) => [
      ...NO_NUMBER.map((literal) =>
        time(claim, literal, 'token_malformed', { row: `${claim}: no number`, cites: NUMERIC }),
      ),
      ...BEYOND.map((literal) =>
        time(claim, literal, 'token_malformed', {
          ...{ row: `${claim}: a number beyond all numbers`, cites: NUMERIC, mayPass: OVERFLOW },
        }),
      ),
    ]),
  ],
  controls: [
    ...[at(1), at(0.001), '1e308', '1.8000000005e9', String(NOW_SECONDS * 1000)].map((literal) =>
      accepted('exp', literal),
    ),
    ...[at(0), at(-1), at(-0.001), '0', '-1', '-1e308', '1.8e9'].map((literal) => accepted('nbf', literal)),
    ...[at(0), at(60), at(59.999), at(-86_400), '0', '-5', '0.5'].map((literal) => accepted('iat', literal)),
  ],
};
