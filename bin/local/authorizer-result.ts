import { isRecord } from '../../lambda/config/record.ts';
import { type Policy, parsePolicy } from './policy.ts';

/** What an authorizer says about a caller, as API Gateway keeps and caches it. */
export interface AuthorizerResult {
  readonly principalId: string;
  readonly policy: Policy;
  /** API Gateway hands everything on as strings. */
  readonly context: Readonly<Record<string, string>>;
  readonly usageIdentifierKey?: string;
}

export type ParsedResult =
  | { readonly ok: true; readonly result: AuthorizerResult }
  | { readonly ok: false; readonly reason: MalformedReason };

type MalformedReason =
  | 'answer_not_an_object'
  | 'principal_id_malformed'
  | 'policy_malformed'
  | 'context_malformed'
  | 'usage_identifier_key_malformed';

/**
 * @param answer what the function returned, as JSON would carry it.
 * @returns the reason where API Gateway would answer 500 (an authorizer configuration error).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function parseAuthorizerResult(answer: unknown): ParsedResult {
  if (!isRecord(answer)) return malformed('answer_not_an_object');
  const { principalId, policyDocument, context, usageIdentifierKey } = answer;
  if (typeof principalId !== 'string' || principalId === '') return malformed('principal_id_malformed');
  const policy = parsePolicy(policyDocument);
  if (!policy) return malformed('policy_malformed');
  const strings = parseContext(context);
  if (!strings) return malformed('context_malformed');
  const key = usageIdentifierKey ?? undefined;
  if (key !== undefined && typeof key !== 'string') return malformed('usage_identifier_key_malformed');
  return {
    ok: true,
    result: {
      principalId,
      policy,
      context: strings,
      ...(key === undefined ? {} : { usageIdentifierKey: key }),
    },
  };
}

/** Objects, lists and null in a context make API Gateway refuse the whole answer. */
function parseContext(context: unknown): Record<string, string> | undefined {
  if (context === undefined || context === null) return {};
  if (!isRecord(context)) return undefined;
  const entries = Object.entries(context);
  if (!entries.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function malformed(reason: MalformedReason): ParsedResult {
  return { ok: false, reason };
}
