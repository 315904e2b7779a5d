import { quote } from '../../../lambda/config/quote.ts';
import { HTTP_METHODS } from '../../../lambda/config/schema.ts';
import { isScope } from '../../../lambda/config/scope.ts';
import { translatePath } from './express-path.ts';
import type { Notes } from './finding.ts';
import { type Endpoint, refuseMissing } from './read.ts';
import { missingVariables } from './variables.ts';

/** A rule of `routes`, as `authorizer.config.yml` has it. */
export interface ImportedRule {
  readonly paths: readonly string[];
  /** Undefined: every method. */
  readonly methods?: readonly string[];
  readonly scopes: readonly string[];
}

/** An endpoint in our words. */
export interface ImportedEndpoint {
  readonly at: string;
  readonly rule: ImportedRule;
}

/**
 * What an endpoint means as a rule, for all that is served under it or more.
 * @returns undefined where it never matches a request, or there are problems: added to the notes, though only
 * for endpoints with scopes, since others make no rule.
 */
export function importEndpoint({ settings, at }: Endpoint, notes: Notes): ImportedEndpoint | undefined {
  const isRule = isScoped(settings);
  if (isRule ? !refuseMissing(settings, at, notes) : missingVariables(settings).length > 0) return undefined;
  const scopes = scopesOf(settings['scopes'], at, notes);
  const paths = pathsOf(settings).map((path) => {
    const translation = typeof path === 'string' ? translatePath(path) : undefined;
    if (isRule) tell(path, translation, { at, notes });
    return translation?.templates;
  });
  if (paths.includes(undefined)) return undefined;
  const methods = methodsOf(settings['methods'], { at, notes });
  if (methods?.length === 0) {
    notes.warn(
      'endpoint_never_matches',
      at,
      'it names no method that Express Gateway and API Gateway both have',
    );
    return undefined;
  }
  const templates = [...new Set(paths.flatMap((path) => path ?? []))];
  return { at, rule: { paths: templates, ...(methods && { methods }), scopes } };
}

export function isScoped({ scopes }: Endpoint['settings']): boolean {
  return Array.isArray(scopes) ? scopes.length > 0 : Boolean(scopes);
}

/** A regular expression stands for itself: it is no path that could be translated. */
function pathsOf({ pathRegex, paths, path }: Endpoint['settings']): readonly unknown[] {
  if (pathRegex !== undefined && pathRegex !== null && pathRegex !== '') return [{ pathRegex }];
  const given = paths || path;
  if (given === undefined || given === null || given === '') return ['*'];
  if (!Array.isArray(given)) return [given];
  return given.length === 0 ? ['*'] : given;
}

function tell(
  path: unknown,
  translation: ReturnType<typeof translatePath>,
  { at, notes }: { at: string; notes: Notes },
): void {
  const what = typeof path === 'string' ? quote(path) : 'a regular expression';
  if (translation === undefined) {
    notes.problem(
      'path_untranslatable',
      `${at}.paths`,
      `got ${what}, for which there is no rule but one for every path; write it as plain paths such as /orders/:id and /orders/*`,
    );
  } else if (!translation.isExact) {
    const wide = translation.templates.join(' and ');
    notes.warn(
      'path_widened',
      `${at}.paths`,
      `got ${what}, which becomes ${wide}: its scopes are asked for on more paths than before`,
    );
  }
}

function scopesOf(value: unknown, at: string, notes: Notes): readonly string[] {
  const scopes: readonly unknown[] = Array.isArray(value) ? value : value ? [value] : [];
  const faulty = scopes.find((scope) => !isScope(scope));
  if (faulty !== undefined) {
    notes.problem(
      'value_invalid',
      `${at}.scopes`,
      `got ${quote(faulty)}; a scope is text without spaces, quotes and backslashes; give several as a list`,
    );
  }
  return [...new Set(scopes.filter(isScope))];
}

/** @returns undefined for every method. */
function methodsOf(
  value: unknown,
  { at, notes }: { at: string; notes: Notes },
): readonly string[] | undefined {
  if (!value || value === '*') return undefined;
  const texts = (Array.isArray(value) ? value : String(value).split(',')).map(String);
  const methods = [...new Set(texts.map((text) => text.trim().toUpperCase()))].filter((text) => text !== '');
  if (methods.includes('*') || methods.includes('ALL')) return undefined;
  const [known, others] = [true, false].map((is) =>
    methods.filter((text) => HTTP_METHODS.includes(text) === is),
  );
  for (const method of others ?? []) {
    notes.warn('method_left_out', `${at}.methods`, `got ${quote(method)}, which API Gateway does not have`);
  }
  return known;
}
