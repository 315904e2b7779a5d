/**
 * As much of API Gateway's control plane as API keys and usage plans need, on the loopback: over HTTP, so that the
 * SDK's own requests, retries and errors are seen.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
 */
import { text } from 'node:stream/consumers';
import { serve } from '../keys/support.ts';
import { callTo, failed, type RestAnswer, type RestCall, type RestRoute, send } from './rest-protocol.ts';

export type Operation =
  | 'CreateApiKey'
  | 'GetApiKeys'
  | 'DeleteApiKey'
  | 'CreateUsagePlanKey'
  | 'GetUsagePlans';

/** `lost`: no answer, before or after it took effect. */
export type Trouble =
  | { readonly error: string; readonly status: number }
  | { readonly lost: 'before' | 'after' };

export interface ModelKey {
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
}

export interface ControlPlane {
  readonly origin: string;
  readonly keys: Map<string, ModelKey>;
  /** Usage plans by id, with the ids of their keys. */
  readonly plans: Map<string, { readonly name: string; readonly keys: Set<string> }>;
  /** Every request, the SDK's own repetitions included. */
  readonly asked: Operation[];
  /** How often the values of keys were asked for. */
  readonly valuesAsked: () => number;
  /** What goes wrong with the n-th request, from 1, of an operation. */
  trouble(operation: Operation, nth: number): Trouble | undefined;
  /** Items on a page. */
  pageSize: number;
  close(): Promise<void>;
}

const notFound = failed('NotFoundException', 404);

/** @param plans their names; the ids are `plan1`, `plan2`, … */
export async function startControlPlane(...plans: readonly string[]): Promise<ControlPlane> {
  let count = 0;
  let valuesAsked = 0;
  const server = await serve(async (request, response) => {
    const call = callTo(ROUTES, request, await text(request));
    if (call === undefined) return send(response, notFound);
    model.asked.push(call.operation);
    if (call.query.get('includeValues') === 'true') valuesAsked += 1;
    const nth = model.asked.filter((operation) => operation === call.operation).length;
    const trouble = model.trouble(call.operation, nth);
    if (trouble !== undefined && 'error' in trouble)
      return send(response, failed(trouble.error, trouble.status));
    if (trouble?.lost === 'before') return request.socket.destroy();
    const answer = act(call);
    if (trouble?.lost === 'after') return request.socket.destroy();
    return send(response, answer);
  });

  function act({ operation, target, query, body }: RestCall<Operation>): RestAnswer {
    const id = target['id'] ?? '';
    switch (operation) {
      case 'CreateApiKey':
        return createKey(body);
      case 'GetApiKeys':
        return page(
          [...model.keys].filter(([, { name }]) => isFound(name, query.get('name'))),
          query,
        );
      case 'GetUsagePlans':
        return page(
          [...model.plans].map(([planId, { name }]) => [planId, { name }]),
          query,
        );
      case 'DeleteApiKey':
        for (const { keys } of model.plans.values()) keys.delete(id);
        return model.keys.delete(id) ? { status: 202 } : notFound;
      case 'CreateUsagePlanKey': {
        const keyId = String(body['keyId']);
        const plan = model.plans.get(id);
        if (plan === undefined || !model.keys.has(keyId)) return notFound;
        if (plan.keys.has(keyId)) return failed('ConflictException', 409);
        plan.keys.add(keyId);
        return { status: 201, body: { id: keyId, type: 'API_KEY' } };
      }
    }
  }

  function createKey({ name, value, enabled }: Readonly<Record<string, unknown>>): RestAnswer {
    const text = String(value);
    if (!/^[A-Za-z0-9]{20,128}$/.test(text)) return failed('BadRequestException', 400);
    if ([...model.keys.values()].some((key) => key.value === text)) return failed('ConflictException', 409);
    count += 1;
    const id = `key${count}`;
    model.keys.set(id, { name: String(name), value: text, enabled: enabled === true });
    return { status: 201, body: { id, name, value, enabled } };
  }

  /** `position` is where the next page starts. */
  function page(entries: readonly (readonly [string, object])[], query: URLSearchParams): RestAnswer {
    const start = Number(query.get('position') ?? 0);
    const end = start + model.pageSize;
    const withoutValues = entries.slice(start, end).map(([id, item]) => ({
      ...item,
      id,
      ...(query.get('includeValues') !== 'true' && { value: undefined }),
    }));
    return {
      status: 200,
      body: { item: withoutValues, ...(end < entries.length && { position: String(end) }) },
    };
  }

  const model: ControlPlane = {
    origin: server.origin,
    keys: new Map(),
    plans: new Map(plans.map((name, i) => [`plan${i + 1}`, { name, keys: new Set<string>() }])),
    asked: [],
    valuesAsked: () => valuesAsked,
    trouble: () => undefined,
    pageSize: 500,
    close: () => server.close(),
  };
  return model;
}

/** As API Gateway searches: a prefix, in any case. */
const isFound = (name: string, query: string | null): boolean =>
  query === null || name.toLowerCase().startsWith(query.toLowerCase());

const ROUTES: readonly RestRoute<Operation>[] = [
  ['POST', '/apikeys', 'CreateApiKey'],
  ['GET', '/apikeys', 'GetApiKeys'],
  ['DELETE', '/apikeys/{id}', 'DeleteApiKey'],
  ['POST', '/usageplans/{id}/keys', 'CreateUsagePlanKey'],
  ['GET', '/usageplans', 'GetUsagePlans'],
];
