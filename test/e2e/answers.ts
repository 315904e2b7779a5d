/** What clients see, byte for byte, where the gateway answers itself. */
export const UNAUTHORIZED = { status: 401, body: '{"message":"Unauthorized"}' };
export const EXPLICIT_DENY = {
  status: 403,
  body: '{"Message":"User is not authorized to access this resource with an explicit deny"}',
};
export const AUTHORIZER_ERROR = { status: 500, body: '{"message":null}' };
export const OK = { status: 200, body: 'from the upstream' };
