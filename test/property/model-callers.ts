/**
 * What behaviour.md says of who calls, as plainly as it can be said, with nothing of the code under test:
 * "Several policies", "Controlled modality", "Scopes".
 */
import type { PolicyCase } from './policy-cases.ts';
import type { HolderState, TableState } from './table.ts';

export interface ReadableToken {
  readonly place: string;
  readonly isReadable: true;
  /** The number of the key that signed it. */
  readonly key: number;
  readonly time: 'now' | 'expired' | 'not yet valid';
  readonly scopes: readonly string[];
  readonly keyId: string;
  readonly issuer?: string;
  readonly jti: string;
  readonly issuedAtSeconds?: number;
}

export type ShownToken = ReadableToken | { readonly place: string; readonly isReadable: false };

/** What tells a token from others: all but where it is shown. */
export function contentOf({ place, ...content }: ShownToken): string {
  return JSON.stringify(content);
}

/** What a token is revoked by: all but its signature, so that no other spelling of one gets through. */
const signedPartOf = ({ place, key, ...content }: ReadableToken): string => JSON.stringify(content);

export type Identity =
  | { readonly kind: 'caller'; readonly scopes: readonly string[] }
  | { readonly kind: 'anonymous' }
  /** `isLasting`: neither time nor state can change it. */
  | { readonly kind: 'denied'; readonly isLasting: boolean };

type Settled = Exclude<Identity, { kind: 'anonymous' }>;

const lasting: Settled = { kind: 'denied', isLasting: true };
const passing: Settled = { kind: 'denied', isLasting: false };

export function identityOf(
  tokens: readonly ShownToken[],
  policies: readonly PolicyCase[],
  table: TableState,
): Identity {
  const isOneOfSeveral = policies.filter(({ isControlled }) => isControlled).length > 1;
  const denials: { readonly isLasting: boolean }[] = [];
  /** What each token, its place aside, got from the policy whose signature it has. */
  const authentic = new Map<string, Settled>();
  for (const policy of policies) {
    const here = tokens.filter(({ place }) => place === policy.place);
    const attempt = attemptWith(policy, here, { table, isOneOfSeveral, authentic });
    if (attempt === 'does not apply') continue;
    if (attempt.kind === 'caller') return attempt;
    denials.push(attempt);
    if (!policy.passThrough) break;
  }
  if (policies.every(({ passThrough }) => passThrough)) return { kind: 'anonymous' };
  return { kind: 'denied', isLasting: denials.every(({ isLasting }) => isLasting) };
}

interface Known {
  readonly table: TableState;
  readonly isOneOfSeveral: boolean;
  readonly authentic: Map<string, Settled>;
}

function attemptWith(
  policy: PolicyCase,
  [token, another]: readonly ShownToken[],
  known: Known,
): Settled | 'does not apply' {
  if (token === undefined) return passing;
  if (another !== undefined || !token.isReadable) return lasting;
  if (policy.issuer !== undefined && policy.issuer !== token.issuer) return 'does not apply';
  const id = contentOf(token);
  const before = known.authentic.get(id);
  if (before !== undefined) return before;
  if (token.key !== policy.key) return lasting;
  const result = accept(token, policy, known);
  known.authentic.set(id, result);
  return result;
}

function accept(
  token: ReadableToken,
  policy: PolicyCase,
  { table, isOneOfSeveral }: Pick<Known, 'table' | 'isOneOfSeveral'>,
): Settled {
  if (token.time === 'expired') return lasting;
  if (token.time === 'not yet valid') return passing;
  if (!policy.isControlled)
    return policy.tokenRevocation && isRevoked(token, [], table)
      ? passing
      : { kind: 'caller', scopes: token.scopes };
  const which = Number(token.keyId.replace('key-', ''));
  const credential = table.credentials[which];
  if (credential === undefined || !credential.isActive) return passing;
  const belongs = credential.issuer === undefined ? !isOneOfSeveral : credential.issuer === token.issuer;
  const holders = which === 1 ? [table.applications[0], table.users[0]] : [table.users[which === 0 ? 0 : 1]];
  if (!belongs || !holders.every((holder) => holder?.isActive)) return passing;
  if (isRevoked(token, holders, table)) return passing;
  const scopes = credential.scopes.filter((scope) => !policy.hasScopeClaim || token.scopes.includes(scope));
  return { kind: 'caller', scopes };
}

function isRevoked(
  token: ReadableToken,
  holders: readonly (HolderState | undefined)[],
  { revocations }: TableState,
): boolean {
  const { tokens, jtis, issuedBeforeSeconds } = revocations;
  const moments = [issuedBeforeSeconds, ...holders.map((holder) => holder?.issuedBeforeSeconds)];
  return (
    tokens.some((other) => signedPartOf(other) === signedPartOf(token)) ||
    jtis.some(({ jti, issuer }) => jti === token.jti && issuer === token.issuer) ||
    moments.some((moment) => moment !== undefined && !((token.issuedAtSeconds ?? 0) >= moment))
  );
}
