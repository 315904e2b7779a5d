import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleNames, mainFileOf } from './examples.ts';
import { readHeader } from './header.ts';

const inTypeScript = (...lines: string[]) =>
  `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n  curl x\n`;
const inYaml = (...lines: string[]) => `${lines.map((line) => `# ${line}\n`).join('')}\n#   curl later\n`;

describe.each([
  { name: 'TypeScript', write: inTypeScript, first: 2 },
  { name: 'YAML', write: inYaml, first: 1 },
])('the header of $name', ({ write, first }) => {
  it('has its commands in their order, with what is answered', () => {
    const text = write(
      'Prose: curl it.',
      '  A=1',
      '',
      '  curl "$API"   # 401',
      '  curl "$API" -d 1 # 403 scope_missing',
    );
    expect(readHeader(text)).toEqual([
      { line: first + 1, command: 'A=1' },
      { line: first + 3, command: 'curl "$API"', expected: { status: 401 } },
      { line: first + 4, command: 'curl "$API" -d 1', expected: { status: 403, code: 'scope_missing' } },
    ]);
  });

  it('goes on after a backslash', () => {
    const text = write(String.raw`  curl "$API" \ `.trimEnd(), '    -H "a: b" # 200', '  B=2');
    expect(readHeader(text)).toEqual([
      { line: first, command: 'curl "$API" -H "a: b"', expected: { status: 200 } },
      { line: first + 2, command: 'B=2' },
    ]);
  });

  it.each([
    ['no curl', ['  A=1']],
    ['a curl that nothing is said of', ['  curl "$API"', '  curl "$API" # 200']],
    ['what is no status', ['  curl "$API" # 20']],
    ['more than a status and a code', ['  curl "$API" # 403 scope missing']],
    ['a curl inside another command', ['  curl "$API" # 200', '  A=$(curl "$API")']],
    ['an answer to what asks nobody', ['  curl "$API" # 200', '  A=1 # 200']],
    ['a backslash at the end', ['  curl "$API" # 200', String.raw`  A=1 \ `.trimEnd()]],
  ])('is refused with %s', (_, lines) => {
    expect(() => readHeader(write(...lines))).toThrow();
  });
});

describe('the examples', () => {
  it.each(exampleNames())('%s says what to ask, and what is answered', (name) => {
    const steps = readHeader(readFileSync(mainFileOf(name), 'utf8'));
    const statuses = steps.flatMap(({ expected }) => expected?.status ?? []);
    expect(statuses).toEqual(expect.arrayContaining([200, 401]));
    expect(steps.map(({ command }) => command).join('\n')).toMatch(/\bcdk deploy\b[\s\S]*\bcdk destroy\b/);
  });

  it('are all that is there', () => {
    const folder = join(import.meta.dirname, '..');
    const folders = readdirSync(folder).filter((each) => existsSync(join(folder, each, 'package.json')));
    expect(folders.sort()).toEqual([...exampleNames()].sort());
    expect(folders.length).toBeGreaterThanOrEqual(4);
  });
});

describe('the packages of an example', () => {
  const own = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
  const { devDependencies = {}, peerDependencies = {} } = own;

  it.each(exampleNames())('are those that %s is run with here', (name) => {
    const text = readFileSync(join(import.meta.dirname, '..', name, 'package.json'), 'utf8');
    const manifest = JSON.parse(text) as Record<string, Record<string, string>>;
    expect(manifest['dependencies']).toEqual({ ...peerDependencies, [String(own['name'])]: 'latest' });
    for (const [tool, version] of Object.entries(manifest['devDependencies'] ?? {}))
      expect([tool, version]).toEqual([tool, devDependencies[tool]]);
  });
});
