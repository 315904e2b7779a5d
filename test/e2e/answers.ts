import { type DenialCode, denialEntry } from '../../lambda/authorizer/denial.ts';

/** What clients see, byte for byte, where the gateway answers itself. */
export const UNAUTHORIZED = { status: 401, body: '{"message":"Unauthorized"}' };
const forbidden = (error: string, code: string) => ({
  status: 403,
  body: `{"message":"User is not authorized to access this resource","error":"${error}","code":"${code}"}`,
});
export const SCOPE_MISSING = forbidden('insufficient_scope', 'scope_missing');
/** An Allow, perhaps one that is kept, with a statement that denies the request at hand. */
export const DENIED_BY_ALLOW = forbidden('', '');
/** The authorizer knows why. */
export const deniedFor = (code: DenialCode) => forbidden(denialEntry(code).error ?? '', code);
export const AUTHORIZER_ERROR = {
  status: 500,
  body: '{"message":"Internal server error","code":"authorizer_unavailable"}',
};
export const OK = { status: 200, body: 'from the upstream' };
