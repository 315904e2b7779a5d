/** Generated tables of credentials, and changes to them. */
import fc from 'fast-check';
import { NOW_SECONDS } from '../support/tokens.ts';
import { ISSUERS, type PolicyCase, SCOPES, type TokenCase } from './policy-cases.ts';
import { type Change, type CredentialState, NO_REVOCATIONS, type TableState } from './table.ts';
import { readableToken } from './tokens.ts';

/** Mostly active: what is not, nobody can revoke. */
const isActive = fc.constantFrom(...Array<boolean>(9).fill(true), false);
const holder = fc.record({ isActive });

const credential = fc.record({
  isActive,
  scopes: fc.constantFrom(SCOPES, SCOPES, ['r'], ['w'], []),
  /** Mostly that of a policy, so that the two belong together. */
  issuer: fc.constantFrom<'of a policy' | undefined | string>(
    ...Array(6).fill('of a policy'),
    undefined,
    ...ISSUERS,
  ),
});

export interface TableCase extends Pick<TableState, 'users' | 'applications'> {
  readonly credentials: readonly (Omit<CredentialState, 'issuer'> & {
    readonly issuer: string | undefined;
  })[];
}

export const anyTable: fc.Arbitrary<TableCase> = fc.record({
  credentials: fc.tuple(credential, credential, credential),
  users: fc.tuple(holder, holder),
  applications: fc.tuple(holder),
});

export function tableOf({ credentials, ...holders }: TableCase, policies: readonly PolicyCase[]): TableState {
  const controlled = policies.filter(({ isControlled }) => isControlled);
  return {
    ...holders,
    revocations: NO_REVOCATIONS,
    credentials: credentials.map(({ issuer: given, ...rest }, i) => {
      const issuer = given === 'of a policy' ? controlled[i % controlled.length]?.issuer : given;
      return { ...rest, ...(issuer !== undefined && { issuer }) };
    }),
  };
}

/** A change of a caller's credential or of one of those who hold it, or a revocation of its token. */
export interface ChangeCase {
  readonly kind: Change['kind'];
  readonly of: 'credential' | 'holder' | 'owner';
  readonly scopes: readonly string[];
  readonly issuedBeforeSeconds: number;
}

export const anyChange: fc.Arbitrary<ChangeCase> = fc.record({
  kind: fc.constantFrom(
    ...(['scopes', 'deactivate', 'deactivate', 'delete', 'activate'] as const),
    ...(['token revoked', 'jti revoked', 'issued before'] as const),
  ),
  of: fc.constantFrom('credential', 'credential', 'holder', 'owner'),
  scopes: fc.subarray(SCOPES),
  issuedBeforeSeconds: fc.constantFrom(NOW_SECONDS - 75, NOW_SECONDS - 50, NOW_SECONDS),
});

/** @param token the caller's: it names the credential. */
export function changeOf(
  { kind, of, scopes, issuedBeforeSeconds: seconds }: ChangeCase,
  token: TokenCase,
  policies: readonly PolicyCase[],
): Change {
  const which = token.credential % 3;
  const user = { of: 'users', which: which === 2 ? 1 : 0 } as const;
  const holder = which === 1 ? ({ of: 'applications', which: 0 } as const) : user;
  switch (kind) {
    case 'scopes':
      return { kind, which, scopes };
    case 'token revoked':
    case 'jti revoked':
      return { kind, token: readableToken(token, policies) };
    case 'issued before': {
      const everybody = { of: 'everybody', which: 0 } as const;
      return { kind, seconds, ...{ credential: everybody, holder, owner: user }[of] };
    }
    default:
      return { kind, ...{ credential: { of: 'credentials', which } as const, holder, owner: user }[of] };
  }
}
