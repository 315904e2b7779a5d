/** API keys of API Gateway, over HTTP against a model of its control plane. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiKeys, Plan } from '../../lambda/consumers/api-keys.ts';
import { openApiKeysLater } from '../../lambda/consumers/open-api-keys.ts';
import { setVariables } from '../keys/aws.ts';
import { type ControlPlane, startControlPlane, type Trouble } from '../support/api-gateway.ts';

const TABLE = 'credentials';
const GOLD: Plan = { id: 'plan1', name: 'gold' };
const THROTTLED: Trouble = { error: 'TooManyRequestsException', status: 429 };
const DENIED: Trouble = { error: 'AccessDeniedException', status: 403 };
const UNAVAILABLE = { name: 'ApiKeysUnavailable' };

let plane: ControlPlane;
let restore: () => void;
let apiKeys: ApiKeys;

beforeEach(async () => {
  plane = await startControlPlane('gold', 'silver', 'gold-2');
  restore = setVariables({
    ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    AWS_ENDPOINT_URL_API_GATEWAY: plane.origin,
  });
  apiKeys = openApiKeysLater({ tableName: TABLE });
});
afterEach(async () => {
  restore();
  await plane.close();
});

const idsIn = (plan: string) => [...(plane.plans.get(plan)?.keys ?? [])];
const addKey = (id: string, name: string) =>
  plane.keys.set(id, { name, value: `${id}abcdefghijklmnopqrst`, enabled: true });

describe('a plan', () => {
  test('is found by its name or its id, on whatever page it is', async () => {
    plane.pageSize = 1;
    expect(await apiKeys.findPlan('silver')).toEqual({ ok: true, value: { id: 'plan2', name: 'silver' } });
    expect(await apiKeys.findPlan('plan3')).toEqual({ ok: true, value: { id: 'plan3', name: 'gold-2' } });
    expect(plane.asked).toHaveLength(6);
  });

  test('that is not there is told with those that are', async () => {
    expect(await apiKeys.findPlan('Gold')).toEqual({
      ok: false,
      code: 'plan_unknown',
      plans: ['gold', 'silver', 'gold-2'],
    });
  });

  test('is not guessed where several have the name; the id tells', async () => {
    plane.plans.set('plan4', { name: 'gold', keys: new Set() });
    expect(await apiKeys.findPlan('gold')).toEqual({
      ok: false,
      code: 'plan_ambiguous',
      plans: ['plan1', 'plan4'],
    });
    expect(await apiKeys.findPlan('plan4')).toMatchObject({ ok: true, value: { id: 'plan4' } });
  });

  test('of a configuration is known without asking, and no other is', async () => {
    const ofStack = openApiKeysLater({ tableName: TABLE, planIds: new Map([['silver', 'plan2']]) });
    expect(await ofStack.findPlan('silver')).toEqual({ ok: true, value: { id: 'plan2', name: 'silver' } });
    expect(await ofStack.findPlan('gold')).toEqual({ ok: false, code: 'plan_unknown', plans: ['silver'] });
    expect(plane.asked).toEqual([]);
  });
});

describe('an API key', () => {
  test('is named after its credential and its table, is 64 letters and digits, and is in the plan', async () => {
    const { id, value } = await apiKeys.create('ann/1', GOLD);
    expect(plane.keys.get(id)).toEqual({ name: 'ann/1 (credentials)', value, enabled: true });
    expect(value).toMatch(/^[0-9a-f]{64}$/);
    expect(idsIn('plan1')).toEqual([id]);
    const other = await apiKeys.create('ann/2', GOLD);
    expect(other.value).not.toBe(value);
    expect(plane.keys.size).toBe(2);
  });

  test('takes the place of what earlier tries left, and of nothing that is called alike', async () => {
    addKey('left', 'k (credentials)');
    addKey('left2', 'k (credentials)');
    addKey('longer', 'k (credentials)2');
    addKey('upper', 'K (credentials)');
    addKey('elsewhere', 'k (other)');
    plane.pageSize = 1;
    const { id } = await apiKeys.create('k', GOLD);
    expect([...plane.keys.keys()].sort()).toEqual(['elsewhere', id, 'longer', 'upper'].sort());
  });

  test('is made in three calls, none of which asks for values', async () => {
    await apiKeys.create('k', GOLD);
    expect(plane.asked).toEqual(['GetApiKeys', 'CreateApiKey', 'CreateUsagePlanKey']);
    expect(plane.valuesAsked()).toBe(0);
  });

  test('is deleted by its id, once or again', async () => {
    const { id } = await apiKeys.create('k', GOLD);
    await apiKeys.delete(id);
    expect([plane.keys.size, idsIn('plan1')]).toEqual([0, []]);
    await apiKeys.delete(id);
  });

  test('waits while API Gateway has too many requests', async () => {
    plane.trouble = (_, nth) => (nth <= 2 ? THROTTLED : undefined);
    const { id } = await apiKeys.create('k', GOLD);
    expect([[...plane.keys.keys()], idsIn('plan1')]).toEqual([[id], [id]]);
    await apiKeys.delete(id);
    expect(plane.keys.size).toBe(0);
  });

  test.each(['GetApiKeys', 'CreateApiKey', 'CreateUsagePlanKey'] as const)(
    'is made once, where the answer to %s is lost',
    async (operation) => {
      for (const lost of ['before', 'after'] as const) {
        plane.asked.splice(0);
        plane.trouble = (asked, nth) => (asked === operation && nth === 1 ? { lost } : undefined);
        const { id, value } = await apiKeys.create(lost, GOLD);
        expect(plane.keys.get(id)).toMatchObject({ name: `${lost} (credentials)`, value });
        expect(idsIn('plan1')).toContain(id);
      }
      expect(plane.keys.size).toBe(2);
    },
  );

  test('is deleted, where the answer is lost', async () => {
    const { id } = await apiKeys.create('k', GOLD);
    plane.trouble = (operation, nth) =>
      operation === 'DeleteApiKey' && nth === 1 ? { lost: 'after' } : undefined;
    await apiKeys.delete(id);
    expect(plane.keys.size).toBe(0);
  });

  test('is taken back when it cannot be added to its plan', async () => {
    await expect(apiKeys.create('k', { id: 'gone', name: 'gone' })).rejects.toMatchObject(UNAVAILABLE);
    expect(plane.keys.size).toBe(0);
  });

  test('that a kill left between the steps is deleted by the next try', async () => {
    plane.trouble = (operation) =>
      operation === 'CreateUsagePlanKey' || operation === 'DeleteApiKey' ? DENIED : undefined;
    await expect(apiKeys.create('k', GOLD)).rejects.toMatchObject(UNAVAILABLE);
    const [left] = plane.keys.keys();
    expect(left).toBeDefined();
    plane.trouble = () => undefined;
    const { id } = await apiKeys.create('k', GOLD);
    expect([[...plane.keys.keys()], idsIn('plan1')]).toEqual([[id], [id]]);
  });
});

describe('what API Gateway does not do', () => {
  test.each([
    ['findPlan', () => apiKeys.findPlan('gold')],
    ['create', () => apiKeys.create('k', GOLD)],
    ['delete', () => apiKeys.delete('key1')],
  ])('is told by its name alone: %s', async (_, call) => {
    plane.trouble = () => DENIED;
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(UNAVAILABLE);
    expect(String(error)).toContain('AccessDeniedException');
    expect(String(error)).not.toContain('key1');
  });
});
