import { listOf } from './list.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { formatTemplate, parseTemplate } from './route-template.ts';
import { HTTP_METHODS, type RawRoute, routeSchema } from './schema.ts';
import { isScope } from './scope.ts';
import type { RouteRule } from './types.ts';
import { validate } from './validate.ts';

/** A method's ARN has 1,600 bytes in API Gateway, its path included. */
const MAXIMUM_PATH_LENGTH = 1600;

/** One rule of `routes`. Problems are added to `problems`; what is returned beside them is not to be used. */
export function parseRoute(
  value: unknown,
  { at, problems }: { at: string; problems: Problem[] },
): RouteRule | undefined {
  const { value: raw, problems: shape } = validate(routeSchema, value, at);
  problems.push(...shape);
  return raw && parseRule(raw, { at, problems });
}

function parseRule(raw: RawRoute, { at, problems }: { at: string; problems: Problem[] }): RouteRule {
  const paths = listOf(raw.paths).flatMap((path, i) => {
    const isLong = path.length > MAXIMUM_PATH_LENGTH;
    const segments = isLong ? `a path has at most ${MAXIMUM_PATH_LENGTH} characters` : parseTemplate(path);
    if (typeof segments !== 'string') return formatTemplate(segments);
    problems.push({
      code: 'route_invalid',
      path: `${at}.paths[${i}]`,
      message: `got ${quote(path)}: ${segments}`,
    });
    return [];
  });
  const methods = listOf(raw.methods).map((method) => method.toUpperCase());
  for (const method of methods) {
    if (method !== '*' && method !== 'ANY' && !HTTP_METHODS.includes(method)) {
      problems.push({
        code: 'route_invalid',
        path: `${at}.methods`,
        message: `got ${quote(method)}; give ${HTTP_METHODS.join(', ')}, or * for all`,
      });
    }
  }
  const scopes = listOf(raw.scopes);
  for (const scope of scopes) {
    if (!isScope(scope)) {
      problems.push({
        code: 'route_invalid',
        path: `${at}.scopes`,
        message: `got ${quote(scope)}; a scope has no spaces, quotes or backslashes; give several as a list`,
      });
    }
  }
  const everyMethod = methods.length === 0 || methods.some((method) => method === '*' || method === 'ANY');
  return { paths, scopes, ...(!everyMethod && { methods }) };
}
