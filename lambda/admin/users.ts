import { readBody, readStatus, readStrictBody } from './body.ts';
import { newUser, userChanges } from './inputs.ts';
import { readPage } from './pages.ts';
import { orRefuse } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { statusJson, userJson } from './wire.ts';

export const userRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/users',
    summary: 'A page of users, in order of creation',
    async handle(context, store) {
      const { items, nextKey } = await readPage(context, (page) => store.listUsers(page));
      return context.json({ users: items.map(userJson), nextKey });
    },
  },
  {
    method: 'post',
    path: '/users',
    summary: 'Create a user',
    async handle(context, store) {
      const user = orRefuse(await store.createUser(newUser(await readBody(context))));
      return context.json(userJson(user));
    },
  },
  {
    method: 'get',
    path: '/users/:idOrName',
    summary: 'A user',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      return context.json(userJson(orRefuse(await store.getUser(subject), subject)));
    },
  },
  {
    method: 'put',
    path: '/users/:idOrName',
    summary: 'Change a user: what is not given stays, null takes away',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const changes = userChanges(await readBody(context));
      const { id } = orRefuse(await store.getUser(subject), subject);
      return context.json(userJson(orRefuse(await store.updateUser(id, changes), subject)));
    },
  },
  {
    method: 'delete',
    path: '/users/:idOrName',
    summary: 'Delete a user with its applications and all their credentials',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const { id } = orRefuse(await store.getUser(subject), subject);
      orRefuse(await store.deleteUser(id), subject);
      return context.body(null, 204);
    },
  },
  {
    method: 'put',
    path: '/users/:idOrName/status',
    summary: 'Activate or deactivate a user',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const isActive = readStatus(await readStrictBody(context, ['status']));
      const { id } = orRefuse(await store.getUser(subject), subject);
      return context.json(statusJson(orRefuse(await store.setUserActive(id, isActive), subject), isActive));
    },
  },
];
