import * as v from 'valibot';
import { listOf } from './list.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { driftCheckSchema, type RawFile, restApiSchema } from './schema.ts';
import { parseSelector } from './selector.ts';
import type { RestApiAttachment } from './types.ts';
import { validate } from './validate.ts';

/** The section but for its driftCheck settings, which are validated under their own path. */
const sectionShape = v.object(
  { ...restApiSchema.entries, driftCheck: v.optional(v.unknown()) },
  restApiSchema.message,
);

const EVERY_MINUTES = 60;

/**
 * The API to attach to. Problems are added to `problems`; what is returned beside them is not to be used.
 * @returns undefined where there is no such section.
 */
export function parseRestApi(file: RawFile, problems: Problem[]): RestApiAttachment | undefined {
  if (file.restApi === undefined) return undefined;
  for (const option of ['upstream', 'cors'] as const) {
    if (file[option] !== undefined && file[option] !== false)
      problems.push({
        code: 'needs_own_api',
        path: option,
        message: `cannot stand beside restApi: it is a setting of an API that the stack makes, and the one that exists has its own; leave ${option} or restApi out`,
      });
  }
  const { value, problems: shape } = validate(sectionShape, file.restApi, 'restApi');
  problems.push(...shape);
  if (value === undefined) return undefined;
  const driftCheck = parseDriftCheck(value.driftCheck, problems);
  return {
    id: value.id,
    stages: [...new Set(listOf(value.stages))],
    routes: parseSelectors(value.routes, problems),
    takeOver: value.takeOver ?? false,
    deployPendingChanges: value.deployPendingChanges ?? false,
    onDetach: value.onDetach ?? 'restore',
    ...(driftCheck !== undefined && { driftCheck }),
    attachWith: value.attachWith ?? 'deployment',
  };
}

function parseSelectors(
  routes: string | readonly string[] | undefined,
  problems: Problem[],
): RestApiAttachment['routes'] {
  return listOf(routes).flatMap((text, i) => {
    const selector = parseSelector(text);
    if (typeof selector !== 'string') return selector;
    const path = typeof routes === 'string' ? 'restApi.routes' : `restApi.routes[${i}]`;
    problems.push({ code: 'route_invalid', path, message: `got ${quote(text)}: ${selector}` });
    return [];
  });
}

function parseDriftCheck(value: unknown, problems: Problem[]): RestApiAttachment['driftCheck'] {
  if (value === false) return undefined;
  const given = value === undefined || value === true ? {} : value;
  const { value: raw, problems: shape } = validate(driftCheckSchema, given, 'restApi.driftCheck');
  problems.push(...shape);
  return { everyMinutes: raw?.everyMinutes ?? EVERY_MINUTES, reattach: raw?.reattach ?? false };
}
