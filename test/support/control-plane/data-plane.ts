/**
 * Which method of which deployment answers a request: API Gateway's routing over a snapshot.
 *
 * The choice of a resource is `bin/local/resource-router.ts`. On top of it: only resources count that have the verb or
 * `ANY`. AWS answers `OPTIONS /test` from `/{proxy+}` where `/test` has a POST alone, and from `ANY /test/any` rather
 * than from `OPTIONS /{proxy+}`: recorded (LocalStack, test_proxy_routing_with_hardcoded_resource_sibling). So a
 * method that is added or goes away moves requests to another.
 */
import { createRouter, type Router } from '../../../bin/local/resource-router.ts';
import type { Instant, Release } from './history.ts';
import type { Definition, Method } from './shapes.ts';

export interface Answered {
  /** The resource's path. */
  readonly resource: string;
  readonly method: Method;
}

/** @returns undefined where no method answers (403 Missing Authentication Token). */
export function answering(definition: Definition, httpMethod: string, path: string): Answered | undefined {
  const { router, methods } = tableOf(definition, httpMethod);
  const resource = router(path)?.resource;
  const method = resource === undefined ? undefined : methods.get(resource);
  return resource !== undefined && method !== undefined ? { resource, method } : undefined;
}

/** The methods that a verb can meet, by path. */
interface Table {
  readonly router: Router;
  readonly methods: ReadonlyMap<string, Method>;
}

/** A snapshot never changes, so its tables are made once. */
const tables = new WeakMap<Definition, Map<string, Table>>();

function tableOf(definition: Definition, httpMethod: string): Table {
  const known = tables.get(definition) ?? new Map<string, Table>();
  tables.set(definition, known);
  const table = known.get(httpMethod) ?? newTable(definition, httpMethod);
  known.set(httpMethod, table);
  return table;
}

function newTable({ resources }: Definition, httpMethod: string): Table {
  const methods = new Map<string, Method>();
  for (const { path, methods: all } of resources.values()) {
    const method = all.get(httpMethod) ?? all.get('ANY');
    if (method !== undefined) methods.set(path, method);
  }
  return { router: createRouter([...methods.keys()]), methods };
}

/**
 * What a request to a stage meets: one entry for each deployment that may answer it, two with a canary.
 *
 * @param path without the stage.
 */
export function evaluate(
  { served }: Instant,
  { stage, httpMethod, path }: { readonly stage: string; readonly httpMethod: string; readonly path: string },
): { readonly release: Release; readonly answered: Answered | undefined }[] {
  return (served.get(stage) ?? []).map((release) => ({
    release,
    answered: answering(release.deployment.definition, httpMethod, path),
  }));
}
