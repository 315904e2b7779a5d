import { relationOf, templateOf } from '../../../lambda/config/route-template.ts';
import type { Notes } from './finding.ts';
import type { Endpoint, Gateway, Pipeline } from './read.ts';
import { type ImportedEndpoint, type ImportedRule, importEndpoint, isScoped } from './routes.ts';

/**
 * The endpoints that come to a pipeline. Of pipelines that name the same endpoint, Express Gateway asks the last.
 */
export function endpointsOf(pipelines: readonly Pipeline[], gateway: Gateway): readonly Endpoint[] {
  return gateway.endpoints.filter(({ name }) => {
    const last = gateway.pipelines.findLast((pipeline) => pipeline.endpoints.includes(name));
    return last !== undefined && pipelines.includes(last);
  });
}

/** What is odd about how pipelines and endpoints name each other. */
export function checkEndpointNames({ endpoints, pipelines }: Gateway, notes: Notes): void {
  for (const { name, at } of endpoints) {
    const holders = pipelines.filter((pipeline) => pipeline.endpoints.includes(name));
    if (holders.length === 0) {
      notes.warn(
        'endpoint_without_pipeline',
        at,
        'no pipeline has it, and Express Gateway answers 404; here every token opens its paths',
      );
    }
    if (holders.length > 1) {
      const last = holders.at(-1)?.at;
      notes.warn(
        'endpoint_in_several_pipelines',
        at,
        `Express Gateway asks the last pipeline alone, ${last}, and so does the import`,
      );
    }
  }
  const known = new Set(endpoints.map(({ name }) => name));
  for (const pipeline of pipelines) {
    if (pipeline.endpoints.some((name) => !known.has(name))) {
      notes.warn(
        'endpoint_unknown',
        `${pipeline.at}.apiEndpoints`,
        'it names an endpoint that does not exist',
      );
    }
  }
}

/**
 * The rules of endpoints with scopes.
 * @param guarded the endpoints of the pipelines that are imported.
 * @param others endpoints that have no token's check in Express Gateway. Their scopes are asked for all the
 * same, since here a token opens their paths too.
 * @param hasScopeSource whether callers can have scopes: without, rules would deny everybody.
 */
export function rulesOf(
  { guarded, others, hasScopeSource }: GuardedEndpoints,
  notes: Notes,
): readonly ImportedRule[] {
  const scopedOthers = others.filter(({ settings }) => isScoped(settings));
  if (!hasScopeSource && [...guarded, ...scopedOthers].some(({ settings }) => isScoped(settings))) {
    const message =
      'left out, since callers have none: nothing is looked up (checkCredentialExistence: false), and Express Gateway never checked them; name the claim of the token that has them with --scope-claim';
    notes.warn('scopes_left_out', 'apiEndpoints', message);
    return [];
  }
  for (const { at } of scopedOthers) {
    notes.warn(
      'scopes_without_jwt',
      `${at}.scopes`,
      'no jwt policy stands before it in Express Gateway; here it needs a token with these scopes',
    );
  }
  const imported = [...guarded, ...scopedOthers].flatMap((endpoint) => importEndpoint(endpoint, notes) ?? []);
  const scoped = imported.filter(({ rule }) => rule.scopes.length > 0);
  if (scoped.length === 0) return [];
  notes.warn(
    'scopes_now_enforced',
    'apiEndpoints',
    "Express Gateway's jwt policy never checked these scopes; here a caller without them gets 403, so bind them to credentials first",
  );
  tellOverlaps(imported, notes);
  return scoped.map(({ rule }) => rule);
}

export interface GuardedEndpoints {
  readonly guarded: readonly Endpoint[];
  readonly others: readonly Endpoint[];
  readonly hasScopeSource: boolean;
}

/** What an endpoint kept apart, and an authorizer does not. */
export function tellLimits(guarded: readonly Endpoint[], notes: Notes): void {
  for (const { at, settings } of guarded) {
    if (!takesEveryHost(settings)) {
      notes.warn(
        'host_left_out',
        `${at}.host`,
        'an authorizer sees no host: what is written holds on every host that its API has',
      );
    }
  }
  if (!guarded.some(({ settings }) => takesEveryRequest(settings))) {
    notes.warn(
      'paths_not_limited',
      'apiEndpoints',
      'Express Gateway answers 404 to what no endpoint names; here every path of the API is passed on when the token is right',
    );
  }
}

export function takesEveryHost({ host, hostRegex }: Endpoint['settings']): boolean {
  return !hostRegex && (!host || host === '*');
}

/** Whether it takes every path and method of its hosts. */
export function takesEveryRequest({ paths, path, pathRegex, methods }: Endpoint['settings']): boolean {
  const isEveryPath = [paths || path || '*'].flat().some((one) => one === '*' || one === '/*');
  return isEveryPath && !pathRegex && (!methods || methods === '*');
}

/** Express takes the first endpoint that matches; here the scopes of all that match are needed. */
function tellOverlaps(endpoints: readonly ImportedEndpoint[], notes: Notes): void {
  for (const [i, first] of endpoints.entries()) {
    for (const second of endpoints.slice(i + 1)) {
      const isMore = second.rule.scopes.some((scope) => !first.rule.scopes.includes(scope));
      if (!isMore || !overlap(first.rule, second.rule)) continue;
      notes.warn(
        'rules_overlap',
        second.at,
        `requests that ${first.at} takes in Express Gateway match here too, and need the scopes of both`,
      );
    }
  }
}

function overlap(a: ImportedRule, b: ImportedRule): boolean {
  const sharesMethod =
    a.methods === undefined || b.methods === undefined || a.methods.some((m) => b.methods?.includes(m));
  const sharesPath = a.paths.some((path) =>
    b.paths.some((other) => relationOf(templateOf(path), templateOf(other)) !== 'disjoint'),
  );
  return sharesMethod && sharesPath;
}
