/** Three credentials, who holds them and what is revoked, as a table has them at a moment; and what changes it. */
import type { ReadableToken } from './model-callers.ts';

/** Records that are gone are undefined. Credential 0 is user 0's, 1 the application's, which is user 0's too, 2 user 1's. */
export interface TableState {
  readonly credentials: readonly (CredentialState | undefined)[];
  readonly users: readonly (HolderState | undefined)[];
  readonly applications: readonly (HolderState | undefined)[];
  readonly revocations: RevocationsState;
}

type RecordKind = Exclude<keyof TableState, 'revocations'>;

export interface HolderState {
  readonly isActive: boolean;
  readonly issuedBeforeSeconds?: number;
}

export interface CredentialState {
  readonly isActive: boolean;
  readonly scopes: readonly string[];
  readonly issuer?: string;
}

/** They only ever grow. */
interface RevocationsState {
  readonly tokens: readonly ReadableToken[];
  readonly jtis: readonly Pick<ReadableToken, 'jti' | 'issuer'>[];
  /** Everybody's. */
  readonly issuedBeforeSeconds?: number;
}

export const NO_REVOCATIONS: RevocationsState = { tokens: [], jtis: [] };

export type Change =
  | { readonly kind: 'scopes'; readonly which: number; readonly scopes: readonly string[] }
  | { readonly kind: 'activate' | 'deactivate' | 'delete'; readonly of: RecordKind; readonly which: number }
  | { readonly kind: 'token revoked' | 'jti revoked'; readonly token: ReadableToken }
  | {
      readonly kind: 'issued before';
      readonly of: 'users' | 'applications' | 'everybody';
      readonly which: number;
      readonly seconds: number;
    };

export function changed(table: TableState, change: Change): TableState {
  const { revocations } = table;
  switch (change.kind) {
    case 'scopes':
      return withRecord(table, 'credentials', change.which, (record) => ({
        ...record,
        scopes: change.scopes,
      }));
    case 'delete':
      return withRecord(table, change.of, change.which, () => undefined);
    case 'activate':
    case 'deactivate':
      return withRecord(table, change.of, change.which, (record) => ({
        ...record,
        isActive: change.kind === 'activate',
      }));
    case 'token revoked':
      return { ...table, revocations: { ...revocations, tokens: [...revocations.tokens, change.token] } };
    case 'jti revoked':
      return { ...table, revocations: { ...revocations, jtis: [...revocations.jtis, change.token] } };
    case 'issued before':
      if (change.of === 'everybody') return { ...table, revocations: raised(revocations, change.seconds) };
      return withRecord(table, change.of, change.which, (record) => raised(record, change.seconds));
  }
}

/** As long as the record is there. */
function withRecord<K extends RecordKind>(
  table: TableState,
  kind: K,
  which: number,
  change: (record: NonNullable<TableState[K][number]>) => TableState[K][number],
): TableState {
  const records: readonly TableState[K][number][] = table[kind];
  const record = records[which];
  if (record === undefined) return table;
  return { ...table, [kind]: records.with(which, change(record)) };
}

function raised<T extends { readonly issuedBeforeSeconds?: number }>(record: T, seconds: number): T {
  return { ...record, issuedBeforeSeconds: Math.max(record.issuedBeforeSeconds ?? 0, seconds) };
}

/** Whether somebody may less than before. Only such a change makes anybody flush a cache. */
export function takesAway(before: TableState, after: TableState): boolean {
  const wasLost = (kind: RecordKind) =>
    before[kind].some((record, i) => record?.isActive === true && after[kind][i]?.isActive !== true);
  const lostScopes = before.credentials.some((credential, i) =>
    credential?.scopes.some((scope) => after.credentials[i]?.scopes.includes(scope) !== true),
  );
  const momentsOf = ({ users, applications }: TableState) =>
    [...users, ...applications].map((holder) => holder?.issuedBeforeSeconds);
  const isRevoking =
    before.revocations !== after.revocations || `${momentsOf(before)}` !== `${momentsOf(after)}`;
  return lostScopes || isRevoking || (['credentials', 'users', 'applications'] as const).some(wasLost);
}
