/** Users, applications and scopes: killed in the middle, given again, all there once. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { linesFile, readLines, report, run, temporaryFolder } from './command.ts';

const LINES = 500;
const KILLS = [0.2, 0.5, 0.8];

const digits = (index: number): string => String(index).padStart(4, '0');
const kinds = [
  { what: 'users', lineOf: (index: number) => ({ username: `user-${digits(index)}` }), name: 'username' },
  {
    what: 'apps',
    lineOf: (index: number) => ({ userId: 'ann', name: `app-${digits(index)}` }),
    name: 'name',
  },
  { what: 'scopes', lineOf: (index: number) => `scope-${digits(index)}`, name: undefined },
];

let data: string;
beforeAll(async () => {
  data = join(await temporaryFolder(), 'data');
  const { code } = await run(['users', 'create', '-p', 'username=ann', '-q', '--data', data], {
    out: `${data}.ann`,
  });
  expect(code).toBe(0);
});

describe('create --stdin', () => {
  for (const { what, lineOf, name } of kinds) {
    it(`${LINES} ${what}, killed ${KILLS.length} times`, async () => {
      const stdin = await linesFile(`${data}.${what}`, LINES, lineOf);
      const create = [what, 'create', '--stdin', '-q', '--data', data];
      let made = 0;
      for (const [index, share] of KILLS.entries()) {
        const killAt = Math.max(1, Math.round(share * LINES) - made);
        const killed = await run(create, { stdin, out: `${data}.${what}.${index}`, killAt });
        expect(killed.code).toBe(null);
        made += (await readLines(`${data}.${what}.${index}`)).length;
      }
      const rest = await run([...create, '--json'], { stdin, out: `${data}.${what}.rest` });
      expect(rest.code).toBe(0);
      const { created, skipped, failed } = JSON.parse(rest.said);
      expect([created + skipped, failed]).toEqual([LINES, 0]);
      const list = `${data}.${what}.list`;
      expect((await run([what, 'list', '--json', '--data', data], { out: list })).code).toBe(0);
      const [text = ''] = await readLines(list);
      const listed = (JSON.parse(text) as Record<string, string>[]).map((record) =>
        name === undefined ? record : record[name],
      );
      const all = Array.from({ length: LINES }, (_, index) => lineOf(index) as Record<string, string>);
      const expected = all.map((line) => (name === undefined ? line : line[name]));
      expect(listed.filter((each) => each !== 'ann').sort()).toEqual(expected);
      report(
        `${what} after ${KILLS.length} kills`,
        `${skipped} skipped, ${created} created in ${rest.seconds} s`,
      );
    });
  }
});
