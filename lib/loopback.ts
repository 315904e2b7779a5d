import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { isLoopback } from '../lambda/config/loopback.ts';
import type { AuthorizerConfig, KeySource } from '../lambda/config/types.ts';

const NO_KEYS = 'the function finds no keys there, and callers get a 500';

/** Of the issuers whose keys the function fetches. No error: an emulator's functions may well reach this machine. */
export function warnOfLoopbackKeys(scope: Construct, { policies }: Pick<AuthorizerConfig, 'policies'>): void {
  for (const { index, keySource } of policies) {
    const [option, address] = keySetAddress(keySource) ?? [];
    const policy = policies.length === 1 ? 'jwt' : `jwt[${index}]`;
    if (address !== undefined) warnOfLoopback(scope, address, `${policy}.${option}`, NO_KEYS);
  }
}

/** Of what the stack-made API passes requests on to. */
export function warnOfLoopbackUpstream(
  scope: Construct,
  { upstream }: Pick<AuthorizerConfig, 'upstream'>,
): void {
  if (upstream !== undefined)
    warnOfLoopback(scope, upstream, 'upstream', 'API Gateway finds nobody there, and callers get a 5xx');
}

function warnOfLoopback(scope: Construct, address: string, option: string, consequence: string): void {
  const { hostname, origin } = new URL(address);
  // What ends in `localhost` is loopback too (RFC 6761 §6.3).
  if (!isLoopback(hostname) && !hostname.endsWith('.localhost')) return;
  Annotations.of(scope).addWarningV2(
    'jwt-authorizer:loopback',
    `${option}: ${origin} is this machine alone. On AWS ${consequence}; give an address that AWS reaches, unless you deploy to an emulator here`,
  );
}

/** Undefined: its keys are fetched from no address of the configuration. */
function keySetAddress(source: KeySource): readonly [option: string, address: string] | undefined {
  if (source.kind === 'discovery') return ['issuer', source.issuer];
  return source.kind === 'jwksUri' ? ['jwksUri', source.uri] : undefined;
}
