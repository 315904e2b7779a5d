import { isRecord } from '../../lambda/config/record.ts';
import { type Conditions, evaluateConditions, parseConditions } from './policy-conditions.ts';
import { matchesWildcard } from './wildcard.ts';

/** A policy that an authorizer returned, checked for shape. */
export interface Policy {
  readonly statements: readonly Statement[];
}

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Conditions;
}

/** `no-match` refuses too, though beside a resource policy that allows it would not: see api-gateway facts. */
export type Verdict = 'allow' | 'explicit-deny' | 'no-match';

const VERSIONS = new Set<unknown>(['2012-10-17', '2008-10-17']);
const STATEMENT_KEYS = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition']);
const INVOKE = 'execute-api:invoke';

/**
 * @returns undefined for a malformed document. `NotAction`, `NotResource`, `Principal` and unknown fields
 * count as such: half understood, they would mean the opposite of what was written.
 */
export function parsePolicy(document: unknown): Policy | undefined {
  if (!isRecord(document) || !VERSIONS.has(document['Version'])) return undefined;
  const listed = document['Statement'];
  const statements = (Array.isArray(listed) ? listed : [listed]).map(parseStatement);
  return statements.every((statement) => statement !== undefined) ? { statements } : undefined;
}

function parseStatement(value: unknown): Statement | undefined {
  if (!isRecord(value) || !Object.keys(value).every((key) => STATEMENT_KEYS.has(key))) return undefined;
  const effect = value['Effect'];
  const actions = parseStrings(value['Action']);
  const resources = parseStrings(value['Resource']);
  const conditions = value['Condition'] === undefined ? [] : parseConditions(value['Condition']);
  if ((effect !== 'Allow' && effect !== 'Deny') || !actions || !resources || !conditions) return undefined;
  return { effect, actions, resources, conditions };
}

/** IAM takes one string or a list of some. */
function parseStrings(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((item) => typeof item === 'string') ? list : undefined;
}

/**
 * @param methodArn of the request at hand: API Gateway evaluates a cached policy again for each request.
 * @param nowMs for conditions on the clock, in milliseconds since the epoch.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicy(policy: Policy, methodArn: string, nowMs: number): Verdict {
  const applies = (statement: Statement) => appliesTo(statement, methodArn, nowMs);
  const denies = policy.statements.some((statement) => statement.effect === 'Deny' && applies(statement));
  if (denies) return 'explicit-deny';
  const allows = policy.statements.some((statement) => statement.effect === 'Allow' && applies(statement));
  return allows ? 'allow' : 'no-match';
}

/** What cannot be evaluated here counts against the caller: it makes a Deny apply and an Allow not. */
function appliesTo(statement: Statement, methodArn: string, nowMs: number): boolean {
  if (!statement.actions.some((action) => matchesWildcard(action.toLowerCase(), INVOKE))) return false;
  const resource = matchResources(statement.resources, methodArn);
  if (resource === 'fails') return false;
  const condition = evaluateConditions(statement.conditions, nowMs);
  if (condition === 'fails') return false;
  return statement.effect === 'Deny' || (resource === 'holds' && condition === 'holds');
}

/** `${…}` is a policy variable, whose value nobody knows here. */
function matchResources(resources: readonly string[], methodArn: string): 'holds' | 'fails' | 'unknown' {
  const plain = resources.filter((resource) => !resource.includes('${'));
  if (plain.some((resource) => matchesWildcard(resource, methodArn))) return 'holds';
  return plain.length < resources.length ? 'unknown' : 'fails';
}
