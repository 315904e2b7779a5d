/** What stands behind the gateway. It keeps what it was told of each caller, for the judge; it answers nothing of it. */
import { createServer } from 'node:http';
import { listen } from '../../bin/local/listen.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { type Identity, identityText } from './model.ts';

/** Tells requests apart; the gateway passes it on as any other header. */
export const SOAK_HEADER = 'x-soak';

/** What a CGI server would take for ours. */
const LIKE_OURS = /^x[^a-z0-9]authorizer[^a-z0-9]/i;
const NAMES = [
  'consumer-id',
  'consumer-type',
  'username',
  'credential-id',
  'scopes',
  'principal-id',
  'claims',
];

export interface Upstream {
  readonly url: string;
  /** @returns who the caller of a request was said to be, once; undefined when it did not come here. */
  take(id: string): string | undefined;
  /** Requests that nobody has asked for. */
  untaken(): number;
}

export async function startUpstream(): Promise<Upstream> {
  const seen = new Map<string, string>();
  const server = createServer((request, response) => {
    request.resume();
    seen.set(String(request.headers[SOAK_HEADER]), toldBy(request.rawHeaders));
    response.end('ok');
  });
  const { url } = closeAtEnd(await listen(server, '127.0.0.1', 0));
  return {
    url,
    take(id) {
      const told = seen.get(id);
      seen.delete(id);
      return told;
    },
    untaken: () => seen.size,
  };
}

/** @returns in the words of the model; or why it cannot be right. */
function toldBy(rawHeaders: readonly string[]): string {
  const pairs = rawHeaders.flatMap((name, i) =>
    i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? ''] as const] : [],
  );
  const ours = pairs.filter(([name]) => LIKE_OURS.test(name));
  const values = new Map(ours.map(([name, value]) => [name.toLowerCase(), value]));
  const isWhole = ours.length === NAMES.length && NAMES.every((name) => values.has(`x-authorizer-${name}`));
  if (!isWhole) return `${ours.length} headers like ours`;
  const textOf = (name: string) => decodeURIComponent(values.get(`x-authorizer-${name}`) ?? '');
  const claims: { jti?: unknown } = JSON.parse(Buffer.from(textOf('claims'), 'base64url').toString());
  const identity: Identity = {
    ...{ consumerId: textOf('consumer-id'), consumerType: textOf('consumer-type') },
    ...{ username: textOf('username'), credentialId: textOf('credential-id') },
    ...{ jti: String(claims.jti), principalId: textOf('principal-id') },
  };
  return identityText(
    identity,
    textOf('scopes')
      .split(' ')
      .filter((scope) => scope !== '-'),
  );
}

/** A client's own headers that look like ours: none of them may arrive. */
export const IMITATIONS: readonly (readonly [name: string, value: string])[] = [
  ['x-authorizer-consumer-id', 'root'],
  ['X-Authorizer-Username', 'root'],
  ['x_authorizer_scopes', 'orders:read orders:write'],
  ['x-authorizer-principal-id', 'root'],
  ['X.Authorizer.Credential-Id', 'root'],
  ['x-authorizer-claims', 'eyJzdWIiOiJyb290In0'],
];
