import { beforeAll, describe, expect, it } from 'vitest';
import { choices, cutOffSecrets, mismatches, type Row } from './policy-lists.ts';
import type { PolicyUnderTest, TokenUnderTest } from './policy-reference.ts';

beforeAll(cutOffSecrets);

type Kind = Pick<PolicyUnderTest, 'key' | 'passThrough'>;

const KINDS: readonly Kind[] = (['A', 'none'] as const).flatMap((key) =>
  [false, true].map((passThrough) => ({ key, passThrough })),
);

/** What a policy with a header of its own can be shown, the absent token apart. */
const STATES: readonly (TokenUnderTest | undefined)[] = [
  { name: 'verified', signedBy: 'A', issuer: 'ours' },
  { name: 'expired', signedBy: 'A', issuer: 'ours', isExpired: true },
  { name: 'forged', signedBy: 'C', issuer: 'ours' },
  { name: 'skipped', signedBy: 'A', issuer: 'theirs' },
  undefined,
];

/** A header a policy, so that each can be shown what it likes. */
function ownPlaces(kinds: readonly Kind[]): readonly PolicyUnderTest[] {
  return kinds.map((kind, i) => ({ ...kind, issuer: 'ours', place: `x-token-${i}` }));
}

function rowsOf(states: readonly (TokenUnderTest | undefined)[], places: number): readonly Row[] {
  return choices(Array.from({ length: places }, () => states)).map((held) => ({
    name: held.map((each) => each?.name ?? 'absent').join(', '),
    // A token of its own each: the same one twice is another table's subject.
    presented: new Map(
      held.flatMap((each, i) => (each ? [[`x-token-${i}`, { ...each, subject: `user ${i}` }] as const] : [])),
    ),
  }));
}

describe('one policy', () => {
  it.concurrent.each(KINDS)('with the key $key and passThrough $passThrough', async (kind) => {
    expect(await mismatches(ownPlaces([kind]), rowsOf(STATES, 1))).toEqual([]);
  });
});

describe('two policies, a header each', () => {
  it.concurrent.each(choices([KINDS, KINDS]).map((kinds) => ({ kinds })))('$kinds', async ({ kinds }) => {
    expect(await mismatches(ownPlaces(kinds), rowsOf(STATES, 2))).toEqual([]);
  });
});

describe('three policies, a header each', () => {
  const states = STATES.filter((state) => state?.name !== 'expired');
  const reachable = KINDS.filter(({ key }) => key === 'A');
  const lists = [
    ...choices([reachable, reachable, reachable]),
    // Where every policy passes on, each place is reached.
    ...[0, 1, 2].map((cutOff) =>
      [0, 1, 2].map((i): Kind => ({ key: i === cutOff ? 'none' : 'A', passThrough: true })),
    ),
  ];

  it.concurrent.each(lists.map((kinds) => ({ kinds })))('$kinds', async ({ kinds }) => {
    expect(await mismatches(ownPlaces(kinds), rowsOf(states, 3))).toEqual([]);
  });
});

describe('two policies and one token', () => {
  const one: readonly Omit<PolicyUnderTest, 'passThrough'>[] = [
    { key: 'A', issuer: 'ours', place: 'x-token' },
    { key: 'A', audience: 'stock', place: 'x-token' },
    { key: 'B', place: 'x-token' },
    { key: 'none', issuer: 'theirs', place: 'x-token' },
  ];
  const policies = one.flatMap((each) => [false, true].map((passThrough) => ({ ...each, passThrough })));
  const tokens: readonly TokenUnderTest[] = [
    { name: 'ours', signedBy: 'A', issuer: 'ours' },
    { name: 'ours for stock', signedBy: 'A', issuer: 'ours', audience: 'stock' },
    { name: 'ours, expired', signedBy: 'A', issuer: 'ours', audience: 'stock', isExpired: true },
    { name: 'theirs', signedBy: 'B', issuer: 'theirs' },
    { name: 'of no issuer', signedBy: 'A' },
    { name: 'theirs as ours', signedBy: 'B', issuer: 'ours' },
    { name: 'forged', signedBy: 'C', issuer: 'theirs' },
    { name: 'of an algorithm that none allows', signedBy: 'A', issuer: 'theirs', isForeign: true },
    { name: 'garbage', signedBy: 'garbage' },
  ];
  const rows: readonly Row[] = [
    { name: 'absent', presented: new Map() },
    ...tokens.map((each) => ({ name: each.name, presented: new Map([['x-token', each]]) })),
  ];

  it.concurrent.each(policies.map((first) => ({ first })))('$first, then any', async ({ first }) => {
    const lists = policies.map((second) => mismatches([first, second], rows));
    expect((await Promise.all(lists)).flat()).toEqual([]);
  });
});
