import jwt from 'jsonwebtoken';
import { decode } from '../../lambda/authorizer/decode.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import { claimsFor, missingClaims } from '../commands/token-claims.ts';
import { algorithmFor } from '../commands/token-key.ts';
import { localSigner } from '../commands/token-policy.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { dataFolderOf, type Place } from '../consumers/open.ts';
import { lookIntoDataFolder, NotMade } from '../local/data-folder.ts';
import { demoOf } from '../local/demo-consumers.ts';
import { openLocalKeys } from '../local/local-keys.ts';

/** Makes tokens that the API is to accept, for a check and no longer. */
export interface Minter {
  /** @param lifetimeSeconds from now; negative: it has expired that long ago. */
  mint(lifetimeSeconds: number, claims?: Readonly<Record<string, unknown>>): string;
}

export interface MintingPlace extends Pick<Place, 'config' | 'data'> {
  /** Whether the API runs here: only then are the secrets that were made here its own. */
  readonly isLocal: boolean;
  /** The credential that tokens are to name, where the policy looks it up. */
  readonly keyId?: string | undefined;
}

const MINUTE = 60;

/** @returns why no token can be made here, where none can. */
export function minterOf(config: AuthorizerConfig, place: MintingPlace): Minter | { readonly why: string } {
  const signer = signerOf(config, place);
  if ('why' in signer) return signer;
  const { policy, key, keyId } = signer;
  if (policy.checkCredentialExistence && keyId === undefined)
    return { why: 'the policy looks credentials up: --key-id names one' };
  const scopes = [...new Set(config.routes.flatMap((rule) => rule.scopes))];
  const claims = { ...claimsFor(policy, scopes), sub: keyId ?? 'jwt-authorizer-doctor' };
  const missing = missingClaims(policy, claims);
  if (missing.length > 0)
    return { why: `the policy asks for claims that only you know (${missing.join(', ')})` };
  const algorithm = algorithmFor(key, policy.algorithms);
  const typ = policy.tokenTypes?.[0] ?? 'JWT';
  return {
    mint(lifetimeSeconds, more = {}) {
      const now = Math.floor(Date.now() / 1000);
      // Of one that has expired, `iat` is before `exp`.
      const iat = Math.min(now, now + lifetimeSeconds - MINUTE);
      const exp = now + lifetimeSeconds;
      return jwt.sign({ ...claims, ...more, iat: lifetimeSeconds > 0 ? now : iat, exp }, key, {
        algorithm,
        header: { alg: algorithm, typ },
      });
    },
  };
}

type Signer = {
  readonly policy: JwtPolicy;
  readonly key: ReturnType<typeof localSigner>['key'];
  readonly keyId: string | undefined;
};

function signerOf(
  config: AuthorizerConfig,
  { isLocal, keyId, ...place }: MintingPlace,
): Signer | { why: string } {
  if (isLocal) {
    try {
      const folder = lookIntoDataFolder(dataFolderOf(place));
      const subject = keyId ?? demoOf(config, openLocalKeys(folder))?.reader.keyId;
      return { ...localSigner(place, { issuer: undefined, keyId: subject }, folder), keyId: subject };
    } catch (error) {
      // Of what no run has made, or could use, no gateway here knows.
      if (!(error instanceof CommandFailure || error instanceof NotMade)) throw error;
    }
  }
  for (const policy of config.policies) {
    const { keySource } = policy;
    if (keySource.kind === 'inline' && keySource.key.type === 'secret')
      return { policy, key: keySource.key, keyId };
  }
  return { why: 'what signs its tokens is not here' };
}

/** What a token says of its own end, which nobody has verified. @returns undefined where it cannot be read, or says none. */
export function expiryOf(token: string): number | undefined {
  const decoded = decode(token as UnverifiedToken);
  const exp = isDenial(decoded) ? undefined : decoded.unverifiedClaims['exp'];
  return typeof exp === 'number' ? exp : undefined;
}
