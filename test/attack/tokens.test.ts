/** Each token of the catalogue, at each of its doors: at first, once more, and beside honest tokens that are remembered. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from '../keys/support.ts';
import { THEMES } from './catalogue.ts';
import { fileOf, honestToken } from './doors.ts';
import type { Control } from './model.ts';
import { type Guard, guardOf } from './ours.ts';

const asked: string[] = [];
let trap: Served;
beforeAll(async () => {
  trap = await serve((request, response) => {
    asked.push(String(request.url));
    response.end('{"keys":[]}');
  });
});
afterAll(() => trap.close());

/** A token is remembered when it comes for the second time. */
async function admit(guard: Guard, honest: string): Promise<void> {
  for (let time = 1; time <= 3; time++) expect(await guard.judge(honest)).toBe('allowed');
}

const atDoors = <T extends Control>(all: readonly T[]) =>
  all.flatMap((one) => one.doors.map((door) => [one.id, door, one] as const));

describe.each(THEMES)('$title', ({ attacks, controls = [] }) => {
  test.each(atDoors(attacks))('%s, at %s', async (_, door, { token, expected }) => {
    const attack = token(trap.origin);
    const fresh = guardOf(fileOf(door));
    expect([await fresh.judge(attack), await fresh.judge(attack)]).toEqual([expected, expected]);

    const honest = honestToken(door);
    if (honest === undefined) return;
    const remembering = guardOf(fileOf(door));
    await admit(remembering, honest);
    expect([await remembering.judge(attack), await remembering.judge(attack)]).toEqual([expected, expected]);
    expect(await remembering.judge(honest)).toBe('allowed');
    expect(await remembering.judge(attack)).toBe(expected);
  });

  if (controls.length === 0) return;
  test.each(atDoors(controls))('%s, at %s, is accepted', async (_, door, { token }) => {
    await admit(guardOf(fileOf(door)), token(trap.origin));
  });
});

test('nobody asked the server that tokens name', async () => {
  expect(asked).toEqual([]);
  // It would have noticed.
  await fetch(`${trap.origin}/jwks.json`);
  expect(asked).toEqual(['/jwks.json']);
});

test('ids are unique, and every attack says where it is known from', () => {
  const attacks = THEMES.flatMap((theme) => theme.attacks);
  const ids = attacks.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(attacks.filter(({ cites }) => cites.length === 0)).toEqual([]);
  for (const { cites } of attacks) expect(new Set(cites).size).toBe(cites.length);
});
