import { readBody, readStatus, readStrictBody } from './body.ts';
import { newUser, userChanges } from './inputs.ts';
import { membersOf } from './json-schema.ts';
import { pageQuery, readPage } from './pages.ts';
import { orRefuse } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { pageOf, schemaOf, schemas } from './schemas.ts';
import { statusJson, userJson } from './wire.ts';

export const userRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/users',
    summary: 'A page of users, in order of creation',
    query: pageQuery,
    answer: { status: 200, schema: pageOf('users', 'User') },
    refusals: [400],
    async handle(context, store) {
      const { items, nextKey } = await readPage(context, (page) => store.listUsers(page));
      return context.json({ users: items.map(userJson), nextKey });
    },
  },
  {
    method: 'post',
    path: '/users',
    summary: 'Create a user',
    body: schemaOf('NewUser'),
    answer: { status: 200, schema: schemaOf('User') },
    refusals: [409],
    async handle(context, store) {
      const user = orRefuse(await store.createUser(newUser(await readBody(context))));
      return context.json(userJson(user));
    },
  },
  {
    method: 'get',
    path: '/users/:idOrName',
    summary: 'A user',
    answer: { status: 200, schema: schemaOf('User') },
    refusals: [404],
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      return context.json(userJson(orRefuse(await store.getUser(subject), subject)));
    },
  },
  {
    method: 'put',
    path: '/users/:idOrName',
    summary: 'Change a user: what is not given stays, null takes away',
    body: schemaOf('UserChanges'),
    answer: { status: 200, schema: schemaOf('User') },
    refusals: [404],
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
    answer: { status: 204 },
    refusals: [404],
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
    body: schemaOf('State'),
    answer: { status: 200, schema: schemaOf('StateChange') },
    refusals: [404],
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const isActive = readStatus(await readStrictBody(context, membersOf(schemas.State)));
      const { id } = orRefuse(await store.getUser(subject), subject);
      return context.json(statusJson(orRefuse(await store.setUserActive(id, isActive), subject), isActive));
    },
  },
];
