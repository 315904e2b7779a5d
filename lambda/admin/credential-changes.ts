import type { Context } from 'hono';
import type { ConsumerStore, NewKey, ScopeChange } from '../consumers/store.ts';
import { assertMembers, readOptionalBody, readStrictBody } from './body.ts';
import { keyIdOf } from './credentials.ts';
import { membersOf } from './json-schema.ts';
import { orRefuse } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { schemaOf, schemas } from './schemas.ts';
import { credentialJson } from './wire.ts';

export const credentialChangeRoutes: readonly Route[] = [
  {
    method: 'put',
    path: '/credentials/:type/:id/scopes/:scope',
    summary: 'Add a scope to a credential',
    answer: { status: 204 },
    refusals: [400, 404],
    handle: (context, store) => change(context, store, { add: [parameter(context, 'scope')] }),
  },
  {
    method: 'delete',
    path: '/credentials/:type/:id/scopes/:scope',
    summary: 'Remove a scope from a credential',
    answer: { status: 204 },
    refusals: [400, 404],
    handle: (context, store) => change(context, store, { remove: [parameter(context, 'scope')] }),
  },
  {
    method: 'put',
    path: '/credentials/:type/:id/scopes',
    summary: 'Replace the scopes of a credential',
    body: schemaOf('ScopesOfCredential'),
    answer: { status: 204 },
    refusals: [404],
    async handle(context, store) {
      const body = await readStrictBody(context, membersOf(schemas.ScopesOfCredential));
      assertMembers(body, ['scopes']);
      return change(context, store, { set: body['scopes'] as string[] });
    },
  },
  {
    method: 'post',
    path: '/credentials/:type/:id/rotate',
    summary: 'Give a credential a new key; its keySecret is shown this once',
    body: schemaOf('NewKey'),
    bodyIsOptional: true,
    answer: { status: 200, schema: schemaOf('CredentialWithSecret') },
    refusals: [404],
    async handle(context, store) {
      const keyId = keyIdOf(context);
      const key = (await readOptionalBody(context, membersOf(schemas.NewKey))) as NewKey;
      const made = orRefuse(await store.rotateCredential(keyId, key), keyId);
      return context.json(credentialJson(made.credential, made.keySecret));
    },
  },
];

async function change(context: Context, store: ConsumerStore, scopes: ScopeChange): Promise<Response> {
  const keyId = keyIdOf(context);
  orRefuse(await store.changeScopes(keyId, scopes), keyId);
  return context.body(null, 204);
}
