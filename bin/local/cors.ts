import type { Cors } from '../../lambda/config/types.ts';
import type { WireResponse } from './gateway-responses.ts';

/**
 * The answer of a preflight mock method. It is never authorized: browsers send no credentials with a
 * preflight. Answers to other methods are the upstream's, or gateway responses, which have CORS headers of their own.
 *
 * @param origin the request's `Origin`, if any; echoed only when it is in the list.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
 */
export function preflightResponse(cors: Cors, origin: string | undefined, requestId: string): WireResponse {
  const anyOrigin = cors.allowOrigins.includes('*');
  const allowedOrigin = anyOrigin ? '*' : cors.allowOrigins.find((allowed) => allowed === origin);
  return {
    status: 204,
    headers: {
      'x-amzn-RequestId': requestId,
      ...(allowedOrigin === undefined ? {} : { 'access-control-allow-origin': allowedOrigin }),
      ...listed('access-control-allow-methods', cors.allowMethods),
      ...listed('access-control-allow-headers', cors.allowHeaders),
      ...listed('access-control-expose-headers', cors.exposeHeaders),
      ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
      ...(cors.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(cors.maxAgeSeconds) }),
      // Without it a shared cache may give one origin's answer to another.
      ...(anyOrigin ? {} : { vary: 'Origin' }),
    },
    body: '',
  };
}

function listed(name: string, values: readonly string[]): Record<string, string> {
  return values.length === 0 ? {} : { [name]: values.join(',') };
}
