/** The Admin API, as far as the page uses it. Free properties are left out. */
import { ask, Refused } from './ask.ts';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly firstname?: string;
  readonly lastname?: string;
  readonly email?: string;
  readonly isActive: boolean;
  readonly createdAt: string;
}

export interface App {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly createdAt: string;
}

export interface Credential {
  readonly keyId: string;
  readonly consumerId: string;
  readonly scopes: readonly string[];
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly issuer?: string;
  readonly plan?: string;
  readonly expiresAt?: string;
  /** In the answers to a creation and a rotation alone. */
  readonly keySecret?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; undefined at the end. */
  readonly next: string | undefined;
}

const part = encodeURIComponent;

async function page<T>(list: string, path: string, start: string | undefined): Promise<Page<T>> {
  const query = new URLSearchParams({ count: '100', ...(start !== undefined && { start }) });
  const answer = await ask<Record<string, unknown>>('GET', `${path}?${query}`);
  const { nextKey } = answer;
  return { items: answer[list] as T[], next: typeof nextKey === 'string' ? nextKey : undefined };
}

/** @returns undefined for a 404. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}

export const listUsers = (start?: string) => page<User>('users', '/users', start);
export const listApps = (start?: string) => page<App>('apps', '/apps', start);
export const listCredentialsOf = (id: string, start?: string) =>
  page<Credential>('credentials', `/credentials/${part(id)}`, start);

export const findUser = (idOrName: string) => orNothing(ask<User>('GET', `/users/${part(idOrName)}`));
export const findApp = (idOrName: string) => orNothing(ask<App>('GET', `/apps/${part(idOrName)}`));
export const findCredential = (keyId: string) =>
  orNothing(ask<Credential>('GET', `/credentials/jwt/${part(keyId)}`));

export const createUser = (user: Readonly<Record<string, string>>) => ask<User>('POST', '/users', user);
export const createApp = (userId: string, name: string) => ask<App>('POST', '/apps', { userId, name });
export const createCredential = (consumerId: string, credential: Readonly<Record<string, unknown>>) =>
  ask<Credential>('POST', '/credentials', { consumerId, type: 'jwt', credential });

/** @param kind the path's first part. */
export const setActive = (kind: 'users' | 'apps' | 'credentials/jwt', id: string, isActive: boolean) =>
  ask<unknown>('PUT', `/${kind}/${part(id)}/status`, { status: isActive });

export const rotate = (keyId: string, overlapSeconds: number) =>
  ask<Credential>('POST', `/credentials/jwt/${part(keyId)}/rotate`, { overlapSeconds });

export const setScopes = (keyId: string, scopes: readonly string[]) =>
  ask<unknown>('PUT', `/credentials/jwt/${part(keyId)}/scopes`, { scopes });

export const listScopes = async (): Promise<readonly string[]> =>
  (await ask<{ readonly scopes: readonly string[] | null }>('GET', '/scopes')).scopes ?? [];
export const createScope = (scope: string) => ask<unknown>('POST', '/scopes', { scopes: [scope] });
