/** The configurations in the documentation are ones that would start. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { problemsOf } from './parsing.ts';

const FOLDER = 'docs/issuers';
const PAGES = readdirSync(FOLDER).filter((name) => name !== 'README.md');

const samplesIn = (page: string) =>
  [...readFileSync(join(FOLDER, page), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].map(
    ([, text = '']) => text,
  );

describe.each(PAGES)('%s', (page) => {
  const samples = samplesIn(page);

  test('has a configuration, which has no problem', () => {
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) expect(problemsOf(parse(sample))).toEqual([]);
  });

  test('says which tokens are for this API, and takes no other', () => {
    for (const sample of samples) {
      const { jwt } = parse(sample) as { jwt: Record<string, unknown> };
      expect(jwt).toMatchObject({ algorithms: ['RS256'], issuer: expect.stringMatching(/^https:/) });
      expect(jwt).not.toHaveProperty('anyAudience');
    }
  });

  test('is in the list of pages', () => {
    expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toContain(`](${page})`);
  });
});
