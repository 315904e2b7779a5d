/** Creates users and applications. The order of the writes is argued in make-record.ts. */
import { randomUUID } from 'node:crypto';
import { type Item, optional } from './attributes.ts';
import { claimName } from './claim-name.ts';
import { getItem, getLiveItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { put } from './dynamodb-write.ts';
import { applicationProblems, invalid, userProblems } from './input.ts';
import { applicationClaimKey, applicationLinkKey, type Kind, recordKey, usernameClaimKey } from './items.ts';
import { findUser } from './lookup.ts';
import { makeRecord } from './make-record.ts';
import type { Application, User } from './model.ts';
import { applicationItem, userItem } from './records.ts';
import { type Draft, putLink } from './requests.ts';
import type { ConsumerStore, NewApplication, NewUser } from './store.ts';
import { isPending, taken } from './taken.ts';

/** @param nowMs milliseconds since 1970. */
export async function createUser(
  table: Table,
  input: NewUser,
  nowMs: number,
): ReturnType<ConsumerStore['createUser']> {
  const problems = userProblems(input);
  if (problems.length > 0) return invalid(problems);
  if (input.id !== undefined && (await hasId(table, 'app', input.id))) return { ok: false, code: 'id_taken' };
  const user = newUser(input, nowMs);
  const draft = draftOf('user', user, userItem(user), nowMs);
  const failure = await makeRecord(table, draft, {
    traces: [],
    steps: () =>
      claimName(table, usernameClaimKey(user.username), claimant('user', user, user.username, nowMs)),
  });
  if (failure === undefined) return { ok: true, value: user };
  if (failure === 'exists') return taken('id_taken', await isPending(table, recordKey('user', user.id)));
  return taken('username_taken', failure === 'being_made');
}

/** @param nowMs milliseconds since 1970. */
export async function createApplication(
  table: Table,
  input: NewApplication,
  nowMs: number,
): ReturnType<ConsumerStore['createApplication']> {
  const problems = applicationProblems(input);
  if (problems.length > 0) return invalid(problems);
  if (input.id !== undefined && (await hasId(table, 'user', input.id)))
    return { ok: false, code: 'id_taken' };
  const owner = await findUser(table, input.userId);
  if (owner === undefined) return { ok: false, code: 'user_not_found' };
  const application = newApplication(input, owner.id, nowMs);
  const draft = draftOf('app', application, applicationItem(application), nowMs);
  const link = applicationLinkKey(owner.id, application.id);
  const failure = await makeRecord(table, draft, {
    traces: [link],
    steps: async () => {
      await put(table, putLink(link, draft.attempt));
      // After the link: whoever deletes the user either is seen here, or sees the link.
      if (!(await getLiveItem(table, recordKey('user', owner.id)))) return 'user_not_found';
      const claim = applicationClaimKey(application.name, owner.id);
      return claimName(table, claim, claimant('app', application, application.name, nowMs));
    },
  });
  if (failure === undefined) return { ok: true, value: application };
  if (failure === 'user_not_found') return { ok: false, code: failure };
  if (failure === 'exists')
    return taken('id_taken', await isPending(table, recordKey('app', application.id)));
  return taken('application_name_taken', failure === 'being_made');
}

/** One id for a user and an application would let a credential of the one be made for the other. */
const hasId = async (table: Table, kind: Kind, id: string): Promise<boolean> =>
  (await getItem(table, recordKey(kind, id))) !== undefined;

const claimant = (
  kind: 'user' | 'app',
  { id: recordId }: User | Application,
  name: string,
  nowMs: number,
) => ({
  kind,
  recordId,
  name,
  nowMs,
});

function newUser(input: NewUser, nowMs: number): User {
  return {
    id: input.id ?? randomUUID(),
    username: input.username,
    ...optional('firstname', input.firstname),
    ...optional('lastname', input.lastname),
    ...optional('email', input.email),
    ...newState(input, nowMs),
  };
}

function newApplication(input: NewApplication, userId: string, nowMs: number): Application {
  return { id: input.id ?? randomUUID(), userId, name: input.name, ...newState(input, nowMs) };
}

function newState(input: NewUser | NewApplication, nowMs: number) {
  const createdAt = new Date(nowMs).toISOString();
  return {
    ...optional('redirectUri', input.redirectUri),
    isActive: input.isActive ?? true,
    createdAt,
    updatedAt: createdAt,
    properties: input.properties ?? {},
  };
}

const draftOf = (kind: Kind, { id, createdAt }: User | Application, fields: Item, nowMs: number): Draft => ({
  kind,
  id,
  fields,
  createdAt,
  startedAtMs: nowMs,
  // The id may be given, and be that of another maker.
  attempt: randomUUID(),
});
