import { type Segment, templateOf } from '../../lambda/config/route-template.ts';
import { decodeLeniently } from './request.ts';

/** The resource of an API that receives a request. */
export interface Route {
  /** Its path, such as `/orders/{id}`: `event.resource` and `context.resourcePath`. */
  readonly resource: string;
  /** Values percent-decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type Router = (rawPath: string) => Route | undefined;

/**
 * API Gateway's choice: the most specific resource wins, segment by segment a literal before `{param}` before
 * `{proxy+}`; where the rest of a path leads nowhere, the next best is tried. Paths are compared as they were
 * sent: neither decoded nor normalised, and one slash at the end does not count.
 *
 * @param resources paths of resources, as `resourcesOf` gives them.
 * @returns undefined for a path that no resource takes (API Gateway: 403 Missing Authentication Token).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
 */
export function createRouter(resources: readonly string[]): Router {
  const root: Node = { literals: new Map() };
  for (const resource of resources) insert(root, resource);
  return (rawPath) => {
    const found = find(root, segmentsOf(rawPath), []);
    return found && { resource: found.resource, pathParameters: Object.fromEntries(found.values) };
  };
}

interface Node {
  readonly literals: Map<string, Node>;
  param?: { readonly name: string; readonly node: Node };
  greedy?: { readonly name: string; readonly resource: string };
  resource?: string;
}

interface Found {
  readonly resource: string;
  readonly values: readonly (readonly [string, string])[];
}

function insert(root: Node, resource: string): void {
  let node = root;
  for (const segment of templateOf(resource)) {
    if (segment.kind === 'greedy') {
      node.greedy = { name: segment.name, resource };
      return;
    }
    node = childOf(node, segment);
  }
  node.resource = resource;
}

function childOf(node: Node, segment: Exclude<Segment, { kind: 'greedy' }>): Node {
  if (segment.kind === 'param') {
    node.param ??= { name: segment.name, node: { literals: new Map() } };
    return node.param.node;
  }
  const child = node.literals.get(segment.text) ?? { literals: new Map() };
  node.literals.set(segment.text, child);
  return child;
}

function find(node: Node, rest: readonly string[], values: Found['values']): Found | undefined {
  const [text, ...after] = rest;
  if (text === undefined)
    return node.resource === undefined ? undefined : { resource: node.resource, values };
  const literal = node.literals.get(text);
  const { param, greedy } = node;
  return (
    (literal && find(literal, after, values)) ??
    // An empty segment (`//`) is no value: only a greedy resource takes such a path.
    (param && text !== ''
      ? find(param.node, after, [...values, [param.name, decodeLeniently(text)]])
      : undefined) ??
    (greedy && {
      resource: greedy.resource,
      values: [...values, [greedy.name, decodeLeniently(rest.join('/'))]],
    })
  );
}

function segmentsOf(rawPath: string): readonly string[] {
  if (rawPath === '/') return [];
  const segments = rawPath.slice(1).split('/');
  return segments.length > 1 && segments.at(-1) === '' ? segments.slice(0, -1) : segments;
}
