import { isDeepStrictEqual } from 'node:util';
import type { Notes } from './finding.ts';
import type { Pipeline, Step } from './read.ts';
import { missingVariables } from './variables.ts';

const MAX_AGE_SECONDS = 86_400;
const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

/** `cors` of the configuration, where the pipelines agree on it and it is simple. What is not is left out, and said. */
export function corsOf(
  pipelines: readonly Pipeline[],
  notes: Notes,
): Readonly<Record<string, unknown>> | undefined {
  const perPipeline = pipelines.map(({ steps }) => steps.filter(({ policy }) => policy === 'cors'));
  const steps = perPipeline.flat();
  const [first] = steps;
  if (first === undefined) return undefined;
  const isEverywhere = perPipeline.every(({ length }) => length === 1);
  const why = isEverywhere ? whyNot(steps, pipelines) : 'the pipelines do not agree on it';
  const settings = why === undefined ? settingsOf(first) : undefined;
  if (settings === undefined) {
    const reason = why ?? whyNoOrigin(first);
    notes.warn('cors_left_out', first.at, `${reason}; set cors yourself`);
  } else if (!('allowHeaders' in settings)) {
    const message =
      'Express Gateway allows whatever headers a page asks for; here the one of the token and content-type, unless cors.allowHeaders names more';
    notes.leaveOut('option_left_out', `${first.at}.allowedHeaders`, message);
  }
  return settings;
}

function whyNot(steps: readonly Step[], pipelines: readonly Pipeline[]): string | undefined {
  if (missingVariables(steps.map(({ action }) => action)).length > 0) return 'a variable in it is missing';
  if (steps.some(({ condition }) => condition !== undefined)) return 'it has a condition';
  if (steps.some(({ action }) => !isDeepStrictEqual(action, steps[0]?.action)))
    return 'the pipelines do not agree on it';
  // Behind the token's check it never sees a preflight, which has no token.
  const isBehind = pipelines.some(
    ({ steps: all }) =>
      all.findIndex(({ policy }) => policy === 'cors') > all.findIndex(({ policy }) => policy === 'jwt'),
  );
  return isBehind ? 'it stands behind the jwt policy, where preflights never come' : undefined;
}

function settingsOf({ action }: Step): Readonly<Record<string, unknown>> | undefined {
  const { origin = '*', methods = METHODS, allowedHeaders, exposedHeaders, credentials, maxAge } = action;
  // `true` stands for whatever origin asks.
  const origins = Array.isArray(origin) ? origin : [origin];
  if (origins.length === 0 || !origins.every((one) => typeof one === 'string')) return undefined;
  if (listsAny(origin)) return undefined;
  return {
    allowOrigins: origin,
    allowMethods: namesOf(methods),
    ...(allowedHeaders !== undefined && { allowHeaders: namesOf(allowedHeaders) }),
    ...(exposedHeaders !== undefined && { exposeHeaders: namesOf(exposedHeaders) }),
    ...(credentials === true && { allowCredentials: true }),
    ...(typeof maxAge === 'number' && { maxAgeSeconds: Math.min(maxAge, MAX_AGE_SECONDS) }),
  };
}

/** In a list, Express Gateway takes `*` for an origin of that name, which no page has; here it would be any. */
function listsAny(origin: unknown): boolean {
  return Array.isArray(origin) && origin.includes('*');
}

function whyNoOrigin({ action }: Step): string {
  return listsAny(action['origin'])
    ? "'*' in a list of origins allows none in Express Gateway, and here any"
    : 'its origin is none that can be written here';
}

function namesOf(value: unknown): unknown {
  return typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
}
