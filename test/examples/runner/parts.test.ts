import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exampleNames, mainFileOf } from './examples.ts';
import { readHeader } from './header.ts';
import { declarationsOf, partsOf } from './parts.ts';

const headerOf = (...lines: string[]) => readHeader(lines.map((line) => `#   ${line}\n`).join(''));
const commands = (steps: readonly { readonly command: string }[]) => steps.map(({ command }) => command);

describe('a header that is tried by hand', () => {
  it('is set up until the first question, and taken down by what destroys', () => {
    const steps = headerOf('A=1', 'curl x # 200', 'cdk destroy b', 'curl y # 401', 'cdk destroy a');
    const { setUp, toTry, takeDown } = partsOf(steps);
    expect(commands(setUp)).toEqual(['A=1']);
    expect(commands(toTry)).toEqual(['curl x', 'cdk destroy b', 'curl y']);
    expect(commands(takeDown)).toEqual(['cdk destroy b', 'cdk destroy a']);
  });

  it('leaves its variables and functions, each once', () => {
    const steps = headerOf('A=1', 'b() { echo c; }', 'A=2', 'npx d', 'curl x # 200');
    expect(declarationsOf(steps)).toBe('declare -p A; declare -f b');
    expect(declarationsOf(headerOf('curl x # 200'))).toBe('');
  });

  it.each(exampleNames())('%s is deployed, asked and destroyed', (name) => {
    const { setUp, toTry, takeDown } = partsOf(readHeader(readFileSync(mainFileOf(name), 'utf8')));
    expect(commands(setUp).join('\n')).toContain('cdk deploy');
    expect(toTry.some(({ expected }) => expected !== undefined)).toBe(true);
    expect(takeDown.length).toBeGreaterThan(0);
    expect(declarationsOf(setUp)).toMatch(/\bAPI\b/);
  });
});
