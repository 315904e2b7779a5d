import { describe, expect, it } from 'vitest';
import { deprecationsIn, type RetiredOption, removalAt } from '../../lambda/config/retired-options.ts';

const option = (at: string, more: Partial<RetiredOption> = {}): RetiredOption => ({
  ...{ at, since: '1.4.0', instead: 'write the new one' },
  ...more,
});
const told = (value: unknown, ...options: RetiredOption[]) =>
  deprecationsIn(value, options).map((text) => text.slice(0, text.indexOf(': ')));

describe('a deprecated option', () => {
  it.each<[string, string, unknown, string[]]>([
    ['at the top', 'old', { old: undefined }, ['old']],
    ['in one policy', 'jwt.old', { jwt: { old: 0 } }, ['jwt.old']],
    ['in some of several', 'jwt.old', { jwt: [{ old: 1 }, {}, { old: 2 }] }, ['jwt[0].old', 'jwt[2].old']],
    ['under any name', 'plans.*.old', { plans: { a: { old: 1 }, b: {} } }, ['plans.a.old']],
    [
      'under a name that may be a secret',
      'jwt.requiredClaims.*',
      { jwt: { requiredClaims: { 'secretOrPublicKey:a secret': 1 } } },
      ['jwt.requiredClaims["…"]'],
    ],
    ['with a list for its value', 'routes', { routes: [{}, {}] }, ['routes']],
    ['elsewhere', 'jwt.old', { old: 1, cors: { old: 1 } }, []],
    ['by another name', 'jwt.old', { jwt: { older: 1, Old: 1 } }, []],
    ['that an object has by itself', 'jwt.constructor', { jwt: {} }, []],
    ['in what is no configuration', 'jwt.old', 'jwt.old', []],
    ['in a policy that is none', 'jwt.old', { jwt: null }, []],
    ['in plans that are none', 'plans.*', { plans: 'gold' }, []],
  ])('is found %s', (_, at, value, paths) => {
    expect(told(value, option(at))).toEqual(paths);
  });

  it('says since when, and what to write', () => {
    expect(deprecationsIn({ old: 1 }, [option('old')])).toEqual([
      expect.stringMatching(/^old: deprecated since 1\.4\.0, .*; write the new one$/),
    ]);
  });

  it('that was removed since is no longer told as deprecated', () => {
    expect(told({ old: 1 }, option('old', { removedIn: '2.0.0' }))).toEqual([]);
  });
});

describe('a removed option', () => {
  const removed = (at: string) => [option(at, { removedIn: '2.0.0' })];

  it.each([
    ['jwt.old', 'jwt.old'],
    ['jwt.old', 'jwt[3].old'],
    ['jwt.old', 'jwt[10].old'],
    ['plans.*.old', 'plans.gold.old'],
  ])('%s is known at %s, in the same words', (at, path) => {
    expect(removalAt(path, removed(at))).toBe('refused since 2.0.0; write the new one');
  });

  it.each(['jwt', 'jwt.older', 'jwt.old.er', 'old', 'jwt["…"]'])('is not what stands at %s', (path) => {
    expect(removalAt(path, removed('jwt.old'))).toBeUndefined();
  });

  it('is not one that is only deprecated', () => {
    expect(removalAt('jwt.old', [option('jwt.old')])).toBeUndefined();
  });
});
