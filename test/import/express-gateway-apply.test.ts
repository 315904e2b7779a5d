/** How records are made: in which order, in one step each, and what meanwhile may come in between. */
import { describe, expect, it } from 'vitest';
import { type ApiRequest, type ConsumerApi, Unreachable } from '../../bin/consumers/consumer-api.ts';
import { Interrupted } from '../../bin/consumers/failure.ts';
import { applyPlan } from '../../bin/import/express-gateway/apply.ts';
import { type Plan, planImport } from '../../bin/import/express-gateway/plan.ts';
import { select } from '../../bin/import/express-gateway/select.ts';
import { app, credential, SECRET, user } from './express-gateway-source.ts';

const ann = user('ann', { isActive: false });
const shop = app(ann.id, 'shop', { isActive: false });
const selection = select({
  ...{ users: [ann], apps: [shop], scopes: ['read'], unread: new Map(), maybeIncomplete: false },
  credentials: [credential(shop.id, 'k', { isActive: false, scopes: ['read'], color: 'red' })],
});

type Answer = readonly [status: number, body?: string];

/** Records writes; reads find nothing. */
function target(answer: (request: ApiRequest) => Answer | undefined = () => undefined) {
  const writes: ApiRequest[] = [];
  const api: ConsumerApi = {
    async send(request) {
      if (request.method !== 'GET') writes.push(request);
      const usual: Answer = request.method === 'GET' && request.path !== '/scopes' ? [404] : [200, '{}'];
      const [status, text = ''] = answer(request) ?? usual;
      return { status, text };
    },
    close: async () => undefined,
  };
  return { api, writes };
}

const states = ({ users, apps, credentials }: Plan) =>
  [...users, ...apps, ...credentials].map(({ state }) => state);

const isPostTo = (path: string, request: ApiRequest) => request.method === 'POST' && request.path === path;

describe('applyPlan', () => {
  it('makes each record after what it hangs on, in one write: inactive ones are never active', async () => {
    const { api, writes } = target();
    await applyPlan(api, await planImport(api, selection), () => undefined);
    const { createdAt: _, updatedAt: __, ...annsBody } = ann;
    const { createdAt: ___, updatedAt: ____, ...shopsBody } = shop;
    const fields = { keyId: 'k', keySecret: SECRET, scopes: ['read'], isActive: false, color: 'red' };
    expect(writes).toEqual([
      { method: 'POST', path: '/scopes', body: { scopes: ['read'] } },
      { method: 'POST', path: '/users', body: annsBody },
      { method: 'POST', path: '/apps', body: shopsBody },
      {
        ...{ method: 'POST', path: '/credentials' },
        body: { consumerId: shop.id, type: 'jwt', credential: fields },
      },
    ]);
  });

  it('waits for a record that a killed run was making, until it is given up', async () => {
    let refusals = 2;
    const { api } = target((request) => {
      if (!isPostTo('/users', request) || refusals === 0) return undefined;
      refusals -= 1;
      return [409, 'that id is taken'];
    });
    const plan = await planImport(api, selection);
    await applyPlan(api, plan, () => undefined);
    expect(states(plan)).toEqual(['created', 'created', 'created']);
  });

  it('skips what another run has made meanwhile', async () => {
    let isThere = false;
    const { api } = target((request) => {
      if (request.path === `/users/${ann.id}` && isThere) return [200, JSON.stringify(ann)];
      if (!isPostTo('/users', request)) return undefined;
      isThere = true;
      return [409, 'that id is taken'];
    });
    const plan = await planImport(api, selection);
    await applyPlan(api, plan, () => undefined);
    expect(states(plan)).toEqual(['same', 'created', 'created']);
  });

  it('makes the scopes that are left when another run has made some meanwhile', async () => {
    let isThere = false;
    const many = { ...selection, scopes: ['a', 'b'] };
    const { api, writes } = target((request) => {
      if (request.path !== '/scopes') return undefined;
      if (request.method === 'GET') return [200, isThere ? '{"scopes":["a"]}' : '{"scopes":null}'];
      if (isThere) return [201];
      isThere = true;
      return [409, 'One or more scopes already exist.'];
    });
    await applyPlan(api, await planImport(api, many), () => undefined);
    expect(writes.filter(({ path }) => path === '/scopes').map(({ body }) => body)).toEqual([
      { scopes: ['a', 'b'] },
      { scopes: ['b'] },
    ]);
  });

  it('makes scopes 50 at a time', async () => {
    const many = { ...selection, scopes: Array.from({ length: 101 }, (_, index) => `s${index}`) };
    const { api, writes } = target();
    await applyPlan(api, await planImport(api, many), () => undefined);
    const sizes = writes.map(({ body }) => (body as { scopes?: string[] }).scopes?.length);
    expect(sizes.slice(0, 3)).toEqual([50, 50, 1]);
  });

  it('stops at a signal: what is under way is ended, and no more begun', async () => {
    const controller = new AbortController();
    const { api, writes } = target((request) => {
      if (isPostTo('/users', request)) controller.abort();
      return undefined;
    });
    const plan = await planImport(api, selection);
    await expect(applyPlan(api, plan, () => undefined, controller.signal)).rejects.toThrow(Interrupted);
    expect(states(plan)).toEqual(['created', 'create', 'create']);
    expect(writes.map(({ path }) => path)).toEqual(['/scopes', '/users']);
  });

  it('stops where the place is away: nothing is tried that hangs on what was not made', async () => {
    const { api, writes } = target((request) => (isPostTo('/apps', request) ? [503, 'away'] : undefined));
    const plan = await planImport(api, selection);
    await expect(applyPlan(api, plan, () => undefined)).rejects.toThrow(Unreachable);
    expect(states(plan)).toEqual(['created', 'create', 'create']);
    expect(writes.map(({ path }) => path)).toEqual(['/scopes', '/users', '/apps']);
  });
});

describe('planImport', () => {
  it.each([
    [{}, 'same'],
    [{ issuedBefore: '2026-01-01T00:00:00.000Z' }, 'same'],
    [{ colour: 'red' }, 'differs'],
  ])('a user that is here with %j beside: %s', async (more, state) => {
    const { api } = target(({ path }) =>
      path === `/users/${ann.id}` ? [200, JSON.stringify({ ...ann, ...more })] : undefined,
    );
    expect(states(await planImport(api, { ...selection, apps: [], credentials: [] }))).toEqual([state]);
  });
});
