import type { Context } from 'hono';
import type { Credential } from '../consumers/model.ts';
import type { ConsumerStore, Page, PageRequest } from '../consumers/store.ts';
import { readStatus, readStrictBody } from './body.ts';
import { findConsumer } from './find-consumer.ts';
import { newCredential } from './inputs.ts';
import { exactly, listOf, membersOf } from './json-schema.ts';
import { optionalPageQuery, readPageOrAll } from './pages.ts';
import { orRefuse, refusalOf } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { nextKey, schemaOf, schemas } from './schemas.ts';
import { credentialJson, statusJson } from './wire.ts';

const credentialList = exactly({ credentials: listOf(schemaOf('Credential')), nextKey }, ['nextKey']);

export const credentialRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/credentials',
    summary: 'All credentials, or a page of them in order of creation',
    query: optionalPageQuery,
    answer: { status: 200, schema: credentialList },
    refusals: [400],
    async handle(context, store) {
      return answerList(context, (page) => store.listCredentials(page));
    },
  },
  {
    method: 'post',
    path: '/credentials',
    summary: 'Create a credential; its keySecret is shown this once',
    body: schemaOf('NewCredential'),
    answer: { status: 200, schema: schemaOf('CredentialWithSecret') },
    refusals: [409, 422],
    async handle(context, store) {
      const input = newCredential(await readStrictBody(context, membersOf(schemas.NewCredential)));
      const made = orRefuse(await store.createCredential(input), String(input.consumerId));
      return context.json(credentialJson(made.credential, made.keySecret));
    },
  },
  {
    method: 'get',
    path: '/credentials/:consumer',
    summary: "A user's or an application's credentials, or a page of them in order of keyId",
    query: optionalPageQuery,
    answer: { status: 200, schema: credentialList },
    refusals: [400, 404, 409],
    async handle(context, store) {
      const consumer = await findConsumer(store, parameter(context, 'consumer'));
      return answerList(context, (page) => store.listCredentialsOf(consumer, page));
    },
  },
  {
    method: 'get',
    path: '/credentials/:type/:id',
    summary: 'A credential',
    answer: { status: 200, schema: schemaOf('Credential') },
    refusals: [404],
    async handle(context, store) {
      const keyId = keyIdOf(context);
      return context.json(credentialJson(orRefuse(await store.getCredential(keyId), keyId)));
    },
  },
  {
    method: 'put',
    path: '/credentials/:type/:id/status',
    summary: 'Activate or deactivate a credential',
    body: schemaOf('State'),
    answer: { status: 200, schema: schemaOf('StateChange') },
    refusals: [404],
    async handle(context, store) {
      const isActive = readStatus(await readStrictBody(context, membersOf(schemas.State)));
      const keyId = await existing(context, store);
      const change = orRefuse(await store.setCredentialActive(keyId, isActive), keyId);
      return context.json(statusJson(change, isActive));
    },
  },
  {
    method: 'delete',
    path: '/credentials/:type/:id',
    summary: 'Delete a credential',
    answer: { status: 204 },
    refusals: [404],
    async handle(context, store) {
      const keyId = await existing(context, store);
      orRefuse(await store.deleteCredential(keyId), keyId);
      return context.body(null, 204);
    },
  },
];

async function answerList(
  context: Context,
  list: (page: PageRequest) => Promise<Page<Credential>>,
): Promise<Response> {
  const { items, ...next } = await readPageOrAll(context, list);
  return context.json({ credentials: items.map((credential) => credentialJson(credential)), ...next });
}

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
