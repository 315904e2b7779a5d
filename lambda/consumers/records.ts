/** Users, applications and credentials to and from their items; the layout is in items.ts. */
import {
  type Item,
  marshal,
  optional,
  readFlag,
  readJsonObject,
  readOptionalNumber,
  readOptionalText,
  readText,
  readTextSet,
} from './attributes.ts';
import { type Application, type Credential, RecordUnreadable, type User } from './model.ts';

export function userItem(user: User): Item {
  const { id, username, firstname, lastname, email, redirectUri, isActive, createdAt, updatedAt } = user;
  const properties = propertiesText(user.properties);
  return marshal({
    id,
    username,
    firstname,
    lastname,
    email,
    redirectUri,
    isActive,
    createdAt,
    updatedAt,
    properties,
  });
}

/** @throws StoreUnavailable when the item is not a user. */
export function parseUser(item: Item): User {
  return {
    id: readText(item, 'id'),
    username: readText(item, 'username'),
    ...optional('firstname', readOptionalText(item, 'firstname')),
    ...optional('lastname', readOptionalText(item, 'lastname')),
    ...optional('email', readOptionalText(item, 'email')),
    ...optional('redirectUri', readOptionalText(item, 'redirectUri')),
    ...readState(item),
    properties: readJsonObject(item, 'properties'),
    ...optional('issuedBeforeSeconds', readOptionalNumber(item, 'issuedBeforeSeconds')),
  };
}

export function applicationItem(application: Application): Item {
  const { id, userId, name, redirectUri, isActive, createdAt, updatedAt } = application;
  const properties = propertiesText(application.properties);
  return marshal({ id, userId, name, redirectUri, isActive, createdAt, updatedAt, properties });
}

/** @throws StoreUnavailable when the item is not an application. */
export function parseApplication(item: Item): Application {
  return {
    id: readText(item, 'id'),
    userId: readText(item, 'userId'),
    name: readText(item, 'name'),
    ...optional('redirectUri', readOptionalText(item, 'redirectUri')),
    ...readState(item),
    properties: readJsonObject(item, 'properties'),
    ...optional('issuedBeforeSeconds', readOptionalNumber(item, 'issuedBeforeSeconds')),
  };
}

export function credentialItem(credential: Credential): Item {
  const { keyId, type, consumerId, consumerType, ownerUserId, scopes, isActive } = credential;
  const { issuer, apiKey, apiKeyId, plan, expiresAtSeconds, createdAt, updatedAt } = credential;
  const properties = propertiesText(credential.properties ?? {});
  return {
    ...marshal({ keyId, type, consumerId, consumerType, ownerUserId, scopes, isActive }),
    ...marshal({ issuer, apiKey, apiKeyId, plan, expiresAtSeconds, createdAt, updatedAt, properties }),
  };
}

/** @throws StoreUnavailable when the item is not a credential. */
export function parseCredential(item: Item): Credential {
  const properties = readJsonObject(item, 'properties');
  return {
    keyId: readText(item, 'keyId'),
    type: 'jwt',
    consumerId: readText(item, 'consumerId'),
    ...readConsumer(item),
    scopes: readTextSet(item, 'scopes'),
    ...optional('issuer', readOptionalText(item, 'issuer')),
    ...optional('apiKey', readOptionalText(item, 'apiKey')),
    ...optional('apiKeyId', readOptionalText(item, 'apiKeyId')),
    ...optional('plan', readOptionalText(item, 'plan')),
    ...optional('expiresAtSeconds', readOptionalNumber(item, 'expiresAtSeconds')),
    ...readState(item),
    ...optional('properties', Object.keys(properties).length > 0 ? properties : undefined),
  };
}

function readConsumer(item: Item): Pick<Credential, 'consumerType' | 'ownerUserId'> {
  const consumerType = readText(item, 'consumerType');
  // Another type of credential must never pass for a jwt one.
  if (readText(item, 'type') !== 'jwt') throw new RecordUnreadable('credentials table: unknown type');
  if (consumerType === 'user') return { consumerType };
  // Without its owner an application could not be switched off by deactivating its user.
  if (consumerType === 'application') return { consumerType, ownerUserId: readText(item, 'ownerUserId') };
  throw new RecordUnreadable('credentials table: unknown consumerType');
}

function readState(item: Item): Pick<User, 'isActive' | 'createdAt' | 'updatedAt'> {
  return {
    isActive: readFlag(item, 'isActive'),
    createdAt: readText(item, 'createdAt'),
    updatedAt: readText(item, 'updatedAt'),
  };
}

// JSON text rather than a map: any JSON value survives unchanged, whatever DynamoDB's types are.
export function propertiesText(properties: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(properties).length > 0 ? JSON.stringify(properties) : undefined;
}
