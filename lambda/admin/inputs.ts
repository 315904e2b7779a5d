/** Bodies to what the store takes. The store checks all values itself, so that what is wrong is told once. */
import type {
  ApplicationChanges,
  NewApplication,
  NewCredential,
  NewUser,
  TokenRevocation,
  UserChanges,
} from '../consumers/store.ts';
import { assertMembers, type Body } from './body.ts';
import { membersOf } from './json-schema.ts';
import { parseMoment } from './moment.ts';
import { Refusal } from './refusal.ts';
import { schemas } from './schemas.ts';

/** @throws Refusal 400 */
export function newUser(body: Body): NewUser {
  assertMembers(body, ['username']);
  return flat(body, membersOf(schemas.NewUser)) as unknown as NewUser;
}

/** A username stays as it is, as in Express Gateway; its state has a route of its own. */
export function userChanges(body: Body): UserChanges {
  const { username: _, ...changes } = body;
  return flat(changes, membersOf(schemas.UserChanges)) as UserChanges;
}

/** @throws Refusal 400 */
export function newApplication(body: Body): NewApplication {
  assertMembers(body, ['userId', 'name']);
  return flat(body, membersOf(schemas.NewApplication)) as unknown as NewApplication;
}

/** @throws Refusal 400: an application stays with its user. */
export function applicationChanges(body: Body): ApplicationChanges {
  return flat(body, membersOf(schemas.ApplicationChanges)) as ApplicationChanges;
}

/** @throws Refusal 400 */
export function newCredential(body: Body): NewCredential {
  const { consumerId, type, credential = {} } = body;
  assertMembers(body, ['consumerId', 'type']);
  if (type !== 'jwt')
    throw new Refusal(400, `Invalid credential type: ${typeof type === 'string' ? type : '?'}`);
  if (typeof credential !== 'object' || credential === null || Array.isArray(credential)) {
    throw new Refusal(400, 'data.credential must be an object');
  }
  const { expiresAt, scopes, ...rest } = credential as Body;
  return {
    ...flat(
      { ...rest, ...(scopes === undefined ? {} : { scopes: scopeList(scopes) }) },
      membersOf(schemas.CredentialInput),
    ),
    ...(expiresAt === undefined ? {} : { expiresAtSeconds: secondsOf(expiresAt, 'expiresAt') }),
    consumerId: consumerId as string,
  };
}

/** Express Gateway takes one scope as a text too, and `null` for none. */
const scopeList = (scopes: unknown): unknown =>
  typeof scopes === 'string' ? [scopes] : scopes === null ? [] : scopes;

/** @throws Refusal 400 */
export function tokenRevocation(body: Body): TokenRevocation {
  const { expiresAt, tokenHash, ...rest } = body;
  const end =
    expiresAt === undefined ? {} : { expiresAtSeconds: secondsOf(expiresAt, 'expiresAt', Math.ceil) };
  if (tokenHash === undefined) assertMembers(body, ['jti']);
  else if (Object.keys(rest).length > 0)
    throw new Refusal(400, 'data.tokenHash must not stand beside jti and issuer');
  return (tokenHash === undefined ? { ...rest, ...end } : { tokenHash, ...end }) as TokenRevocation;
}

/** @returns seconds since 1970; a part of one counts as a whole. @throws Refusal 400 */
export function momentOfRevocation({ issuedBefore }: Body): number | undefined {
  return issuedBefore === undefined ? undefined : secondsOf(issuedBefore, 'issuedBefore', Math.ceil);
}

/** @param value an ISO 8601 date, or seconds since 1970. @throws Refusal 400 */
function secondsOf(value: unknown, name: string, toWhole = Math.floor): number {
  if (typeof value === 'number') return value;
  const ms = typeof value === 'string' ? parseMoment(value) : undefined;
  if (ms === undefined) throw new Refusal(400, `data.${name} must be an ISO 8601 date`);
  return toWhole(ms / 1000);
}

/** What is no field is a free property; the store refuses the names that mean something else. */
function flat(body: Body, fields: readonly string[]): Record<string, unknown> {
  const known = Object.entries(body).filter(([name]) => fields.includes(name));
  const free = Object.entries(body).filter(([name]) => !fields.includes(name));
  return {
    ...Object.fromEntries(known),
    ...(free.length > 0 && { properties: Object.fromEntries(free) }),
  };
}
