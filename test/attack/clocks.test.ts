/**
 * A clock that goes on, and one that is wrong: each boundary of time a second and a millisecond before and after it, for a
 * token that is new, and for one that the function remembers.
 */
import { describe, expect, test } from 'vitest';
import { NOW_SECONDS as NOW } from '../support/tokens.ts';
import { MAX_AGE_SECONDS as AGE, type DoorName, fileOf, TOLERANCE_SECONDS as LEEWAY } from './doors.ts';
import { forge } from './forge.ts';
import type { Citation } from './model.ts';
import { guardOf } from './ours.ts';

interface Boundary {
  readonly id: string;
  readonly cites: readonly [Citation, ...Citation[]];
  readonly door: DoorName;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly atSeconds: number;
  /** Whether `after` begins at that very moment, or just after it. */
  readonly isIncluded: boolean;
  readonly before: string;
  readonly after: string;
}

const EXP = {
  cites: ['RFC 7519 §4.1.4'],
  before: 'allowed',
  after: 'token_expired',
  isIncluded: true,
} as const;
const NBF = {
  cites: ['RFC 7519 §4.1.5'],
  before: 'token_not_yet_valid',
  after: 'allowed',
  isIncluded: true,
} as const;
const IAT = {
  cites: ['RFC 7519 §4.1.6'],
  before: 'token_not_yet_valid',
  after: 'allowed',
  isIncluded: true,
} as const;
const OLD = {
  cites: ['RFC 7519 §4.1.6'],
  before: 'allowed',
  after: 'token_too_old',
  isIncluded: false,
} as const;

const BOUNDARIES: readonly Boundary[] = [
  { id: 'exp', ...EXP, door: 'RS256', claims: { exp: NOW }, atSeconds: NOW },
  { id: 'exp with a fraction', ...EXP, door: 'RS256', claims: { exp: NOW + 0.5 }, atSeconds: NOW + 0.5 },
  {
    ...{ id: 'exp, tolerated', ...EXP, door: 'a clock tolerance' },
    ...{ claims: { exp: NOW }, atSeconds: NOW + LEEWAY },
  },
  {
    ...{ id: 'exp with a fraction, tolerated', ...EXP, door: 'a clock tolerance' },
    ...{ claims: { exp: NOW + 0.5 }, atSeconds: NOW + 0.5 + LEEWAY },
  },
  {
    ...{ id: 'exp before the end of the age', ...EXP, door: 'a maximum age' },
    ...{ claims: { iat: NOW, exp: NOW + AGE }, atSeconds: NOW + AGE },
  },
  { id: 'nbf', ...NBF, door: 'RS256', claims: { nbf: NOW }, atSeconds: NOW },
  { id: 'nbf with a fraction', ...NBF, door: 'RS256', claims: { nbf: NOW + 0.5 }, atSeconds: NOW + 0.5 },
  {
    ...{ id: 'nbf, tolerated', ...NBF, door: 'a clock tolerance' },
    ...{ claims: { nbf: NOW }, atSeconds: NOW - LEEWAY },
  },
  { id: 'iat', ...IAT, door: 'RS256', claims: { iat: NOW }, atSeconds: NOW - 60 },
  {
    ...{ id: 'iat, which a tolerance is not for', ...IAT, door: 'a clock tolerance' },
    ...{ claims: { iat: NOW }, atSeconds: NOW - 60 },
  },
  {
    id: 'iat where there is an age',
    ...IAT,
    door: 'a maximum age',
    claims: { iat: NOW },
    atSeconds: NOW - 60,
  },
  { id: 'the age', ...OLD, door: 'a maximum age', claims: { iat: NOW }, atSeconds: NOW + AGE },
  {
    ...{ id: 'the age, which a tolerance is not for', ...OLD, door: 'a maximum age and a clock tolerance' },
    ...{ claims: { iat: NOW }, atSeconds: NOW + AGE },
  },
];

/** Before, at and after; a clock may stand anywhere, and need not go on. */
const OFFSETS_MS = [-86_400_000, -1_000, -1, 0, 1, 1_000, 86_400_000];

const lasting = { exp: NOW + 1_000_000, iat: NOW - 1_000_000 };
const tokenFor = ({ door, claims }: Boundary): string => {
  const wantsAge = door.startsWith('a maximum age');
  return forge(door, { payload: { ...lasting, ...(wantsAge && { iat: claims['iat'] ?? NOW }), ...claims } });
};

function expectedAt({ atSeconds, isIncluded, before, after }: Boundary, nowMs: number): string {
  const boundaryMs = atSeconds * 1000;
  return nowMs > boundaryMs || (isIncluded && nowMs === boundaryMs) ? after : before;
}

/** The other checks of the same token may say so first, far from the boundary. */
const isFar = ({ id, atSeconds }: Boundary, nowMs: number): boolean =>
  Math.abs(nowMs - atSeconds * 1000) > 1_000 && /age/.test(id);

describe.each(BOUNDARIES.map((boundary) => [boundary.id, boundary] as const))('%s', (_, boundary) => {
  const moments = OFFSETS_MS.map((offset) => boundary.atSeconds * 1000 + offset).filter(
    (nowMs) => !isFar(boundary, nowMs),
  );

  test(`a new token (${boundary.cites})`, async () => {
    for (const nowMs of moments) {
      const guard = guardOf(fileOf(boundary.door), { nowSeconds: nowMs / 1000 });
      expect([nowMs, await guard.judge(tokenFor(boundary))]).toEqual([nowMs, expectedAt(boundary, nowMs)]);
    }
  });

  test(`one that is remembered (${boundary.cites})`, async () => {
    const clock = { ms: 0 };
    const guard = guardOf(fileOf(boundary.door), { nowSeconds: () => clock.ms / 1000 });
    const token = tokenFor(boundary);
    const allowed = moments.find((nowMs) => expectedAt(boundary, nowMs) === 'allowed') ?? Number.NaN;
    for (const nowMs of [...moments, ...[...moments].reverse()]) {
      clock.ms = allowed;
      for (let time = 1; time <= 3; time++) expect(await guard.judge(token)).toBe('allowed');
      clock.ms = nowMs;
      expect([nowMs, await guard.judge(token)]).toEqual([nowMs, expectedAt(boundary, nowMs)]);
    }
  });
});
