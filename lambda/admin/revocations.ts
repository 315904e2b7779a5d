/** Tokens that are revoked before they expire. Express Gateway has nothing like it. */
import type { Context } from 'hono';
import type { ConsumerStore } from '../consumers/store.ts';
import { readOptionalBody, readStrictBody } from './body.ts';
import { findConsumer } from './find-consumer.ts';
import { momentOfRevocation, tokenRevocation } from './inputs.ts';
import { membersOf } from './json-schema.ts';
import { orRefuse } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { schemaOf, schemas } from './schemas.ts';
import { momentJson } from './wire.ts';

export const revocationRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/revocations/tokens',
    summary: 'Revoke one token',
    body: schemaOf('TokenRevocation'),
    answer: { status: 204 },
    refusals: [],
    async handle(context, store) {
      const body = await readStrictBody(context, membersOf(schemas.TokenRevocation));
      orRefuse(await store.revokeToken(tokenRevocation(body)));
      return context.body(null, 204);
    },
  },
  {
    method: 'put',
    path: '/revocations/consumers/:consumer',
    summary: "Revoke a consumer's tokens that were issued before a moment; a user's with its applications'",
    body: schemaOf('MomentOfRevocation'),
    bodyIsOptional: true,
    answer: { status: 200, schema: schemaOf('RevokedBefore') },
    refusals: [404, 409],
    handle: (context, store) => revoke(context, store, (name) => findConsumer(store, name)),
  },
  {
    method: 'put',
    path: '/revocations/all',
    summary: 'Revoke all tokens that were issued before a moment',
    body: schemaOf('MomentOfRevocation'),
    bodyIsOptional: true,
    answer: { status: 200, schema: schemaOf('RevokedBefore') },
    refusals: [],
    handle: (context, store) => revoke(context, store, () => 'all'),
  },
];

type Whose = Parameters<ConsumerStore['revokeIssuedBefore']>[0];

async function revoke(
  context: Context,
  store: ConsumerStore,
  findWhose: (name: string) => Whose | Promise<Whose>,
): Promise<Response> {
  const body = await readOptionalBody(context, membersOf(schemas.MomentOfRevocation));
  const name = parameter(context, 'consumer');
  const outcome = await store.revokeIssuedBefore(await findWhose(name), momentOfRevocation(body));
  return context.json(momentJson('issuedBefore', orRefuse(outcome, name)));
}
