import { expect, test, vi } from 'vitest';
import { once } from '../../lambda/config/once.ts';

test.each([['a result'], [0], [undefined]])('%j is made when it is asked for, and once', (result) => {
  const make = vi.fn(() => result);
  const given = once(make);
  expect(make).not.toHaveBeenCalled();
  expect([given(), given()]).toEqual([result, result]);
  expect(make).toHaveBeenCalledOnce();
});

test('what fails is made again', () => {
  let times = 0;
  const given = once(() => {
    times += 1;
    if (times === 1) throw new Error('not yet');
    return times;
  });
  expect(given).toThrow('not yet');
  expect(given()).toBe(2);
});
