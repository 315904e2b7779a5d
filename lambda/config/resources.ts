import { formatTemplate, isGreedy, type Segment, templateOf } from './route-template.ts';
import type { RouteRule } from './types.ts';

/**
 * The resources of an API that stands in front of `upstream` (the stack's own, and the local gateway's):
 * `/`, the catch-all `/{proxy+}`, and every path that a rule names with the paths above it, so that
 * `event.resource` tells which rules hold.
 *
 * API Gateway allows one variable child a resource. Where rules ask for more, `{proxy+}` wins over
 * `{param}` (it takes all that the parameter would) and the first parameter's name over later ones; a rule
 * that ends up inside a greedy resource is decided on the path (see `keying.ts`).
 *
 * @returns the resources' paths, sorted, `/` first.
 */
export function resourcesOf(routes: readonly RouteRule[]): readonly string[] {
  const root: Node = { literals: new Map(), variable: { segment: CATCH_ALL, node: leaf() } };
  const templates = routes.flatMap((rule) => rule.paths.map(templateOf));
  // Greedy ones first, and shallow before deep: what they swallow must never become a resource.
  const greedy = templates.filter(isGreedy).sort((a, b) => a.length - b.length);
  for (const template of greedy) insert(root, template);
  for (const template of templates) insert(root, template);
  return ['/', ...paths(root, [])].sort();
}

interface Node {
  readonly literals: Map<string, Node>;
  variable?: { readonly segment: Segment; readonly node: Node };
}

const CATCH_ALL: Segment = { kind: 'greedy', name: 'proxy' };

function leaf(): Node {
  return { literals: new Map() };
}

function insert(root: Node, template: readonly Segment[]): void {
  let node: Node | undefined = root;
  for (const segment of template) {
    node = childFor(node, segment);
    if (node === undefined) return;
  }
}

/** @returns the node for one more segment, or undefined when a greedy child swallows it. */
function childFor(node: Node, segment: Segment): Node | undefined {
  if (segment.kind === 'literal') {
    const child = node.literals.get(segment.text) ?? leaf();
    node.literals.set(segment.text, child);
    return child;
  }
  if (node.variable?.segment.kind === 'greedy') return undefined;
  node.variable ??= { segment, node: leaf() };
  return node.variable.node;
}

function paths(node: Node, above: readonly Segment[]): string[] {
  const found: string[] = [];
  const visit = (segment: Segment, child: Node) => {
    const here = [...above, segment];
    found.push(formatTemplate(here), ...paths(child, here));
  };
  for (const [text, child] of node.literals) visit({ kind: 'literal', text }, child);
  if (node.variable) visit(node.variable.segment, node.variable.node);
  return found;
}
