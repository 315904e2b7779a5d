const ROOT = new URL('../../../', import.meta.url).pathname;
const HERE = new URL('.', import.meta.url).pathname;
const FRAME = /^ +at (?:async )?(?:(?<name>[^(\n]*) \()?(?:file:\/\/)?(?<path>\/[^)]*?)(?::\d+){0,2}\)?$/gm;

/**
 * Who wrote something, by the innermost place in a stack that is no part of Node.js or of the watch: a path of
 * the repository, `package NAME`, or `dist/… FUNCTION` for what was bundled.
 */
export function whoIn(stack) {
  for (const { groups } of stack.matchAll(FRAME)) {
    if (groups.path.startsWith(HERE)) continue;
    const [, bundle] = /\/(dist\/(?:bin|lib|lambda\/\w+)\/)/.exec(groups.path) ?? [];
    if (bundle !== undefined) return `${bundle} ${groups.name ?? ''}`.trim();
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)/.exec(groups.path) ?? [];
    if (name !== undefined) return `package ${name}`;
    return groups.path.startsWith(ROOT) ? groups.path.slice(ROOT.length) : groups.path;
  }
  return 'Node.js';
}

/** Who calls. */
export function who() {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  return whoIn(String(stack));
}
