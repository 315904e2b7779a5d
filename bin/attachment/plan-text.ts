import type { ExpectedMethod, Finding } from '../../lambda/attachment/plan.ts';
import { safeText } from '../commands/terminal.ts';
import type { AuthorizerFate, Fate, MethodFate, PlanSummary } from './plan-summary.ts';

/** No more lines for methods with which nothing happens. */
const MAX_KEPT_LINES = 10;

const HEADS: Readonly<Record<Exclude<Fate, 'kept'>, string>> = {
  protected: 'will be protected',
  given_back: 'get back what they had before',
  elsewhere: 'protected by something else, and left as they are',
  open: 'stay open',
};

/** A plan for a person: what changes first, then what stays, then how. Ends without a line's end. */
export function planText({ methods, authorizers, deploys }: PlanSummary): string {
  const of = (fate: Fate) => methods.filter((method) => method.fate === fate);
  const [preflights, open] = partition(of('open'), ({ httpMethod }) => httpMethod === 'OPTIONS');
  return [
    ...group(HEADS.protected, of('protected'), was),
    ...group(HEADS.given_back, of('given_back'), ({ after }) => protectionText(after)),
    ...keptLines(of('kept')),
    ...group(HEADS.elsewhere, of('elsewhere'), ({ after }) => protectionText(after)),
    ...group(HEADS.open, open, () => undefined),
    ...(preflights.length > 0
      ? [`stay open for CORS preflights: OPTIONS of ${paths(preflights.length)}`]
      : []),
    ...section('authorizers', authorizers.map(authorizerLine)),
    ...section(
      'stages that get a new deployment of the whole API',
      deploys.map(({ stage, deploymentId }) => `${stage} (serves ${deploymentId} now)`),
    ),
  ].join('\n');
}

/** Options that say of a command what the settings in a finding's message say of a configuration. */
const OPTIONS: Partial<Record<Finding['code'], string>> = {
  pending_edits: '--deploy-pending-changes',
  protected_by_other: '--take-over',
};

/** Warnings and refusals for a person; methods and stages that a message does not name stand below it. */
export function findingsText(what: 'warning' | 'refused', findings: readonly Finding[]): string {
  return findings
    .flatMap(({ code, message, subjects }) => {
      const option = what === 'refused' ? OPTIONS[code] : undefined;
      const unnamed = subjects.filter((subject) => !message.includes(subject));
      return [
        `${what}: ${safeText(message)} [${code}]${option === undefined ? '' : ` (here: ${option})`}`,
        ...unnamed.map((subject) => `    ${safeText(subject)}`),
      ];
    })
    .join('\n');
}

function group(
  head: string,
  methods: readonly MethodFate[],
  note: (method: MethodFate) => string | undefined,
): readonly string[] {
  if (methods.length === 0) return [];
  return section(`${head} (${methods.length})`, pathLines(methods, note));
}

/** One line for each path. */
function pathLines(
  methods: readonly MethodFate[],
  note: (method: MethodFate) => string | undefined,
): readonly string[] {
  const byPath = new Map<string, MethodFate[]>();
  for (const method of methods) byPath.set(method.path, [...(byPath.get(method.path) ?? []), method]);
  const width = Math.min(40, Math.max(...[...byPath.keys()].map((path) => path.length)));
  return [...byPath].map(([path, those]) => {
    const verbs = those.map((method) => {
      const said = note(method);
      return said === undefined ? method.httpMethod : `${method.httpMethod} (${said})`;
    });
    return `${safeText(path).padEnd(width)}  ${verbs.join(', ')}`;
  });
}

/** What a method that was not open loses. */
const was = ({ before }: MethodFate): string | undefined => {
  if (before.length === 0) return 'not deployed yet';
  if (before.every(({ authorizationType }) => authorizationType === 'NONE')) return undefined;
  return `was ${before.map(protectionText).join(' and ')}`;
};

const protectionText = ({ authorizationType, authorizerName }: ExpectedMethod): string =>
  authorizerName === undefined ? authorizationType : `authorizer ${safeText(authorizerName)}`;

function keptLines(methods: readonly MethodFate[]): readonly string[] {
  const lines = group('are protected already', methods, () => undefined);
  if (lines.length <= MAX_KEPT_LINES + 1) return lines;
  return [
    ...lines.slice(0, MAX_KEPT_LINES + 1),
    `  … and ${paths(lines.length - 1 - MAX_KEPT_LINES)} more; --json has them all`,
  ];
}

function authorizerLine({ name, fate, type, identitySource, cacheSeconds }: AuthorizerFate): string {
  if (fate === 'retired') return `${safeText(name)} is removed when no stage's deployment uses it`;
  const sources = identitySource === undefined ? 'none' : safeText(identitySource);
  const kept = cacheSeconds === 0 ? 'nothing cached' : `cached for ${cacheSeconds ?? 300} s`;
  return `${safeText(name)} is ${fate}: ${type}, identity sources ${sources}, ${kept}`;
}

const section = (head: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${head}:`, ...lines.map((line) => `  ${line}`)];

const paths = (count: number): string => (count === 1 ? '1 path' : `${count} paths`);

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
