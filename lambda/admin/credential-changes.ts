import type { Context } from 'hono';
import type { ConsumerStore, NewKey, ScopeChange } from '../consumers/store.ts';
import { assertMembers, readOptionalBody, readStrictBody } from './body.ts';
import { keyIdOf } from './credentials.ts';
import { orRefuse } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { credentialJson } from './wire.ts';

const NEW_KEY_MEMBERS = ['keySecret', 'publicKey', 'algorithm', 'overlapSeconds'];

export const credentialChangeRoutes: readonly Route[] = [
  {
    method: 'put',
    path: '/credentials/:type/:id/scopes/:scope',
    summary: 'Add a scope to a credential',
    handle: (context, store) => change(context, store, { add: [parameter(context, 'scope')] }),
  },
  {
    method: 'delete',
    path: '/credentials/:type/:id/scopes/:scope',
    summary: 'Remove a scope from a credential',
    handle: (context, store) => change(context, store, { remove: [parameter(context, 'scope')] }),
  },
  {
    method: 'put',
    path: '/credentials/:type/:id/scopes',
    summary: 'Replace the scopes of a credential',
    async handle(context, store) {
      const body = await readStrictBody(context, ['scopes']);
      assertMembers(body, ['scopes']);
      return change(context, store, { set: body['scopes'] as string[] });
    },
  },
  {
    method: 'post',
    path: '/credentials/:type/:id/rotate',
    summary: 'Give a credential a new key; its keySecret is shown this once',
    async handle(context, store) {
      const keyId = keyIdOf(context);
      const key = (await readOptionalBody(context, NEW_KEY_MEMBERS)) as NewKey;
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
