import { decode } from '../../lambda/authorizer/decode.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import type { AuthorizerConfig, TokenPlace } from '../../lambda/config/types.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { type GatewayRequest, type Pair, splitTarget } from '../local/request.ts';

/** What is asked about: a request to come, or an event that API Gateway made of one. */
export type Question =
  | { readonly kind: 'request'; readonly request: GatewayRequest }
  | { readonly kind: 'event'; readonly event: unknown };

export interface Asked {
  readonly token?: string;
  readonly method: string;
  /** With its query, if any. */
  readonly path: string;
  readonly headers: readonly Pair[];
}

/**
 * The request as a client would send it, with the token where the policy that is for it looks.
 * @throws WrongUsage for what no client can send.
 */
export function requestOf(
  { token, method, path, headers }: Asked,
  { policies }: Pick<AuthorizerConfig, 'policies'>,
): GatewayRequest {
  const target = path.startsWith('/') ? splitTarget(path) : undefined;
  if (target === undefined) throw new WrongUsage('--path starts with "/", and is written as in a URL');
  if (!/^[A-Za-z]+$/.test(method)) throw new WrongUsage('--method is one of HTTP, such as GET');
  const request = { ...target, method: method.toUpperCase(), headers, sourceIp: '127.0.0.1' };
  const place = token === undefined ? undefined : placeFor(token, policies);
  return token === undefined || place === undefined ? request : withToken(request, token, place);
}

/** `name: value`, as curl takes it. @throws WrongUsage */
export function parseHeader(text: string): Pair {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t -~\x80-\xff]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new WrongUsage('--header is NAME:VALUE');
  return [name, value];
}

/** Of the first policy whose issuer the token's can be; of the first of all where there is none. */
function placeFor(token: string, policies: AuthorizerConfig['policies']): TokenPlace | undefined {
  const decoded = decode(token as UnverifiedToken);
  const iss = isDenial(decoded) ? undefined : decoded.unverifiedClaims['iss'];
  const fitting = policies.find(({ issuer }) => issuer.length === 0 || issuer.some((one) => one === iss));
  return (fitting ?? policies[0])?.tokenPlace;
}

function withToken(request: GatewayRequest, token: string, place: TokenPlace): GatewayRequest {
  if (/[^!-~]/.test(token)) throw new WrongUsage('the token holds white space or characters that none has');
  if (place.in === 'query') {
    const pair = `${encodeURIComponent(place.name)}=${encodeURIComponent(token)}`;
    return { ...request, rawQuery: request.rawQuery === undefined ? pair : `${request.rawQuery}&${pair}` };
  }
  const header: Pair =
    place.in === 'cookie'
      ? ['Cookie', `${place.name}=${token}`]
      : [place.name, place.scheme === undefined ? token : `${place.scheme} ${token}`];
  return { ...request, headers: [...request.headers, header] };
}
