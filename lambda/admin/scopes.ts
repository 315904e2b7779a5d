import { assertMembers, readStrictBody } from './body.ts';
import { orRefuse, Refusal } from './refusal.ts';
import { parameter, type Route } from './route.ts';

export const scopeRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/scopes',
    summary: 'All scopes; null when there are none',
    async handle(context, store) {
      const scopes = await store.listScopes();
      return context.json({ scopes: scopes.length > 0 ? scopes : null });
    },
  },
  {
    method: 'post',
    path: '/scopes',
    summary: 'Create scopes, all or none',
    async handle(context, store) {
      const body = await readStrictBody(context, ['scopes']);
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
    async handle(context, store) {
      orRefuse(await store.createScopes([parameter(context, 'scope')]));
      return context.body(null, 201);
    },
  },
  {
    method: 'delete',
    path: '/scopes/:scope',
    summary: 'Delete a scope; it leaves every credential',
    async handle(context, store) {
      const scope = parameter(context, 'scope');
      orRefuse(await store.deleteScope(scope), scope);
      return context.body(null, 204);
    },
  },
];
