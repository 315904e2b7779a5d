/** How users, applications and credentials of lines are looked for. */
import { type ConsumerApi, call, type Json, pathTo, Refused } from '../../consumers/consumer-api.ts';
import { CommandFailure } from '../../consumers/failure.ts';
import { openHolderIds } from './holder-ids.ts';
import type { Find } from './line-kind.ts';

/** By the id where a line gives one, else by the username. */
export const findUserOf =
  (api: ConsumerApi): Find =>
  async ({ id, username }) => {
    const user = await read(api, 'users', id ?? username);
    if (typeof user === 'string') return user;
    if (user['username'] === username) return 'there';
    throw new CommandFailure('has the id of another user; give another, or none');
  };

/** A name belongs to one user: that another one has an app of that name is nothing in the way. */
export function findAppOf(api: ConsumerApi): Find {
  const users = openHolderIds(api, ['users']);
  return async ({ id, userId, name }) => {
    const app = await read(api, 'apps', id ?? name);
    if (typeof app === 'string') return app;
    if (app['name'] === name && (await users.isIdOf(app['userId'], userId))) return 'there';
    if (id === undefined) return 'absent';
    throw new CommandFailure('has the id of another app; give another, or none');
  };
}

export function findCredentialOf(api: ConsumerApi): Find {
  const consumers = openHolderIds(api, ['users', 'apps']);
  return async ({ consumerId, credential }) => {
    const found = await read(api, 'credentials', 'jwt', (credential as Json)['keyId']);
    if (typeof found === 'string') return found;
    if (await consumers.isIdOf(found['consumerId'], consumerId)) {
      const given = credential as Json;
      const other = (['issuer', 'plan'] as const).find(
        (field) => given[field] !== undefined && given[field] !== found[field],
      );
      if (other === undefined) return 'there';
      const change = other === 'plan' ? 'remove' : 'update';
      throw new CommandFailure(
        `has a keyId that is there with another ${other}; choose another, or ${change} that one`,
      );
    }
    throw new CommandFailure('has a keyId that another consumer holds; choose another, or remove that one');
  };
}

/** Reads show no key of a credential. @returns whether a body gives one. */
export const givesKey = ({ credential }: Json): boolean => {
  const { keySecret, publicKey } = credential as Json;
  return keySecret !== undefined || publicKey !== undefined;
};

async function read(api: ConsumerApi, ...names: readonly unknown[]): Promise<Json | 'absent' | 'unknown'> {
  // Dots are folders in a URL; what is no text names nothing, which its creation says.
  const canBeRead = names.every((name): name is string => typeof name === 'string' && /[^.]/.test(name));
  if (!canBeRead) return 'unknown';
  try {
    return await call(api, { method: 'GET', path: pathTo(...names) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 404) return 'absent';
    // A name that stands for several.
    if (error.status === 409) return 'unknown';
    throw error;
  }
}
