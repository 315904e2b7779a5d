/** The methods of a REST API that somebody else wrote, and who may call each: 40, as `cdk deploy` makes them. */

/** `public`: anybody; `iam`: signed by an identity of the account; `own`: an authorizer of its own; `key`: an API key. */
export type Access = 'public' | 'iam' | 'own' | 'key';

export interface ForeignRoute {
  readonly httpMethod: string;
  readonly path: string;
  readonly access: Access;
}

const route = (text: string, access: Access = 'public'): ForeignRoute => {
  const [httpMethod = '', path = ''] = text.split(' ');
  return { httpMethod, path, access };
};

/** All but OPTIONS. */
export const ROUTES: readonly ForeignRoute[] = [
  route('GET /'),
  route('GET /health'),
  route('HEAD /health'),
  route('GET /orders'),
  route('POST /orders'),
  route('GET /orders/{id}'),
  route('PUT /orders/{id}'),
  route('PATCH /orders/{id}'),
  route('DELETE /orders/{id}'),
  route('GET /orders/{id}/items'),
  route('POST /orders/{id}/items'),
  route('GET /orders/{id}/items/{itemId}'),
  route('PUT /orders/{id}/items/{itemId}'),
  route('DELETE /orders/{id}/items/{itemId}'),
  route('GET /customers'),
  route('POST /customers'),
  route('GET /customers/{id}'),
  route('PUT /customers/{id}'),
  route('DELETE /customers/{id}'),
  route('GET /invoices'),
  route('GET /invoices/{id}'),
  route('GET /files/{proxy+}'),
  route('PUT /files/{proxy+}'),
  route('GET /admin'),
  route('ANY /admin/{proxy+}'),
  route('GET /metered', 'key'),
  route('GET /reports', 'iam'),
  route('POST /partners', 'own'),
];

/** Those that browsers ask before they call: OPTIONS for CORS. */
export const CORS_PATHS: readonly string[] = [
  '/orders',
  '/orders/{id}',
  '/orders/{id}/items',
  '/orders/{id}/items/{itemId}',
  '/customers',
  '/customers/{id}',
  '/invoices',
  '/invoices/{id}',
  '/files/{proxy+}',
  '/admin',
  '/admin/{proxy+}',
  '/partners',
];
