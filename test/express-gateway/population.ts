/** Consumers as years of use leave them, made through Express Gateway's own Admin API. */
export type Row = Readonly<Record<string, unknown>>;

export interface Population {
  readonly keyIds: readonly string[];
  /** keyIds of active apps whose user is inactive: Express Gateway never looks at the owner. */
  readonly ofActiveAppsOfInactiveUsers: readonly string[];
  /** keyIds whose consumer was deleted: what the original leaves behind of it is not listed any more. */
  readonly ofDeleted: readonly string[];
  readonly otherTypes: number;
}

const USERS = 200;
const APPS = 50;
const CREDENTIALS = 300;
const KEY_AUTHS = 7;

export async function populate(adminUrl: string): Promise<Population> {
  const call = caller(adminUrl);
  await call('POST', '/scopes', { scopes: ['read', 'write', 'admin'] });
  const users = await each(USERS, (n) =>
    call('POST', '/users', { username: `user${n}`, firstname: 'F', lastname: `L${n}`, plan: `p${n % 3}` }),
  );
  const ownerOf = (n: number) => users[(n * 4) % USERS]?.['id'];
  const apps = await each(APPS - 5, (n) => call('POST', '/apps', { userId: ownerOf(n), name: `app${n}` }));
  const inactive = users.filter((_, n) => n % 6 === 0);
  // Takes their apps along.
  for (const { id } of inactive) await call('PUT', `/users/${id}/status`, { status: false });
  const revived = apps.filter(({ userId }) => inactive.some(({ id }) => id === userId)).slice(0, 3);
  for (const { id } of revived) await call('PUT', `/apps/${id}/status`, { status: true });
  // Of an inactive user, and active from the start.
  const late = await each(5, (n) => call('POST', '/apps', { userId: inactive[n]?.['id'], name: `late${n}` }));
  for (const { id } of apps.filter((_, n) => n % 5 === 1)) {
    await call('PUT', `/apps/${id}/status`, { status: false });
  }
  const consumers = [...users, ...apps, ...late];
  const holderOf = (n: number) => consumers[n % consumers.length]?.['id'];
  const credentials = await each(CREDENTIALS, (n) =>
    call('POST', '/credentials', { consumerId: holderOf(n), type: 'jwt', credential: ownKey(n) }),
  );
  const keyIds = credentials.map(({ keyId }) => String(keyId));
  for (const [n, keyId] of keyIds.entries()) await adorn(call, keyId, n);
  await each(KEY_AUTHS, (n) => call('POST', '/credentials', { consumerId: holderOf(n), type: 'key-auth' }));
  await moved(call, keyIds, inactive);
  const lettingIn = new Set([...revived, ...late].map(({ id }) => id));
  return {
    keyIds,
    ofActiveAppsOfInactiveUsers: keyIds.filter((_, n) => lettingIn.has(holderOf(n))),
    ofDeleted: await deleted(call),
    otherTypes: KEY_AUTHS,
  };
}

/** Some bring their own keyId, and a secret that is long enough; the others get both drawn. */
const ownKey = (n: number): Row =>
  n % 2 === 0 ? { keyId: `key-${n}`, keySecret: `secret-${n}-`.padEnd(40, 'x'), color: 'red' } : {};

async function adorn(call: Call, keyId: string, n: number): Promise<void> {
  if (n % 4 === 0) await call('PUT', `/credentials/jwt/${keyId}/scopes/read`);
  if (n % 8 === 0) await call('PUT', `/credentials/jwt/${keyId}/scopes`, { scopes: ['read', 'write'] });
  if (n % 7 === 3) await call('PUT', `/credentials/jwt/${keyId}/status`, { status: false });
}

/** A keyId that is made again belongs to the new consumer from then on: here to one that is inactive. */
async function moved(call: Call, keyIds: readonly string[], inactive: readonly Row[]): Promise<void> {
  const consumerId = inactive[1]?.['id'];
  await call('POST', '/credentials', { consumerId, type: 'jwt', credential: { keyId: keyIds[10] } });
}

async function deleted(call: Call): Promise<readonly string[]> {
  return each(3, async (n) => {
    const person = { username: `gone${n}`, firstname: 'F', lastname: 'L' };
    const { id } = await call('POST', '/users', person);
    const { keyId } = await call('POST', '/credentials', { consumerId: id, type: 'jwt' });
    await call('DELETE', `/users/${id}`);
    return String(keyId);
  });
}

/** One after the other: the original does not keep apart what comes at once. */
async function each<T>(count: number, make: (n: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  for (let n = 0; n < count; n += 1) made.push(await make(n));
  return made;
}

type Call = (method: string, path: string, body?: object) => Promise<Row>;

const caller =
  (adminUrl: string): Call =>
  async (method, path, body) => {
    const response = await fetch(`${adminUrl}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
