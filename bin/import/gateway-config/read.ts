import { isRecord } from '../../../lambda/config/record.ts';
import { type Notes, shownName } from './finding.ts';
import { missingVariables } from './variables.ts';

/** `gateway.config.yml` with its alternatives (one or a list, singular or plural) made one. */
export interface Gateway {
  readonly endpoints: readonly Endpoint[];
  readonly pipelines: readonly Pipeline[];
  readonly services: Readonly<Record<string, unknown>>;
  /** Names of sections that configure no pipeline. */
  readonly otherSections: readonly string[];
}

/** One object of an `apiEndpoints` entry, which may be a list of them. */
export interface Endpoint {
  readonly name: string;
  readonly at: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Pipeline {
  readonly name: string;
  readonly at: string;
  readonly endpoints: readonly string[];
  /** Every condition and action of its policies, in the order in which Express Gateway runs them. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly policy: string;
  readonly at: string;
  /** Undefined: it always runs. */
  readonly condition?: Readonly<Record<string, unknown>>;
  readonly action: Readonly<Record<string, unknown>>;
}

const READ = ['apiEndpoints', 'apiEndpoint', 'serviceEndpoints', 'policies', 'pipelines', 'pipeline'];

/** @returns what could be read; what could not is a problem in the notes. */
export function readGateway(file: unknown, notes: Notes): Gateway {
  if (!isRecord(file)) {
    notes.problem('gateway_config_invalid', '', 'this is no mapping with the key pipelines');
    return { endpoints: [], pipelines: [], services: {}, otherSections: [] };
  }
  const entries = (plural: string, singular: string) => {
    const one = file[singular] ?? [];
    const value = file[plural] ?? (Array.isArray(one) ? one : [one]);
    const key = file[plural] == null ? singular : plural;
    if (typeof value === 'object') return Object.entries(value).map(([name, of]) => ({ name, of, key }));
    notes.problem('gateway_config_invalid', key, 'this is neither a mapping nor a list');
    return [];
  };
  const services = file['serviceEndpoints'];
  return {
    endpoints: entries('apiEndpoints', 'apiEndpoint').flatMap(({ name, of, key }) =>
      readEndpoint(name, of, { at: `${key}.${shownName(name)}`, notes }),
    ),
    pipelines: entries('pipelines', 'pipeline').flatMap(
      ({ name, of, key }) => readPipeline(name, of, { at: `${key}.${shownName(name)}`, notes }) ?? [],
    ),
    services: isRecord(services) ? services : {},
    otherSections: Object.keys(file).filter((section) => !READ.includes(section)),
  };
}

interface Place {
  readonly at: string;
  readonly notes: Notes;
}

function readEndpoint(name: string, value: unknown, { at, notes }: Place): readonly Endpoint[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((settings, i) => {
    const path = Array.isArray(value) ? `${at}[${i}]` : at;
    if (isRecord(settings)) return { name, at: path, settings };
    notes.problem('gateway_config_invalid', path, 'this is no mapping with host, paths, methods and scopes');
    return [];
  });
}

function readPipeline(name: string, value: unknown, { at, notes }: Place): Pipeline | undefined {
  if (!isRecord(value)) {
    notes.problem('gateway_config_invalid', at, 'this is no mapping with apiEndpoints and policies');
    return undefined;
  }
  const endpoints = listOf(value['apiEndpoints'] ?? value['apiEndpoint']).map(String);
  refuseMissing(endpoints, `${at}.apiEndpoints`, notes);
  const policies = listOf(value['policies'] ?? value['policy']);
  // In a list of pipelines they are known by what they call themselves, if anything.
  const called = typeof value['name'] === 'string' ? value['name'] : name;
  return {
    name: called,
    at,
    endpoints,
    steps: policies.flatMap((policy, i) => readPolicy(policy, { at: `${at}.policies[${i}]`, notes })),
  };
}

function readPolicy(value: unknown, { at, notes }: Place): readonly Step[] {
  const [entry, ...more] = isRecord(value) ? Object.entries(value) : [];
  if (entry === undefined || more.length > 0) {
    // Express Gateway runs the first and says nothing of the others.
    notes.problem(
      'gateway_config_invalid',
      at,
      'give one policy an item, as a mapping: its name, then what it does',
    );
    return [];
  }
  const [policy, given] = entry;
  refuseMissing(policy, at, notes);
  const path = `${at}.${shownName(policy)}`;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const steps = list.length > 0 ? list : [{}];
  return steps.flatMap((step, i) => {
    const where = Array.isArray(given) ? `${path}[${i}]` : path;
    return readStep(policy, step ?? {}, { at: where, notes }) ?? [];
  });
}

function readStep(policy: string, step: unknown, { at, notes }: Place): Step | undefined {
  const action = isRecord(step) ? (step['action'] ?? {}) : undefined;
  const condition = isRecord(step) ? step['condition'] || undefined : undefined;
  if (!isRecord(action) || (condition !== undefined && !isRecord(condition))) {
    notes.problem('gateway_config_invalid', at, 'this is no mapping with an action and perhaps a condition');
    return undefined;
  }
  const isAlways = condition === undefined || condition['name'] === 'always';
  return { policy, at, action, ...(!isAlways && { condition }) };
}

/** Reports each variable that is missing in a value that matters. @returns whether there was none. */
export function refuseMissing(value: unknown, at: string, notes: Notes): boolean {
  const missing = missingVariables(value);
  for (const name of missing) {
    notes.problem(
      'variable_missing',
      at,
      `the variable ${name} is not set and has no default, and Express Gateway would take the text null for it; set ${name} as it is set where the gateway runs`,
    );
  }
  return missing.length === 0;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
