import {
  isCanonicalPath,
  matchesPath,
  parseTemplate,
  relationOf,
  templateOf,
} from '../config/route-template.ts';
import type { RouteRule } from '../config/types.ts';
import { type Denial, deny } from './denial.ts';
import { type AuthorizationRequest, EventMalformed } from './request.ts';
import type { Observe } from './trace.ts';

/**
 * Whether a caller may use the route of a request: it needs the scopes of every rule that matches.
 *
 * The resource that API Gateway matched decides, not the path: base path mappings, encodings and trailing
 * slashes make paths unreliable. Only where a rule holds for a part of a resource must the path tell, and
 * then it must have one reading only.
 * @throws EventMalformed for a TOKEN event, which does not say the resource, and for a resource that no API has.
 */
export function authorize(
  request: AuthorizationRequest,
  rules: readonly RouteRule[],
  { scopes, observe }: { scopes: readonly string[]; observe?: Observe | undefined },
): Denial | undefined {
  const scoped = rules.filter((rule) => rule.scopes.length > 0);
  if (scoped.length === 0) return undefined;
  if (request.resource === undefined) {
    throw new EventMalformed('routes with scopes need an authorizer of type REQUEST; deploy the stack again');
  }
  const resource = parseTemplate(request.resource);
  // What is wrong with it is not told: it would go into the log.
  if (typeof resource === 'string') throw new EventMalformed('the resource is none of an API');
  let path: string | undefined;
  for (const rule of scoped.filter(({ methods }) => holdsForMethod(methods, request.method))) {
    for (const declared of rule.paths) {
      const template = templateOf(declared);
      const relation = relationOf(template, resource);
      if (relation === 'disjoint') continue;
      if (relation === 'partial') {
        path ??= reliablePath(request);
        if (path !== undefined && !matchesPath(template, path)) continue;
      }
      const missing = rule.scopes.filter((scope) => !scopes.includes(scope));
      const isUnknown = relation === 'partial' && path === undefined;
      const code = isUnknown ? 'path_not_canonical' : missing.length > 0 ? 'scope_missing' : undefined;
      observe?.({ step: 'rule', rule, path: declared, missing, code });
      if (code !== undefined) return deny(code);
    }
  }
  return undefined;
}

/** API Gateway answers HEAD through GET's method where a client would use either, so GET's rule holds for it. */
export function holdsForMethod(methods: readonly string[] | undefined, method: string): boolean {
  if (methods === undefined || methods.includes(method)) return true;
  return method === 'HEAD' && methods.includes('GET');
}

/** The path, if it has one reading and the event's two spellings of it agree (they do not under a base path). */
function reliablePath({ path, methodArn }: AuthorizationRequest): string | undefined {
  if (path === undefined || !isCanonicalPath(path)) return undefined;
  return withoutTrailingSlash(path) === withoutTrailingSlash(methodArn.path) ? path : undefined;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
