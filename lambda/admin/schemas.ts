/**
 * What goes in and out of the Admin API. The routes take the names of members from here; the values are the
 * store's to check (`lambda/consumers/input.ts`).
 */
import { exactly, freely, type JsonSchema, listOf } from './json-schema.ts';

const text: JsonSchema = { type: 'string', maxLength: 2_048 };
const name: JsonSchema = { type: 'string', minLength: 1, maxLength: 256 };
const printable: JsonSchema = { type: 'string', pattern: '^[!-~]{1,256}$' };
const givenId: JsonSchema = {
  type: 'string',
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'For records that come from elsewhere. Without one, a random one is drawn.',
};
const flag: JsonSchema = { type: 'boolean' };
const activeAtFirst: JsonSchema = { type: 'boolean', default: true };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const oneOrMore = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, listOf(schema)] });

const secret: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 16_384,
  description: 'An HMAC secret. Without one and without a publicKey, 64 random bytes are drawn.',
};
const key = {
  keySecret: secret,
  publicKey: { type: 'string', maxLength: 16_384, description: 'PEM: SPKI, PKCS#1 or X.509' },
  algorithm: { type: 'string', description: 'What the publicKey verifies' },
} as const satisfies Record<string, JsonSchema>;

const times = { createdAt: time, updatedAt: time };
const moment: JsonSchema = {
  anyOf: [time, { type: 'integer', minimum: 1, description: 'Seconds since 1970' }],
};
const issuedBefore: JsonSchema = { ...time, description: 'Tokens that were issued before then are revoked' };
const person = { firstname: text, lastname: text, email: text, redirectUri: text };
const personNames = Object.keys(person);

const credential = {
  id: { ...printable, description: 'The keyId' },
  keyId: { ...printable, description: 'The sub of its tokens' },
  scopes: listOf(printable),
  consumerId: { ...name, description: 'The id of a user or an application' },
  type: { const: 'jwt' },
  isActive: flag,
  ...times,
  issuer: { ...text, description: 'The iss whose tokens may name it' },
  apiKey: { ...text, description: 'The value of an API key of a usage plan' },
  apiKeyId: { ...text, description: 'The id of that key, where it was made with the credential' },
  plan: { ...name, description: 'The usage plan of that key' },
  expiresAt: { ...time, description: 'It counts as inactive from then on' },
} as const satisfies Record<string, JsonSchema>;
const credentialExtras = ['issuer', 'apiKey', 'apiKeyId', 'plan', 'expiresAt'];

export const schemas = {
  User: freely({ id: name, username: name, ...person, isActive: flag, ...times, issuedBefore }, [
    ...personNames,
    'issuedBefore',
  ]),
  NewUser: freely({ id: givenId, username: name, ...person, isActive: activeAtFirst }, [
    'id',
    ...personNames,
    'isActive',
  ]),
  UserChanges: freely(Object.fromEntries(personNames.map((field) => [field, orNull(text)])), personNames),
  Application: freely(
    { id: name, userId: name, name, redirectUri: text, isActive: flag, ...times, issuedBefore },
    ['redirectUri', 'issuedBefore'],
  ),
  NewApplication: freely(
    {
      id: givenId,
      userId: { ...name, description: 'The id or the username of its owner' },
      name,
      redirectUri: text,
      isActive: activeAtFirst,
    },
    ['id', 'redirectUri', 'isActive'],
  ),
  ApplicationChanges: freely({ name, redirectUri: orNull(text) }, ['name', 'redirectUri']),
  Credential: freely(credential, credentialExtras),
  CredentialWithSecret: {
    ...freely({ ...credential, keySecret: { type: 'string' } }, [...credentialExtras, 'keySecret']),
    description: 'With its keySecret, which is shown this once; a credential with a publicKey has none.',
  },
  NewCredential: exactly(
    {
      consumerId: { ...name, description: 'The id or name of a user or an application' },
      type: { const: 'jwt' },
      credential: { $ref: '#/components/schemas/CredentialInput' },
    },
    ['credential'],
  ),
  CredentialInput: freely(
    {
      keyId: { ...printable, description: 'The sub of its tokens; without one, 128 random bits are drawn' },
      ...key,
      scopes: orNull(oneOrMore(printable)),
      issuer: credential.issuer,
      apiKey: credential.apiKey,
      plan: { ...name, description: 'A usage plan: an API key is made for it, and goes with the credential' },
      isActive: activeAtFirst,
      expiresAt: moment,
    },
    ['keyId', ...Object.keys(key), 'scopes', 'issuer', 'apiKey', 'plan', 'isActive', 'expiresAt'],
  ),
  NewKey: exactly(
    {
      ...key,
      overlapSeconds: {
        type: 'integer',
        minimum: 0,
        maximum: 31_536_000,
        default: 86_400,
        description: 'How long the key until now goes on to verify',
      },
    },
    [...Object.keys(key), 'overlapSeconds'],
  ),
  State: exactly({ status: { type: 'boolean', description: 'Whether it shall be active' } }),
  StateChange: exactly({
    status: {
      type: 'string',
      enum: ['Activated', 'Deactivated', 'Active', 'Inactive'],
      description: 'Active and Inactive: it was so before',
    },
  }),
  TokenRevocation: exactly(
    {
      tokenHash: {
        type: 'string',
        pattern: '^[A-Za-z0-9_-]{43}$',
        description: 'The token: SHA-256 of its header.payload, base64url. This, or its jti',
      },
      jti: { type: 'string', minLength: 1, maxLength: 8_192 },
      issuer: { type: 'string', minLength: 1, maxLength: 8_192, description: 'The iss beside the jti' },
      expiresAt: {
        ...moment,
        description: 'When the token expires: it is kept that long. Without it, for ever',
      },
    },
    ['tokenHash', 'jti', 'issuer', 'expiresAt'],
  ),
  MomentOfRevocation: exactly(
    { issuedBefore: { ...moment, description: 'The default is now; not to come' } },
    ['issuedBefore'],
  ),
  RevokedBefore: exactly({
    issuedBefore: { ...time, description: 'The moment that counts: a later one that was given before stays' },
  }),
  NewScopes: exactly({ scopes: oneOrMore(printable) }),
  ScopesOfCredential: exactly({ scopes: { ...listOf(printable), maxItems: 200 } }),
} as const satisfies Record<string, JsonSchema>;

/** @returns a reference to a schema, as it stands in the description of a route. */
export const schemaOf = (name: keyof typeof schemas): JsonSchema => ({
  $ref: `#/components/schemas/${name}`,
});

/** The `start` of the next page; 0 at the end. */
export const nextKey: JsonSchema = { anyOf: [{ type: 'string' }, { const: 0 }] };

/** A page of a list. */
export const pageOf = (list: string, item: keyof typeof schemas): JsonSchema =>
  exactly({
    [list]: listOf(schemaOf(item)),
    nextKey,
  });
