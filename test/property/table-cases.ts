/** Generated tables of credentials, and changes to them. */
import fc from 'fast-check';
import { ISSUERS, type PolicyCase, SCOPES } from './policy-cases.ts';
import type { Change, CredentialState, TableState } from './table.ts';

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

export interface TableCase extends Omit<TableState, 'credentials'> {
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
    credentials: credentials.map(({ issuer: given, ...rest }, i) => {
      const issuer = given === 'of a policy' ? controlled[i % controlled.length]?.issuer : given;
      return { ...rest, ...(issuer !== undefined && { issuer }) };
    }),
  };
}

/** A change of a credential, or of one of those who hold it. */
export interface ChangeCase {
  readonly kind: 'scopes' | 'activate' | 'deactivate' | 'delete';
  readonly of: 'credential' | 'holder' | 'owner';
  readonly scopes: readonly string[];
}

export const anyChange: fc.Arbitrary<ChangeCase> = fc.record({
  kind: fc.constantFrom('scopes', 'deactivate', 'deactivate', 'delete', 'activate'),
  of: fc.constantFrom('credential', 'credential', 'holder', 'owner'),
  scopes: fc.subarray(SCOPES),
});

export function changeOf({ kind, of, scopes }: ChangeCase, credential: number): Change {
  const which = credential % 3;
  if (kind === 'scopes') return { kind, which, scopes };
  if (of === 'credential') return { kind, of: 'credentials', which };
  if (of === 'holder' && which === 1) return { kind, of: 'applications', which: 0 };
  return { kind, of: 'users', which: which === 2 ? 1 : 0 };
}
