/** What of an Express Gateway's consumers is taken over, and what is not. */
import { isKeyId } from '../../../lambda/consumers/items.ts';
import type { Json } from '../../consumers/consumer-api.ts';
import type { Source } from './read-source.ts';
import { type ImportedRecord, importedApp, importedCredential, importedUser } from './records.ts';
import { textOf } from './text-of.ts';

export interface Selection {
  readonly scopes: readonly string[];
  /** Users, then apps, then credentials: each after what it hangs on. */
  readonly users: readonly ImportedRecord[];
  readonly apps: readonly ImportedRecord[];
  readonly credentials: readonly ImportedRecord[];
  readonly leftOut: LeftOut;
  /** Active apps of inactive users: Express Gateway does not look at the owner. */
  readonly appsThatEnd: readonly string[];
  readonly unread: ReadonlyMap<string, string>;
  readonly maybeIncomplete: boolean;
}

export interface LeftOut {
  /** Credentials of other types: how many of each. */
  readonly otherTypes: Readonly<Record<string, number>>;
  /** keyIds whose consumer is gone: denied there too. */
  readonly withoutConsumer: readonly string[];
  /** Scopes that no scope can be called here. */
  readonly scopes: readonly string[];
  /** keyId: scopes that are not among the gateway's. */
  readonly unknownScopes: Readonly<Record<string, readonly string[]>>;
  /** Property: how many records have it. */
  readonly properties: Readonly<Record<string, number>>;
}

export function select(source: Source): Selection {
  const { unread, maybeIncomplete } = source;
  const scopes = source.scopes.filter(isKeyId);
  const known = new Set(scopes);
  const users = source.users.map(importedUser);
  const apps = source.apps.map(importedApp);
  const consumers = new Set([...users, ...apps].map(({ id }) => id));
  const jwt = source.credentials.filter(({ type }) => type === 'jwt');
  const isHeld = ({ consumerId }: Json) => consumers.has(textOf(consumerId));
  const unknownScopes: Record<string, readonly string[]> = Object.create(null);
  const credentials = jwt.filter(isHeld).map((row) => {
    const all = scopesOf(row);
    const unknown = all.filter((scope) => !known.has(scope));
    if (unknown.length > 0) unknownScopes[textOf(row['keyId'])] = unknown;
    return importedCredential(
      row,
      all.filter((scope) => known.has(scope)),
    );
  });
  return {
    ...{ scopes, users, apps, credentials, unread, maybeIncomplete },
    leftOut: {
      otherTypes: countOf(
        source.credentials.map(({ type }) => textOf(type)).filter((type) => type !== 'jwt'),
      ),
      withoutConsumer: jwt.filter((row) => !isHeld(row)).map(({ keyId }) => textOf(keyId)),
      scopes: source.scopes.filter((scope) => !isKeyId(scope)),
      unknownScopes,
      properties: countOf([...users, ...apps, ...credentials].flatMap(({ leftOut }) => leftOut)),
    },
    appsThatEnd: appsThatEnd(users, apps),
  };
}

/** Kept as JSON there, and empty in several ways. */
function scopesOf({ scopes }: Json): readonly string[] {
  if (Array.isArray(scopes)) return scopes.map(textOf);
  return typeof scopes === 'string' && scopes !== '' ? [scopes] : [];
}

function countOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function appsThatEnd(users: readonly ImportedRecord[], apps: readonly ImportedRecord[]): readonly string[] {
  const inactive = new Set(users.filter(({ shown }) => shown['isActive'] === false).map(({ id }) => id));
  const ending = apps.filter(
    ({ shown }) => shown['isActive'] === true && inactive.has(textOf(shown['userId'])),
  );
  return ending.map(({ id }) => id);
}
