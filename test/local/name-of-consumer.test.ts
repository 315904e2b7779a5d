import { expect, it } from 'vitest';
import { nameOfConsumerIn } from '../../bin/local/name-of-consumer.ts';
import { applicationOf, userOf } from '../authorizer/fixtures.ts';

const USERS = [userOf({ id: 'u1', username: 'ann' }), userOf({ id: 'u2', username: 'a1' })];
const APPS = [
  applicationOf({ id: 'a1', name: 'till', userId: 'u1' }),
  applicationOf({ id: 'a2', name: 'lost', userId: 'u9' }),
];
const name = nameOfConsumerIn({
  getUser: async (wanted) => {
    const value = USERS.find(({ id }) => id === wanted) ?? USERS.find((user) => user.username === wanted);
    return value === undefined ? { ok: false, code: 'user_not_found' } : { ok: true, value };
  },
  getApplication: async (wanted) => {
    const value = APPS.find((app) => app.id === wanted || app.name === wanted);
    return value === undefined ? { ok: false, code: 'application_not_found' } : { ok: true, value };
  },
});

it.each([
  ['u1', 'ann'],
  ['a2', undefined],
  ['anonymous', undefined],
  // Names are no ids.
  ['ann', undefined],
  ['till', undefined],
])('%s is called %s', async (id, called) => {
  expect(await name(id)).toBe(called);
});

it("an app is called by its owner, another user of the app's id as name notwithstanding", async () => {
  expect(await name('a1')).toBe('ann');
});
