import { formatTemplate, templateOf } from '../config/route-template.ts';
import { HTTP_METHODS } from '../config/schema.ts';
import { formatSelector } from '../config/selector.ts';
import type { Selector } from '../config/types.ts';
import { type MethodName, routeOf } from './live.ts';
import type { Finding } from './plan.ts';
import { compareSpecificity, requestClasses, templateOfResource } from './request-classes.ts';

export interface Selection<M> {
  readonly selected: readonly M[];
  /** Of which only some requests are meant: what the selectors ask for cannot be done. */
  readonly split: readonly M[];
  readonly refusals: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** All but OPTIONS, which is never selected. */
const VERBS = HTTP_METHODS.filter((verb) => verb !== 'OPTIONS');

/**
 * The methods whose requests selectors mean. Selectors speak of requests, API Gateway of methods: which method answers
 * a request depends on all others, so it is asked for each kind of request that there can be.
 *
 * A method that answers requests of both kinds is refused, as a part of it would stay open that somebody believes to be
 * protected. Where only an exclusion parts it, it stays protected as a whole.
 *
 * @param selectors empty: every method. Without a positive one: every method but what they exclude.
 */
export function select<M extends MethodName>(
  methods: readonly M[],
  selectors: readonly Selector[],
): Selection<M> {
  const forbidden = selectors.filter(({ httpMethod, excludes }) => httpMethod === 'OPTIONS' && !excludes);
  const heard = selectors.filter(({ httpMethod }) => httpMethod !== 'OPTIONS');
  const { answers, matching } = survey(methods, heard);
  const meant = methods.filter((method) => answers.get(method)?.meant !== undefined);
  const split = meant.filter((method) => answers.get(method)?.other !== undefined);
  const selected = meant.filter((method) => !split.includes(method));
  const refusals = [
    ...forbidden.map(optionsSelected),
    ...heard.filter((selector) => !matching.has(selector)).map(matchesNothing),
    ...split.map((method) => splits(method, answers.get(method) ?? {})),
  ];
  if (meant.length === 0) refusals.push(NOTHING);
  return {
    selected,
    split,
    refusals,
    warnings: [
      ...selected.flatMap((method) => partlyExcluded(method, answers.get(method)?.excluded)),
      ...selected.filter((method) => takesPreflights(method, methods)).map(withoutOptions),
      ...openBases(methods, heard, (method) => answers.get(method)),
    ],
  };
}

/** Requests that a method answers, one of each kind: `GET /orders/~`. */
interface Answers {
  /** Meant by a selector, and excluded by none. */
  meant?: string;
  /** Excluded, whether meant or not. */
  excluded?: string;
  /** Meant by none. */
  other?: string;
}

function survey<M extends MethodName>(methods: readonly M[], selectors: readonly Selector[]) {
  const resources = [...new Set(methods.map(({ path }) => path))].map((resource) => ({
    template: templateOfResource(resource),
    byVerb: new Map(
      methods.filter(({ path }) => path === resource).map((method) => [method.httpMethod, method]),
    ),
  }));
  const positive = selectors.some(({ excludes }) => !excludes);
  const answers = new Map<M, Answers>();
  const matching = new Set<Selector>();
  const templates = [
    ...resources.map(({ template }) => template),
    ...selectors.map(({ path }) => templateOf(path)),
  ];
  for (const { path, taken } of requestClasses(templates)) {
    const candidates = taken
      .flatMap((index) => resources[index] ?? [])
      .sort((a, b) => compareSpecificity(a.template, b.template));
    const speaking = taken.flatMap((index) => selectors[index - resources.length] ?? []);
    for (const verb of VERBS) {
      const method = candidates.flatMap(({ byVerb }) => byVerb.get(verb) ?? byVerb.get('ANY') ?? [])[0];
      if (method === undefined) continue;
      const said = speaking.filter((selector) => holdsFor(selector, verb));
      for (const selector of said) matching.add(selector);
      const isMeant = !positive || said.some(({ excludes }) => !excludes);
      const isExcluded = said.some(({ excludes }) => excludes);
      const known = answers.get(method) ?? {};
      answers.set(method, known);
      if (!isMeant) known.other ??= `${verb} ${path}`;
      if (isExcluded) known.excluded ??= `${verb} ${path}`;
      if (isMeant && !isExcluded) known.meant ??= `${verb} ${path}`;
    }
  }
  return { answers, matching };
}

const holdsFor = ({ httpMethod }: Selector, verb: string): boolean =>
  httpMethod === 'ANY' || httpMethod === verb || (httpMethod === 'GET' && verb === 'HEAD');

const takesPreflights = ({ path, httpMethod }: MethodName, methods: readonly MethodName[]): boolean =>
  httpMethod === 'ANY' && !methods.some((other) => other.path === path && other.httpMethod === 'OPTIONS');

/** `/admin/*` is everything below `/admin`, and not `/admin` itself. */
function openBases<M extends MethodName>(
  methods: readonly M[],
  selectors: readonly Selector[],
  answersOf: (method: M) => Answers | undefined,
): Finding[] {
  const bases = selectors
    .filter(({ excludes, path }) => !excludes && templateOf(path).at(-1)?.kind === 'greedy')
    .map((selector) => ({ selector, base: formatTemplate(templateOf(selector.path).slice(0, -1)) }));
  return methods.flatMap((method) => {
    const { meant, excluded, other } = answersOf(method) ?? {};
    if (other === undefined || meant !== undefined || excluded !== undefined) return [];
    const below = bases.find(
      ({ selector, base }) =>
        base === method.path && (method.httpMethod === 'ANY' || holdsFor(selector, method.httpMethod)),
    );
    return below === undefined ? [] : baseLeftOpen(method, below.selector);
  });
}

const optionsSelected = (selector: Selector): Finding => ({
  code: 'options_selected',
  message: `${formatSelector(selector)}: OPTIONS stays open, since preflights carry no token; leave it out`,
  subjects: [formatSelector(selector)],
});

const matchesNothing = (selector: Selector): Finding => ({
  code: 'selector_matches_nothing',
  message: `${formatSelector(selector)}: no method of the API answers such requests; correct it, or leave it out`,
  subjects: [formatSelector(selector)],
});

function splits(method: MethodName, { meant = '', other = '' }: Answers): Finding {
  const route = routeOf(method);
  return {
    code: 'selector_splits_method',
    message: `${route} answers ${meant}, which is selected, and ${other}, which is not, and can only be protected as a whole; select all of it (${route}), exclude what is meant of it, or give the API a method of its own for that`,
    subjects: [route],
  };
}

const NOTHING: Finding = {
  code: 'nothing_selected',
  message: 'no method is selected: the API has none but OPTIONS, or all are excluded',
  subjects: [],
};

function partlyExcluded(method: MethodName, request: string | undefined): Finding[] {
  if (request === undefined) return [];
  const route = routeOf(method);
  const message = `${route} answers ${request}, which is excluded, and more, which is not: it is protected as a whole`;
  return [{ code: 'exclusion_partial', message, subjects: [route] }];
}

const withoutOptions = (method: MethodName): Finding => ({
  code: 'any_without_options',
  message: `${routeOf(method)} answers OPTIONS too, since ${method.path} has no method for it: browsers' preflights will get 401; give it an OPTIONS method if browsers call it from other origins`,
  subjects: [routeOf(method)],
});

const baseLeftOpen = (method: MethodName, selector: Selector): Finding => ({
  code: 'base_left_open',
  message: `${routeOf(method)} is not selected: ${formatSelector(selector)} is everything below ${method.path}, and not ${method.path} itself; select it too if it should be protected`,
  subjects: [routeOf(method)],
});
