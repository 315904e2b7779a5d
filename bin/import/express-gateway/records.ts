/** One record of Express Gateway, as it would be here. */
import { applicationProblems, credentialProblems, userProblems } from '../../../lambda/consumers/input.ts';
import type {
  InputProblem,
  NewApplication,
  NewCredential,
  NewUser,
} from '../../../lambda/consumers/store.ts';
import type { Json } from '../../consumers/consumer-api.ts';
import { textOf } from './text-of.ts';

export type RecordKind = 'user' | 'app' | 'credential';

export interface ImportedRecord {
  readonly kind: RecordKind;
  readonly id: string;
  /** For a person: a username, an app's name, a keyId. */
  readonly name: string;
  /** What creates it, as the Admin API takes it. May hold a secret. */
  readonly body: Json;
  /** What the Admin API then shows of it, without times. */
  readonly shown: Json;
  /** Properties that would mean something else here, or are a secret. */
  readonly leftOut: readonly string[];
  /** Why it cannot be stored. */
  readonly problem: string | undefined;
}

/** RFC 7518 §3.2: a key for HS256 has the size of the hash. */
const HS256_BYTES = 32;

/** Says of a credential what its `keySecret`, which nobody can read, was when it came. */
export const SHORT_SECRET_MARK = 'importedWithShortSecret';

/** Neither are they properties there, or they are secrets that belong to other policies. */
const NO_PROPERTIES = ['createdAt', 'updatedAt', 'password', 'passwordKey', 'autoGeneratePassword'];
/** Free properties there, and something else here. */
const MEANINGFUL = [
  ...['__proto__', 'id', 'properties', 'keySecret', 'credentials'],
  ...[
    'consumerType',
    'ownerUserId',
    'issuer',
    'apiKey',
    'expiresAt',
    'expiresAtSeconds',
    'publicKey',
    'algorithm',
  ],
];

export function importedUser(row: Json): ImportedRecord {
  const { id, username, firstname, lastname, email, redirectUri, isActive, ...rest } = row;
  const { properties, leftOut } = propertiesOf(rest, [...MEANINGFUL, 'scopes']);
  const fields = given({
    id,
    username,
    firstname,
    lastname,
    email,
    redirectUri,
    isActive: isActive === true,
  });
  const shown = { ...properties, ...fields };
  const problems = userProblems({ ...fields, properties } as unknown as NewUser);
  return {
    ...{ kind: 'user', id: textOf(id), name: textOf(username), body: shown, shown },
    ...{ leftOut, problem: problemOf(problems, id) },
  };
}

export function importedApp(row: Json): ImportedRecord {
  const { id, userId, name, redirectUri, isActive, ...rest } = row;
  const { properties, leftOut } = propertiesOf(rest, MEANINGFUL);
  const fields = given({ id, userId, name, redirectUri, isActive: isActive === true });
  const shown = { ...properties, ...fields };
  const problems = applicationProblems({ ...fields, properties } as unknown as NewApplication);
  return {
    ...{ kind: 'app', id: textOf(id), name: textOf(name), body: shown, shown },
    ...{ leftOut, problem: problemOf(problems, id) },
  };
}

/** @param scopes those that it may keep. */
export function importedCredential(row: Json, scopes: readonly string[]): ImportedRecord {
  const { id, keyId: own, keySecret, consumerId, isActive, scopes: all, type, ...rest } = row;
  const keyId = own ?? id;
  const { properties: free, leftOut } = propertiesOf(rest, [...MEANINGFUL, 'apiKeyId', 'plan']);
  const properties = isShort(keySecret) ? { ...free, [SHORT_SECRET_MARK]: true } : free;
  const fields = { keyId, scopes: [...new Set(scopes)].sort(), isActive: isActive === true };
  const problems = credentialProblems({
    ...given({ ...fields, keySecret, consumerId }),
    properties,
  } as unknown as NewCredential);
  return {
    ...{ kind: 'credential', id: textOf(keyId), name: textOf(keyId) },
    body: { consumerId, type, credential: { ...properties, ...given({ ...fields, keySecret }) } },
    shown: { ...properties, id: keyId, ...fields, consumerId, type },
    ...{ leftOut, problem: problemOf([...problems, ...scopesProblem(all)], keyId) },
  };
}

/** Without those that are no names, it would be another credential. */
const scopesProblem = (scopes: unknown): readonly InputProblem[] =>
  [scopes].flat().some((scope) => typeof scope === 'object' && scope !== null)
    ? [{ field: 'scopes', problem: 'must be a list of texts' }]
    : [];

const isShort = (secret: unknown): boolean =>
  typeof secret === 'string' && Buffer.byteLength(secret) < HS256_BYTES;

function propertiesOf(rest: Json, meaningful: readonly string[]) {
  const entries = Object.entries(rest).filter(([name]) => !NO_PROPERTIES.includes(name));
  const dropped = Object.keys(rest).filter((name) => name === 'password');
  return {
    properties: Object.fromEntries(entries.filter(([name]) => !meaningful.includes(name))),
    leftOut: [...dropped, ...entries.map(([name]) => name).filter((name) => meaningful.includes(name))],
  };
}

const given = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** @param id without one, another would be drawn. */
function problemOf(problems: readonly InputProblem[], id: unknown): string | undefined {
  if (id === undefined) return 'it has no id';
  return problems.length === 0
    ? undefined
    : problems.map(({ field, problem }) => `${field} ${problem}`).join(', ');
}
