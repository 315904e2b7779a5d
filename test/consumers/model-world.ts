/**
 * What must hold of the consumers after any operations, crashed ones included. It remembers only what was
 * acknowledged: after an outage, a record may be as before or as after.
 */
import { expect } from 'vitest';
import type { Application, Credential, User } from '../../lambda/consumers/model.ts';
import type { Page, PageRequest } from '../../lambda/consumers/store.ts';
import type { Workbench } from './workbench.ts';

export const KEY_IDS = ['k0', 'k1', 'k2'];

export class World {
  /** Users and applications whose deletion was acknowledged: ids never come back. */
  readonly gone = new Set<string>();
  /** Ids and keyIds whose deactivation was acknowledged, until anything else is tried on them. */
  readonly inactive = new Set<string>();
  /** KeyIds whose deletion was acknowledged, until one is made anew. */
  readonly goneKeys = new Set<string>();
  readonly #bench: Workbench;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  users = (): Promise<readonly User[]> => all((page) => this.#bench.store.listUsers(page));
  applications = (): Promise<readonly Application[]> =>
    all((page) => this.#bench.store.listApplications(page));

  async check(): Promise<void> {
    const users = await this.users();
    const applications = await this.applications();
    expectUnique(users.map(({ username }) => username));
    expectUnique(applications.map(({ userId, name }) => `${userId} ${name}`));
    for (const { id } of [...users, ...applications]) expect(this.gone).not.toContain(id);
    for (const { username, id } of users) {
      expect(await this.#bench.store.getUser(username)).toMatchObject({ value: { id } });
    }
    for (const keyId of KEY_IDS) await this.#checkKey(keyId);
  }

  async #checkKey(keyId: string): Promise<void> {
    const credential = await this.#bench.reader.readCredential(keyId);
    if (credential === undefined || !(await this.#isActive(credential))) return;
    const { consumerId, ownerUserId } = credential;
    for (const id of [consumerId, ...(ownerUserId === undefined ? [] : [ownerUserId])]) {
      expect(this.gone).not.toContain(id);
      expect(this.inactive).not.toContain(id);
    }
    expect(this.goneKeys).not.toContain(keyId);
    expect(this.inactive).not.toContain(keyId);
  }

  /** As the authorizer decides it. */
  async #isActive(credential: Credential): Promise<boolean> {
    const { user, application } = await this.#bench.reader.readHolder(credential);
    if (!credential.isActive || user?.isActive !== true) return false;
    return credential.consumerType === 'user' || application?.isActive === true;
  }

  /** After the time in which a dead maker may block: each name and keyId is either found or free. */
  async checkFree(usernames: readonly string[], names: readonly string[]): Promise<void> {
    const { store } = this.#bench;
    for (const username of usernames) {
      const isThere = (await this.users()).some((user) => user.username === username);
      expect((await store.createUser({ username })).ok).toBe(!isThere);
    }
    for (const { id: userId } of await this.users()) {
      for (const name of names) {
        const isThere = (await this.applications()).some((app) => app.userId === userId && app.name === name);
        expect((await store.createApplication({ userId, name })).ok).toBe(!isThere);
      }
    }
    const [owner] = await this.users();
    for (const keyId of KEY_IDS) {
      const isThere = (await store.getCredential(keyId)).ok;
      expect((await store.createCredential({ consumerId: owner?.id ?? '', keyId })).ok).toBe(!isThere);
    }
    await store.resumeCleanUp();
    const scopes = await store.listScopes();
    for (const { scopes: bound } of await all((page) => store.listCredentials(page))) {
      for (const scope of bound) expect(scopes).toContain(scope);
    }
  }
}

function expectUnique(names: readonly string[]): void {
  expect(names).toHaveLength(new Set(names).size);
}

async function all<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  return (await list({ limit: 1_000 })).items;
}
