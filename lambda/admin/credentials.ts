import type { Context } from 'hono';
import type { ConsumerStore } from '../consumers/store.ts';
import { readStatus, readStrictBody } from './body.ts';
import { findConsumer } from './find-consumer.ts';
import { newCredential } from './inputs.ts';
import { readAll } from './pages.ts';
import { orRefuse, refusalOf } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { credentialJson, statusJson } from './wire.ts';

export const credentialRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/credentials',
    summary: 'All credentials',
    async handle(context, store) {
      const all = await readAll((page) => store.listCredentials(page));
      return context.json({ credentials: all.map((credential) => credentialJson(credential)) });
    },
  },
  {
    method: 'post',
    path: '/credentials',
    summary: 'Create a credential; its keySecret is shown this once',
    async handle(context, store) {
      const input = newCredential(await readStrictBody(context, ['consumerId', 'type', 'credential']));
      const made = orRefuse(await store.createCredential(input), String(input.consumerId));
      return context.json(credentialJson(made.credential, made.keySecret));
    },
  },
  {
    method: 'get',
    path: '/credentials/:consumer',
    summary: "A user's or an application's credentials",
    async handle(context, store) {
      const consumer = await findConsumer(store, parameter(context, 'consumer'));
      const all = await readAll((page) => store.listCredentialsOf(consumer, page));
      return context.json({ credentials: all.map((credential) => credentialJson(credential)) });
    },
  },
  {
    method: 'get',
    path: '/credentials/:type/:id',
    summary: 'A credential',
    async handle(context, store) {
      const keyId = keyIdOf(context);
      return context.json(credentialJson(orRefuse(await store.getCredential(keyId), keyId)));
    },
  },
  {
    method: 'put',
    path: '/credentials/:type/:id/status',
    summary: 'Activate or deactivate a credential',
    async handle(context, store) {
      const isActive = readStatus(await readStrictBody(context, ['status']));
      const keyId = await existing(context, store);
      const change = orRefuse(await store.setCredentialActive(keyId, isActive), keyId);
      return context.json(statusJson(change, isActive));
    },
  },
  {
    method: 'delete',
    path: '/credentials/:type/:id',
    summary: 'Delete a credential',
    async handle(context, store) {
      const keyId = await existing(context, store);
      orRefuse(await store.deleteCredential(keyId), keyId);
      return context.body(null, 204);
    },
  },
];

/** @throws Refusal 404 for another type: there are none of it. */
export function keyIdOf(context: Context): string {
  const keyId = parameter(context, 'id');
  if (parameter(context, 'type') !== 'jwt') throw refusalOf({ code: 'credential_not_found' }, keyId);
  return keyId;
}

/** A credential of a deleted consumer does not exist, though its record may not be cleaned up yet. */
async function existing(context: Context, store: ConsumerStore): Promise<string> {
  const keyId = keyIdOf(context);
  orRefuse(await store.getCredential(keyId), keyId);
  return keyId;
}
