/** A scope of OAuth 2.0 (RFC 6749 §3.3): printable ASCII without space, quote and backslash. */
export function isScope(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}
