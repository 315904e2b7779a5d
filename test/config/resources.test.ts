import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resourcesOf } from '../../lambda/config/resources.ts';
import { isGreedy, relationOf, templateOf } from '../../lambda/config/route-template.ts';
import { PATHS, regExpOf, templatePath } from './templates.ts';

const rule = (...paths: string[]) => ({ paths, scopes: [] });
const shape = (path: string) => path.replace(/\{[^}+]+(\+?)\}/g, '{$1}');
const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';
const paths = fc.array(templatePath, { maxLength: 6 });

describe('the resources of an API', () => {
  test.each<[string[], string[]]>([
    [[], ['/', '/{proxy+}']],
    [['/'], ['/', '/{proxy+}']],
    [
      ['/b', '/a'],
      ['/', '/a', '/b', '/{proxy+}'],
    ],
    [['/orders/{id}'], ['/', '/orders', '/orders/{id}', '/{proxy+}']],
    [['/files/*'], ['/', '/files', '/files/{proxy+}', '/{proxy+}']],
    [
      ['/a/{id}', '/a/{other}/x'],
      ['/', '/a', '/a/{id}', '/a/{id}/x', '/{proxy+}'],
    ],
    [
      ['/a/{id}', '/a/{rest+}'],
      ['/', '/a', '/a/{rest+}', '/{proxy+}'],
    ],
    [['/{id}/x'], ['/', '/{proxy+}']],
  ])('%j gives %j', (declared, resources) => {
    expect(resourcesOf([rule(...declared)])).toEqual(resources);
  });

  test('a greedy child wins over a parameter in whatever order they stand', () => {
    const declared = ['/x/{id}/b/{rest+}', '/x/{proxy+}'];
    const resources = ['/', '/x', '/x/{proxy+}', '/{proxy+}'];
    expect(resourcesOf([rule(...declared)])).toEqual(resources);
    expect(resourcesOf(declared.toReversed().map((path) => rule(path)))).toEqual(resources);
  });
});

describe('for every set of rules', () => {
  test('at most one variable child a resource, and none of a greedy one', () => {
    fc.assert(
      fc.property(paths, (declared) => {
        const resources = resourcesOf([rule(...declared)]);
        const parents = resources.filter((path) => path.endsWith('}')).map(parentOf);
        expect(new Set(parents).size).toBe(parents.length);
        expect(parents.filter((parent) => parent.endsWith('+}'))).toEqual([]);
      }),
    );
  });
  test('"/" and "/{proxy+}" are there, no resource twice, and every parent of a resource', () => {
    fc.assert(
      fc.property(paths, (declared) => {
        const resources = resourcesOf([rule(...declared)]);
        expect(resources.slice(0, 1)).toEqual(['/']);
        expect(resources).toContain('/{proxy+}');
        expect(new Set(resources).size).toBe(resources.length);
        expect(resources).toEqual(expect.arrayContaining(resources.map(parentOf)));
      }),
    );
  });
  test('every declared path is a resource, or inside a greedy one', () => {
    fc.assert(
      fc.property(paths, (declared) => {
        const resources = resourcesOf([rule(...declared)]);
        const isWithin = (path: string) =>
          resources.some(
            (resource) =>
              isGreedy(templateOf(resource)) &&
              relationOf(templateOf(resource), templateOf(path)) === 'covers',
          );
        const lost = declared.filter(
          (path) => !resources.map(shape).includes(shape(path)) && !isWithin(path),
        );
        expect(lost).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
  test('the order of the rules changes names at most', () => {
    fc.assert(
      fc.property(paths, (declared) => {
        const forwards = resourcesOf([rule(...declared)]).map(shape);
        const backwards = resourcesOf([rule(...declared.toReversed())]).map(shape);
        expect(backwards.sort()).toEqual(forwards.sort());
      }),
      { numRuns: 1000 },
    );
  });
  test('every path reaches some resource', () => {
    fc.assert(
      fc.property(paths, fc.constantFrom(...PATHS), (declared, path) => {
        const resources = resourcesOf([rule(...declared)]).map(templateOf);
        expect(resources.some((resource) => regExpOf(resource).test(path))).toBe(true);
      }),
    );
  });
});
