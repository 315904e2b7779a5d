import { createReadOrLast, type StaleOptions } from './last-known.ts';
import { createMemory, type LookupResult, readInto } from './memory.ts';
import { jtiHashOf, type NamedToken, tokenHashOf } from './token-names.ts';

/** What has been revoked, as far as one item says it. */
export interface Revocations {
  /** All tokens that were issued before then are revoked. Seconds since 1970; absent: none are. */
  readonly issuedBeforeSeconds?: number;
  /** From then on no single token is revoked. Seconds since 1970; absent: none is. */
  readonly tokensUntilSeconds?: number;
}

/** What a token is under, beside what is revoked for its consumer. */
export interface Revocation {
  /** It was revoked itself. */
  readonly isRevoked: boolean;
  /** All tokens that were issued before then are revoked. Seconds since 1970; absent: none are. */
  readonly issuedBeforeSeconds?: number;
}

/**
 * @returns at once where it is remembered that no single token is revoked.
 * @throws StoreUnavailable (rejects with it) when the table cannot be reached.
 */
export type FindRevocation = (token: NamedToken) => Revocation | Promise<Revocation>;

/** What the store needs of the table; both by key, consistent. */
export interface RevocationReader {
  readRevocations(): Promise<Revocations>;
  /** Whether there is a revocation under one of the hashes; see token-names.ts. */
  isTokenRevoked(hashes: { readonly tokenHash: string; readonly jtiHash?: string }): Promise<boolean>;
}

const REMEMBERED_AT_MOST = 10_000;
const ALL = 'all';

/**
 * Looks up what revokes a token. Where no single token is revoked, as nearly always, there is one item to know,
 * and no read while it is remembered; else one read for each token that is not remembered.
 * @param seconds how long what was read counts; 0 remembers nothing.
 * @param now milliseconds since 1970.
 * @param stale while the table cannot be reached, what was read last: what was revoked stays so.
 * @param report told of each look-up that an outage is bridged with; of others, those of credentials tell enough.
 */
export function createFindRevocation(
  reader: RevocationReader,
  {
    seconds,
    now,
    stale,
    report,
  }: {
    seconds: number;
    now: () => number;
    stale?: StaleOptions | undefined;
    report?: (result: LookupResult) => void;
  },
): FindRevocation {
  const remembered = createMemory<Revocations>({ atMost: 1, now });
  const tokens = createMemory<boolean>({ atMost: REMEMBERED_AT_MOST, now });

  const times = { forMs: seconds * 1000, now };
  const readRevocations = readInto(remembered, times, () => reader.readRevocations());
  const readToken = readInto(tokens, times, (tokenHash, jtiHash: string | undefined) =>
    reader.isTokenRevoked({ tokenHash, ...(jtiHash !== undefined && { jtiHash }) }),
  );
  const revocationsOrLast = createReadOrLast<Revocations>(stale, () => true);
  const tokenOrLast = createReadOrLast<boolean>(stale, () => true);
  const isTokenRevoked = async ({ signedPart, jti, issuer }: NamedToken) => {
    const tokenHash = tokenHashOf(signedPart);
    const jtiHash = jti === undefined ? undefined : jtiHashOf(jti, issuer);
    const known = tokens.get(tokenHash);
    if (known !== undefined) return known;
    return (await tokenOrLast(tokenHash, () => readToken(tokenHash, jtiHash))).value;
  };

  /** In an outage, a token of which nothing was read before is not revoked where none was. */
  const readBoth = async (token: NamedToken): Promise<[Revocations, boolean]> => {
    const readingAll = revocationsOrLast(ALL, () => readRevocations(ALL));
    const reading = isTokenRevoked(token);
    // Not waited for where it is not needed.
    reading.catch(() => undefined);
    const { value, isStale } = await readingAll;
    if (isStale) report?.('stale');
    return [value, (!isStale || mayHaveTokens(value, now())) && (await reading)];
  };

  const readWhole = async (token: NamedToken, known: Revocations | undefined) => {
    // Where it is not known whether tokens are revoked, both are read in one round trip.
    const [all, isRevoked] = known ? [known, await isTokenRevoked(token)] : await readBoth(token);
    return revocationOf(all, isRevoked);
  };

  return (token) => {
    const known = remembered.get(ALL);
    const isNoneRevoked = known !== undefined && !mayHaveTokens(known, now());
    return isNoneRevoked ? revocationOf(known, false) : readWhole(token, known);
  };
}

const revocationOf = ({ issuedBeforeSeconds }: Revocations, isRevoked: boolean): Revocation =>
  issuedBeforeSeconds === undefined ? { isRevoked } : { isRevoked, issuedBeforeSeconds };

const mayHaveTokens = ({ tokensUntilSeconds }: Revocations, nowMs: number): boolean =>
  tokensUntilSeconds !== undefined && nowMs < tokensUntilSeconds * 1000;
