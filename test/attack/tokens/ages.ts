/** `maxAgeSeconds` and `clockToleranceSeconds`, at the moment `NOW_SECONDS`: what they add, and to what they do not. */
import { NOW_SECONDS } from '../../support/tokens.ts';
import { MAX_AGE_SECONDS as AGE, CLAIMS, type DoorName, TOLERANCE_SECONDS as LEEWAY } from '../doors.ts';
import { forge } from '../forge.ts';
import type { Citation, Control, Theme, TokenAttack } from '../model.ts';

type Claim = 'exp' | 'nbf' | 'iat';
const AGED = 'a maximum age';
const TOLERANT = 'a clock tolerance';
const BOTH = 'a maximum age and a clock tolerance';

const at = (seconds: number) => String(NOW_SECONDS + seconds);

/** @param literal the claim's value as it stands in the payload. */
const payloadWith = (claim: Claim, literal: string): string => {
  const rest = Object.entries(CLAIMS).filter(([name]) => name !== claim);
  return JSON.stringify(Object.fromEntries(rest)).replace(/}$/, `,"${claim}":${literal}}`);
};

interface Options {
  readonly row: string;
  readonly expected: TokenAttack['expected'];
  readonly cites: readonly Citation[];
  readonly mayPass?: string;
}

const time = (
  door: DoorName,
  claim: Claim,
  literal: string,
  { row, expected, cites, mayPass }: Options,
): TokenAttack => ({
  id: `ages/${door}: ${claim} ${literal}`,
  ...{ row, cites, expected, doors: [door] },
  token: () => forge(door, { payload: payloadWith(claim, literal) }),
  ...(mayPass !== undefined && { mayPass }),
});

const accepted = (door: DoorName, claim: Claim, literal: string): Control => ({
  ...{ id: `ages/${door}: ${claim} ${literal}`, doors: [door] },
  token: () => forge(door, { payload: payloadWith(claim, literal) }),
});

const NO_RULE = 'RFC 7519 §4.1.6: how old a token may be is for the application to say';
const TOO_OLD: Options = {
  ...{ row: 'iat: older than the maximum age', expected: 'token_too_old' },
  ...{ cites: ['RFC 7519 §4.1.6'], mayPass: NO_RULE },
};
const EXPIRED: Options = {
  ...{ row: 'exp: over for as long as is tolerated, or longer', expected: 'token_expired' },
  cites: ['RFC 7519 §4.1.4'],
};
const EARLY: Options = {
  ...{ row: 'nbf: further ahead than is tolerated', expected: 'token_not_yet_valid' },
  cites: ['RFC 7519 §4.1.5'],
};
const FUTURE: Options = {
  ...{ row: 'iat: more than a minute ahead', expected: 'token_not_yet_valid', cites: ['RFC 7519 §4.1.6'] },
  mayPass: 'RFC 7519 §4.1.6: nothing is said of a token from the future',
};

export const ages: Theme = {
  title: 'Ages and tolerated clocks (300 s, 30 s)',
  attacks: [
    ...[at(-AGE - 0.001), at(-AGE - 1), at(-86_400), '1', '0', '-0', '-1', '0.5', '-1e308'].map((literal) =>
      time(AGED, 'iat', literal, TOO_OLD),
    ),
    // Milliseconds for seconds, which would never be too old.
    ...[at(61), at(60.001), '1e308', String(NOW_SECONDS * 1000)].map((literal) =>
      time(AGED, 'iat', literal, FUTURE),
    ),
    {
      ...time(AGED, 'iat', '1', { ...TOO_OLD, row: 'iat: missing where there is a maximum age' }),
      id: `ages/${AGED}: iat missing`,
      token: () => forge(AGED, { payload: { iat: undefined } }),
      expected: 'claim_missing',
    },
    ...['"IAT"', '"Iat"', '"iat "', '"issued_at"', '"auth_time"', '"nbf"'].map(
      (name): TokenAttack => ({
        ...time(AGED, 'iat', '1', { ...TOO_OLD, row: 'iat: missing where there is a maximum age' }),
        id: `ages/${AGED}: iat as ${name}`,
        token: () => forge(AGED, { payload: payloadWith('iat', at(-1)).replace('"iat"', name) }),
        expected: 'claim_missing',
      }),
    ),
    ...[`"${NOW_SECONDS}"`, 'null', `[${NOW_SECONDS}]`, 'true', '""', '"NaN"'].map((literal) =>
      time(AGED, 'iat', literal, {
        ...{ row: 'iat: no number, where there is a maximum age', expected: 'token_malformed' },
        cites: ['RFC 7519 §2', 'RFC 7519 §4.1.6'],
      }),
    ),
    // An exp that is far away makes no token younger, nor does a tolerance that is meant for exp and nbf.
    ...[
      at(-AGE - 0.001),
      at(-AGE - 1),
      at(-AGE - LEEWAY + 0.001),
      at(-AGE - LEEWAY),
      at(-AGE - LEEWAY - 1),
    ].map((literal) =>
      time(BOTH, 'iat', literal, { ...TOO_OLD, row: 'iat: older than the maximum age, beside a tolerance' }),
    ),
    ...[at(-LEEWAY), at(-LEEWAY - 0.001), at(-LEEWAY - 1), at(-86_400), '0', '-1', '-1e308'].map((literal) =>
      time(TOLERANT, 'exp', literal, EXPIRED),
    ),
    ...[at(LEEWAY + 0.001), at(LEEWAY + 1), at(86_400), '1e308'].map((literal) =>
      time(TOLERANT, 'nbf', literal, EARLY),
    ),
    ...[at(60.001), at(61), at(60 + LEEWAY)].map((literal) => time(TOLERANT, 'iat', literal, FUTURE)),
    time(BOTH, 'exp', at(-LEEWAY), { ...EXPIRED, row: 'exp: over, in a token that is young' }),
  ],
  controls: [
    ...[at(-AGE), at(-AGE + 0.001), at(-AGE + 1), at(-1), at(0), at(59.999), at(60)].map((literal) =>
      accepted(AGED, 'iat', literal),
    ),
    ...[at(-AGE), at(60)].map((literal) => accepted(BOTH, 'iat', literal)),
    ...[at(-LEEWAY + 0.001), at(-LEEWAY + 1), at(-1), at(0), at(1)].map((literal) =>
      accepted(TOLERANT, 'exp', literal),
    ),
    accepted(BOTH, 'exp', at(-LEEWAY + 0.001)),
    ...[at(LEEWAY), at(LEEWAY - 0.001), at(LEEWAY - 1), at(1), at(0)].map((literal) =>
      accepted(TOLERANT, 'nbf', literal),
    ),
    ...[at(60), at(59.999)].map((literal) => accepted(TOLERANT, 'iat', literal)),
  ],
};
