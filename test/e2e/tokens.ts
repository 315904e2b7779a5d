import { createHmac } from 'node:crypto';

/** Long enough for HS512. */
export const SECRET = 'the secret that the end-to-end tests sign their tokens with, 64 bytes or more';
export const OTHER_SECRET = 'another secret, which no policy but the one that names it would ever verify!';

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export interface TokenParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
}

/**
 * An HS256 token with these claims beside an `exp` in ten minutes; a claim that is undefined is left out.
 * Signed by hand, since libraries refuse to sign what they would refuse to verify.
 */
export function token(
  claims: Readonly<Record<string, unknown>> = {},
  { header, secret = SECRET }: TokenParts = {},
): string {
  const payload = { sub: 'somebody', iat: nowSeconds(), exp: nowSeconds() + 600, ...claims };
  return signed(`${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(payload)}`, secret);
}

export function signed(input: string, secret = SECRET): string {
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

export function bearer(value: string): { readonly headers: { readonly authorization: string } } {
  return { headers: { authorization: `Bearer ${value}` } };
}
