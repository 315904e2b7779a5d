import type { Cors } from '../../lambda/config/types.ts';
import type { GatewayResponse } from './gateway-responses.ts';
import { type GatewayRequest, headBytes } from './request.ts';
import type { Route, Router } from './resource-router.ts';

/** What becomes of a request before anybody is authorized. */
export type Admission =
  | { readonly kind: 'refused'; readonly response: GatewayResponse; readonly reason: string }
  /** A CORS preflight, which the API answers without an authorizer. */
  | { readonly kind: 'preflight'; readonly route: Route; readonly cors: Cors }
  | { readonly kind: 'routed'; readonly route: Route };

/** API Gateway's quotas. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const MAX_HEAD_BYTES = 10_240;
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** What `ANY` stands for. */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** @param bodyBytes as the request declares them. */
export function admit(
  request: GatewayRequest,
  { router, cors, bodyBytes = 0 }: { router: Router; cors: Cors | undefined; bodyBytes?: number },
): Admission {
  if (headBytes(request) > MAX_HEAD_BYTES) return refused('HEADERS_TOO_LARGE', 'headers_too_large');
  if (bodyBytes > MAX_BODY_BYTES) return refused('REQUEST_TOO_LARGE', 'body_too_large');
  const route = METHODS.has(request.method) ? router(request.rawPath) : undefined;
  if (!route) return refused('MISSING_AUTHENTICATION_TOKEN', 'no_such_method');
  return cors && request.method === 'OPTIONS'
    ? { kind: 'preflight', route, cors }
    : { kind: 'routed', route };
}

function refused(response: GatewayResponse, reason: string): Admission {
  return { kind: 'refused', response, reason };
}
