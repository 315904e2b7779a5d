/** `JWT`, `jwt` and `application/jwt` are one type (RFC 7515 §4.1.9). */
export function normalizeTokenType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}
