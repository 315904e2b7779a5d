import { listOf } from '../config/list.ts';
import { isRecord } from '../config/record.ts';

/**
 * What a Lambda authorizer makes of an API's resource policy.
 *
 * Without an authorizer, whoever the policy does not allow is denied. With one, an Allow of either is enough (table A
 * of AWS's page): where the policy allows under conditions only, such as from some addresses, a token would let in from
 * everywhere. What a policy denies in so many words stays denied.
 *
 * - `free`: it allows everybody, or there is none. What it denies, it goes on denying.
 * - `conditional`: it allows somebody, and not everybody; or it cannot be read.
 * - `closed`: it allows nobody, so that nobody could call a method that had no authorization.
 *
 * @param policy JSON; undefined where the API has none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function policyKind(policy: string | undefined): 'free' | 'conditional' | 'closed' {
  if (policy === undefined || policy === '') return 'free';
  const statements = statementsOf(policy);
  if (statements === undefined) return 'conditional';
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
  if (allowing.some(allowsEverything)) return 'free';
  return allowing.length === 0 ? 'closed' : 'conditional';
}

type Statement = Readonly<Record<string, unknown>>;

function statementsOf(policy: string): readonly Statement[] | undefined {
  try {
    const document: unknown = JSON.parse(policy);
    const statement = isRecord(document) ? document['Statement'] : undefined;
    const all: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
    return all.every(isRecord) && all.every(hasEffect) ? all : undefined;
  } catch {
    return undefined;
  }
}

const hasEffect = ({ Effect }: Statement): boolean => Effect === 'Allow' || Effect === 'Deny';

/** `NotPrincipal`, `NotAction` and `NotResource` leave somebody or something out. */
function allowsEverything({ Principal, Action, Resource, Condition }: Statement): boolean {
  return (
    (Condition === undefined || (isRecord(Condition) && Object.keys(Condition).length === 0)) &&
    names(isRecord(Principal) ? Principal['AWS'] : Principal, /^\*$/) &&
    names(Action, /^(?:\*|execute-api:(?:\*|invoke))$/i) &&
    names(Resource, EVERY_METHOD)
  );
}

/** `*`, the short form that API Gateway completes, or every stage and method of an API. */
const EVERY_METHOD =
  /^(?:\*|execute-api:\/\*(?:\/\*){0,2}|arn:[^:]+:execute-api:[^:]+:[^:]+:[^/]+\/\*(?:\/\*){0,2})$/;

const names = (value: unknown, what: RegExp): boolean =>
  (typeof value === 'string' ? listOf(value) : Array.isArray(value) ? value : []).some(
    (one) => typeof one === 'string' && what.test(one),
  );
