import { type DenialCode, denialEntry, publicCodeOf } from '../../lambda/authorizer/denial.ts';
import { gatewayResponsesOf } from '../../lambda/config/gateway-responses.ts';
import { allowsAnonymous } from '../../lambda/config/keying.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { gatewayResponse, type WireResponse } from '../local/gateway-responses.ts';
import type { ApiAnswer } from './call-api.ts';

/** What the API is to answer to a token that it denies: what the local gateway would. @returns undefined: it lets the caller in as nobody. */
export function answerToDenial(config: AuthorizerConfig, code: DenialCode): WireResponse | undefined {
  if (allowsAnonymous(config)) return undefined;
  const { error, isLasting } = denialEntry(code);
  const byPolicy = config.onDenial === 'policy' && isLasting;
  return gatewayResponse(byPolicy ? 'ACCESS_DENIED_EXPLICITLY' : 'UNAUTHORIZED', {
    requestId: '',
    responses: gatewayResponsesOf(config),
    context: { code: publicCodeOf(code), ...(error !== undefined && { error }) },
  });
}

/** Headers that say nothing of the authorizer, or whose value is another each time. */
const NOT_COMPARED = new Set(['content-type', 'x-amzn-requestid', 'x-amzn-errortype', 'vary']);

/** @returns what clients are told otherwise, though the status is right. */
export function differences(wanted: WireResponse, got: ApiAnswer): readonly string[] {
  const headers = Object.entries(wanted.headers)
    .filter(([name]) => !NOT_COMPARED.has(name.toLowerCase()))
    .filter(([name, value]) => got.headers[name.toLowerCase()] !== value)
    .map(([name]) => {
      const isRenamed = `x-amzn-remapped-${name.toLowerCase()}` in got.headers;
      return `header ${name} ${isRenamed ? 'comes as x-amzn-remapped-…' : 'is missing or another'}`;
    });
  return got.body === wanted.body ? headers : [...headers, 'the body is another'];
}

/** How far a request came. */
export type Passage =
  /** The authorizer let it through; what lies behind has answered. */
  | 'passed'
  /** The authorizer let it through; nothing lies behind, or it does not answer. */
  | 'passed_upstream_fails'
  | 'unauthorized'
  | 'denied'
  | 'scope_missing'
  | 'api_key'
  | 'throttled'
  | 'no_such_path'
  | 'authorizer_fails';

/**
 * By what API Gateway itself says in its header: the same status of something behind it means nothing here.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function passageOf(answer: ApiAnswer): Passage {
  const { status, body } = answer;
  const errorType = errorTypeOf(answer);
  if (errorType.startsWith('AuthorizerConfiguration') || codeIn(body) === 'authorizer_unavailable')
    return 'authorizer_fails';
  if (errorType.startsWith('MissingAuthenticationToken')) return 'no_such_path';
  if (status === 401 && /^(?:Unauthorized|$)/.test(errorType)) return 'unauthorized';
  if (status === 403 && errorType.startsWith('AccessDenied'))
    return codeIn(body) === 'scope_missing' ? 'scope_missing' : 'denied';
  if (status === 403 && errorType.startsWith('Forbidden')) return 'api_key';
  if (status === 429) return 'throttled';
  return status >= 502 || errorType.startsWith('InternalServerError') ? 'passed_upstream_fails' : 'passed';
}

/** Whether API Gateway says that the answer is its own, rather than one of what lies behind. */
export const saysItself = ({ headers }: ApiAnswer): boolean => headers[ERROR_TYPE] !== undefined;

const ERROR_TYPE = 'x-amzn-errortype';

/** A proxy on the way may take the header away; the words stay. Of a 401 they are everybody's. */
const WORDS: readonly (readonly [status: number, words: RegExp, errorType: string])[] = [
  [403, /"User is not authorized to access this resource/, 'AccessDenied'],
  [403, /^\{"message":"Missing Authentication Token"\}$/, 'MissingAuthenticationToken'],
  [500, /^\{"message":null\}$/, 'AuthorizerConfiguration'],
];

const errorTypeOf = ({ status, headers, body }: ApiAnswer): string =>
  headers[ERROR_TYPE] ?? WORDS.find(([of, words]) => of === status && words.test(body))?.[2] ?? '';

/** Of a body of ours. */
export function codeIn(body: string): string | undefined {
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
