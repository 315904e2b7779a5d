import { assertMembers, readStrictBody } from './body.ts';
import { exactly, listOf, membersOf } from './json-schema.ts';
import { orRefuse, Refusal } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { schemaOf, schemas } from './schemas.ts';

export const scopeRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/scopes',
    summary: 'All scopes; null when there are none',
    answer: {
      status: 200,
      schema: exactly({ scopes: { anyOf: [listOf({ type: 'string' }), { type: 'null' }] } }),
    },
    refusals: [],
    async handle(context, store) {
      const scopes = await store.listScopes();
      return context.json({ scopes: scopes.length > 0 ? scopes : null });
    },
  },
  {
    method: 'post',
    path: '/scopes',
    summary: 'Create scopes, all or none',
    body: schemaOf('NewScopes'),
    answer: { status: 201 },
    refusals: [409],
    async handle(context, store) {
      const body = await readStrictBody(context, membersOf(schemas.NewScopes));
      assertMembers(body, ['scopes']);
      const { scopes } = body;
      orRefuse(await store.createScopes((typeof scopes === 'string' ? [scopes] : scopes) as string[]));
      return context.body(null, 201);
    },
  },
  {
    method: 'get',
    path: '/scopes/:scope',
    summary: 'Whether a scope exists',
    answer: { status: 200, schema: exactly({ scope: { type: 'string' } }) },
    refusals: [404],
    async handle(context, store) {
      const scope = parameter(context, 'scope');
      if (!(await store.hasScope(scope))) throw new Refusal(404, `scope not found: ${scope}`);
      return context.json({ scope });
    },
  },
  {
    method: 'put',
    path: '/scopes/:scope',
    summary: 'Create a scope',
    answer: { status: 201 },
    refusals: [400, 409],
    async handle(context, store) {
      orRefuse(await store.createScopes([parameter(context, 'scope')]));
      return context.body(null, 201);
    },
  },
  {
    method: 'delete',
    path: '/scopes/:scope',
    summary: 'Delete a scope; it leaves every credential',
    answer: { status: 204 },
    refusals: [404],
    async handle(context, store) {
      const scope = parameter(context, 'scope');
      orRefuse(await store.deleteScope(scope), scope);
      return context.body(null, 204);
    },
  },
];
