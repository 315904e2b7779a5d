/** RFC 8725 (BCP 225), the rules of its section 3 one by one: each is kept, or says nothing to a verifier. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { guardOf } from '../attack/ours.ts';
import { foundForUser } from '../authorizer/fixtures.ts';
import { type Served, serve } from '../keys/support.ts';
import { fileOf, keySetOf, type Rule, tokenOf, type Vector } from './rules.ts';

const rules: readonly Rule[] = JSON.parse(readFileSync(new URL('rfc8725.json', import.meta.url), 'utf8'));
const SECTIONS = Array.from({ length: 12 }, (_, i) => `3.${i + 1}`);

const asked: string[] = [];
let trap: Served;
beforeAll(async () => {
  trap = await serve((request, response) => {
    asked.push(String(request.url));
    response.end('{"keys":[]}');
  });
});
afterAll(() => trap.close());

/** @returns thrice what comes of it: a token that is remembered is judged like a new one. */
async function judged(vector: Vector): Promise<readonly string[]> {
  const parsed = parseConfig(fileOf(vector));
  if (!parsed.ok) return parsed.problems.map(({ code }) => code);
  const { credentials = {} } = vector;
  const guard = guardOf(fileOf(vector), {
    keySetAt: () => keySetOf(vector),
    table: {
      findCredential: async (keyId) =>
        Object.hasOwn(credentials, keyId) ? foundForUser({ keyId, ...credentials[keyId] }) : undefined,
    },
  });
  const token = tokenOf(vector, trap.origin);
  const verdicts = new Set<string>();
  for (let time = 1; time <= 3; time++) verdicts.add(await guard.judge(token));
  return [...verdicts];
}

const kept = rules.filter(({ vectors }) => vectors !== undefined);
describe.each(kept.map((rule) => [`§${rule.section} (${rule.level}): ${rule.rule}`, rule] as const))(
  '%s',
  (_, { vectors = [] }) => {
    test.each(vectors.map((vector) => [vector.id, vector] as const))('%s', async (_id, vector) => {
      expect(await judged(vector)).toEqual([vector.expected]);
    });
  },
);

test('nobody asked the server that tokens name', async () => {
  expect(asked).toEqual([]);
  await fetch(`${trap.origin}/jwks.json`);
  expect(asked).toEqual(['/jwks.json']);
});

describe('the list', () => {
  test('has every section, in order', () => {
    expect([...new Set(rules.map(({ section }) => section))]).toEqual(SECTIONS);
  });

  test.each(rules.map((rule) => [`§${rule.section}: ${rule.rule}`, rule] as const))(
    '%s: has one that is denied and one that is let in, or an argument',
    (_, { vectors, doesNotApply }) => {
      expect((vectors === undefined) !== (doesNotApply === undefined)).toBe(true);
      if (vectors === undefined) {
        expect(doesNotApply?.length).toBeGreaterThan(40);
        return;
      }
      const verdicts = vectors.map(({ expected }) => expected === 'allowed');
      expect([verdicts.includes(true), verdicts.includes(false)]).toEqual([true, true]);
    },
  );

  test('says nothing twice', () => {
    const names = rules.map(({ section, rule }) => `${section} ${rule}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    for (const { vectors = [] } of rules) {
      const ids = vectors.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
