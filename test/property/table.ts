/** Three credentials and who holds them, as a table has them at a moment; and what changes it. */
import type { Credential, CredentialReader } from '../../lambda/consumers/model.ts';
import { APPLICATION_CREDENTIAL, applicationOf, credentialOf, userOf } from '../authorizer/fixtures.ts';
import { NOW_SECONDS } from '../support/tokens.ts';

/** Records that are gone are undefined. Credential 0 is user 0's, 1 the application's, which is user 0's too, 2 user 1's. */
export interface TableState {
  readonly credentials: readonly (CredentialState | undefined)[];
  readonly users: readonly (HolderState | undefined)[];
  readonly applications: readonly (HolderState | undefined)[];
}

export interface HolderState {
  readonly isActive: boolean;
}

export interface CredentialState extends HolderState {
  readonly scopes: readonly string[];
  readonly issuer?: string;
}

export type Change =
  | { readonly kind: 'scopes'; readonly which: number; readonly scopes: readonly string[] }
  | {
      readonly kind: 'activate' | 'deactivate' | 'delete';
      readonly of: keyof TableState;
      readonly which: number;
    };

/** A credential that ends while others go on: later than a test lasts that lets no tokens begin and end. */
export const LAST_CREDENTIAL_ENDS_AT_SECONDS = NOW_SECONDS + 2000;

const USER_IDS = ['user-0', 'user-1'];
const APPLICATION_ID = 'app-0';
const HOLDERS: readonly Partial<Credential>[] = [
  { consumerId: 'user-0' },
  { ...APPLICATION_CREDENTIAL, consumerId: APPLICATION_ID, ownerUserId: 'user-0' },
  { consumerId: 'user-1', expiresAtSeconds: LAST_CREDENTIAL_ENDS_AT_SECONDS },
];

export const keyIdOf = (which: number): string => `key-${which}`;

export function changed(table: TableState, change: Change): TableState {
  const { which } = change;
  if (change.kind === 'scopes') {
    const credential = table.credentials[which];
    if (credential === undefined) return table;
    return { ...table, credentials: table.credentials.with(which, { ...credential, scopes: change.scopes }) };
  }
  const records: readonly (HolderState | undefined)[] = table[change.of];
  const record = records[which % records.length];
  if (record === undefined) return table;
  const next = change.kind === 'delete' ? undefined : { ...record, isActive: change.kind === 'activate' };
  return { ...table, [change.of]: records.with(which % records.length, next) };
}

/** Whether somebody may less than before. Only such a change makes anybody flush a cache. */
export function takesAway(before: TableState, after: TableState): boolean {
  const wasLost = (kind: keyof TableState) =>
    before[kind].some((record, i) => record?.isActive === true && after[kind][i]?.isActive !== true);
  const lostScopes = before.credentials.some((credential, i) =>
    credential?.scopes.some((scope) => after.credentials[i]?.scopes.includes(scope) !== true),
  );
  return lostScopes || wasLost('credentials') || wasLost('users') || wasLost('applications');
}

/** @param now the table as it is when it is read. */
export function readerOf(now: () => TableState): CredentialReader {
  return {
    async readCredential(keyId) {
      const which = HOLDERS.findIndex((_, i) => keyIdOf(i) === keyId);
      const credential = now().credentials[which];
      return credential && credentialOf({ keyId, ...HOLDERS[which], ...credential });
    },
    async readHolder({ consumerId, consumerType, ownerUserId }) {
      const userId = consumerType === 'user' ? consumerId : (ownerUserId ?? '');
      const [user, application] = [now().users[USER_IDS.indexOf(userId)], now().applications[0]];
      return {
        ...(user && { user: userOf({ id: userId, username: userId, ...user }) }),
        ...(consumerType === 'application' &&
          application && {
            application: applicationOf({ id: APPLICATION_ID, userId, ...application }),
          }),
      };
    },
  };
}
