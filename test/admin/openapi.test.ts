/** The description that the Admin API gives of itself, held against what it does. */
import { beforeAll, describe, expect, test } from 'vitest';
import { adminRoutes, createAdminApp } from '../../lambda/admin/app.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { accepts } from '../config/json-schema.ts';
import { type Call, GOOD, REFUSED, SETTING } from './openapi-calls.ts';
import { send, useAdminServer } from './server.ts';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<'schemas' | 'securitySchemes', Readonly<Record<string, object>>>>;
}

const admin = useAdminServer();
const json = { 'content-type': 'application/json' };
let document: Document;
let text: string;

/** A store all of whose methods fail. */
const broken = (error: Error): ConsumerStore =>
  new Proxy({} as ConsumerStore, { get: () => () => Promise.reject(error) });

beforeAll(async () => {
  text = await (await createAdminApp({ store: broken(new Error()) }).request('/openapi.json')).text();
  document = JSON.parse(text);
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

/** The operation that a call is one of. */
function operationOf({ method, path }: Call): Operation {
  const [wanted = ''] = path.split('?');
  const found = operations().filter(
    (each) =>
      each.method === method && new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(wanted),
  );
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`not one operation: ${method} ${path}`);
  return first.operation;
}

/** Whether the schema accepts it, as far as the tests' own validator goes. */
function conforms(schema: object, value: unknown): boolean {
  const plain = (part: object): unknown =>
    JSON.parse(JSON.stringify(part), (key, member) => {
      if (['format', 'default', 'maxItems', 'maxLength'].includes(key)) return undefined;
      return member?.type === 'null' ? { enum: [null] } : member;
    });
  return accepts(plain(schema), value, { components: plain(document.components) });
}

const request = ({ method, path, body }: Call, headers: Record<string, string> = {}): Promise<Answer> =>
  send(`${admin().url}${path}`, {
    method: method.toUpperCase(),
    headers: { ...(body !== undefined && json), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
type Answer = Awaited<ReturnType<typeof send>>;

describe('the description', () => {
  test('is served as JSON, and names each route once', async () => {
    const answer = await admin().call('GET', '/openapi.json');
    expect(answer).toMatchObject({ status: 200, text });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const described = operations().map(({ method, path }) => `${method} ${path}`);
    const routes = adminRoutes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual(routes.sort());
    expect(described).toHaveLength(31);
  });

  test('is an OpenAPI 3.1 document', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: expect.any(String), version: expect.any(String) },
    });
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations()) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath).toEqual(inPath.map((parameter) => ({ ...parameter, required: true })));
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(operation.summary).not.toBe('');
      for (const { description } of Object.values(operation.responses)) expect(description).toMatch(/\w/);
    }
    for (const scheme of document.security.flatMap((one) => Object.keys(one)))
      expect(document.components.securitySchemes).toHaveProperty(scheme);
  });

  test('refers to schemas that are there, and has none that nothing refers to', () => {
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect([...new Set(references)].sort()).toEqual(Object.keys(document.components.schemas).sort());
    expect(text.split('"$ref"')).toHaveLength(references.length + 1);
  });

  test('holds no example, and secrets only where they are shown once or given', () => {
    expect(text).not.toMatch(/"examples?":/);
    const withSecret = Object.entries(document.components.schemas)
      .filter(([, schema]) => JSON.stringify(schema).includes('keySecret'))
      .map(([name]) => name);
    expect(withSecret).toEqual(['CredentialWithSecret', 'CredentialInput', 'NewKey']);
  });
});

describe('what is described is so', () => {
  const seen = new Map<string, Set<number>>();
  const note = (call: Call, status: number) => {
    const operation = operationOf(call);
    expect(operation.responses, `${call.method} ${call.path}`).toHaveProperty([String(status)]);
    seen.set(operation.operationId, (seen.get(operation.operationId) ?? new Set()).add(status));
    return operation;
  };

  test('each operation succeeds, takes what it says it takes, and answers so', async () => {
    expect(GOOD).toHaveLength(operations().length);
    for (const call of GOOD) {
      const answer = await request(call);
      const operation = note(call, answer.status);
      expect(answer.status, `${call.method} ${call.path}: ${answer.text}`).toBeLessThan(300);
      const taken = operation.requestBody?.content?.['application/json']?.schema;
      expect(taken === undefined).toBe(call.body === undefined);
      if (taken) expect(conforms(taken, call.body), JSON.stringify(call.body)).toBe(true);
      const given = operation.responses[answer.status]?.content?.['application/json']?.schema;
      expect(given === undefined, answer.text).toBe(answer.text === '');
      if (given) expect(conforms(given, answer.json), answer.text).toBe(true);
    }
  });

  test('a schema refuses what it does not describe, so that the test above would see it', () => {
    const user = { $ref: '#/components/schemas/User' };
    expect(conforms(user, {})).toBe(false);
    expect(conforms({ $ref: '#/components/schemas/State' }, { status: true, more: 1 })).toBe(false);
  });

  test('what is refused is refused as text', async () => {
    for (const call of SETTING) expect((await request(call)).status).toBeLessThan(300);
    for (const call of REFUSED) {
      const { status, headers } = await request(call);
      note(call, status);
      expect(status, `${call.method} ${call.path}`).toBeGreaterThanOrEqual(400);
      expect(headers.get('content-type')).toMatch(/^text\/plain/);
    }
  });

  test('bodies that are bad, too large or of another type', async () => {
    for (const call of GOOD.filter(({ body }) => body !== undefined)) {
      const statuses = [];
      for (const [body, type] of [
        ['{', 'application/json'],
        [`{"x":"${'x'.repeat(102_400)}"}`, 'application/json'],
        ['{}', 'text/plain'],
      ] as const) {
        const init = { method: call.method.toUpperCase(), headers: { 'content-type': type }, body };
        const { status } = await send(`${admin().url}${call.path}`, init);
        note(call, status);
        statuses.push(status);
      }
      expect(statuses).toEqual([400, 413, 415]);
    }
  });

  test('foreign pages, faults and outages', async () => {
    for (const call of GOOD) {
      expect((await request(call, { origin: 'https://evil.example' })).status).toBe(403);
      note(call, 403);
      // Nothing can go wrong with the description itself, beyond what no test can bring about.
      if (call.path === '/openapi.json') continue;
      for (const [error, expected] of [
        [new Error(), 500],
        [new StoreUnavailable('away'), 503],
      ] as const) {
        const app = createAdminApp({ store: broken(error) });
        const init = { method: call.method.toUpperCase(), headers: json };
        const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
        const { status } = await app.request(call.path, { ...init, ...body });
        expect(status, `${call.method} ${call.path}`).toBe(expected);
        note(call, status);
      }
    }
  });

  test('no status is described that was not seen', () => {
    for (const { operation } of operations()) {
      const described = Object.keys(operation.responses).map(Number);
      const unseen = described.filter((status) => !seen.get(operation.operationId)?.has(status));
      expect([operation.operationId, unseen]).toEqual([
        operation.operationId,
        operation.operationId === 'getOpenapiJson' ? [500] : [],
      ]);
    }
  });
});
