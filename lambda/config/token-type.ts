/**
 * `JWT`, `jwt` and `application/jwt` are one type: `application/` stands before a name without a slash (RFC 7515 §4.1.9),
 * and letters are compared without their case (RFC 2045 §5.1), those of ASCII alone: others are no spelling of them.
 */
export function normalizeTokenType(type: string): string {
  const folded = type.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return folded.replace(/^application\/(?=[^/]+$)/, '');
}
