import type { KeyObject } from 'node:crypto';
import type { JwtPolicy, KeySource, RouteRule, TokenPlace } from '../config/types.ts';
import type { Credential, CredentialHolder } from '../consumers/model.ts';
import { decoyKey } from '../keys/decoys.ts';
import type { KeyHint, Keys } from '../keys/key-finder.ts';
import { type DenialCode, isDenial } from './denial.ts';
import type { JsonObject } from './strict-json.ts';

/**
 * Told of each step of a request's way as it is taken, for who asks why (`explain`). In the function nobody
 * listens: `observe?.({ … })` then builds nothing. No step holds the token, its signature, a secret or a key.
 */
export type Observe = (step: TraceStep) => void;

/** What a step saw, and what it came to. */
export type TraceStep = {
  /** Why the step denied; undefined when it passed. */
  readonly code: DenialCode | undefined;
} & (
  | /** A policy's turn begins. */ {
      readonly step: 'extract';
      /** The policy's index. */
      readonly policy: number;
      readonly place: TokenPlace;
      /** Of the token; undefined where there is none. */
      readonly bytes: number | undefined;
    }
  | {
      readonly step: 'decode';
      /** Unverified, as are the claims; absent where the token cannot be read. */
      readonly header?: JsonObject;
      readonly claims?: JsonObject;
    }
  | {
      readonly step: 'issuer';
      /** Those of the policy; empty: it takes any. */
      readonly wanted: readonly string[];
      /** The unverified `iss`. */
      readonly got: unknown;
      /** Whether it is the policy's token to judge. */
      readonly applies: boolean;
    }
  | /** Its signature held under an earlier policy, which denied it: no other may accept it. */ {
      readonly step: 'settled';
    }
  | /** With `credentialKey`: what is looked at before the credential is, whose key is to verify. */ {
      readonly step: 'key_name';
      readonly keyId: unknown;
    }
  | { readonly step: 'algorithm'; readonly wanted: JwtPolicy['algorithms']; readonly got: unknown }
  | {
      readonly step: 'keys';
      readonly source: KeySource['kind'];
      readonly kid: unknown;
      /** Those that may have signed the token. */
      readonly candidates: readonly KeyDescription[];
      /** Whether others were asked for, since those at hand did not hold. */
      readonly isNewer: boolean;
    }
  | { readonly step: 'signature' }
  | {
      readonly step: 'check';
      readonly name: CheckName;
      /** What the policy's option says; undefined where there is none, or it asks for nothing. */
      readonly wanted: unknown;
      readonly got: unknown;
    }
  | {
      readonly step: 'required_claim';
      readonly name: string;
      /** Undefined: it must only be there. */
      readonly wanted: readonly unknown[] | undefined;
      readonly got: unknown;
    }
  | {
      readonly step: 'credential';
      /** The token's `sub`. */
      readonly keyId: unknown;
      /** Absent where there is none of that name. */
      readonly credential?: Credential;
    }
  | { readonly step: 'consumer'; readonly credential: Credential; readonly holder: CredentialHolder }
  | {
      readonly step: 'revocation';
      /** The token itself. */
      readonly isRevoked: boolean;
      /** All tokens that were issued before one of these are revoked: everybody's, or the consumer's. */
      readonly issuedBeforeSeconds: readonly number[];
      readonly iat: unknown;
    }
  | {
      readonly step: 'scopes';
      /** Those that count. */
      readonly scopes: readonly string[];
      /** Undefined in the uncontrolled modality. */
      readonly credentialScopes: readonly string[] | undefined;
      readonly scopeClaim: JwtPolicy['scopeClaim'];
    }
  | /** A rule with scopes that matches the request, or of which nobody can tell. */ {
      readonly step: 'rule';
      readonly rule: RouteRule;
      /** The one of its paths that matches. */
      readonly path: string;
      /** Scopes that the caller does not have. */
      readonly missing: readonly string[];
    }
);

/** The claim that a check is about; `types` of several, `typ` of the header, `age` by `iat`. */
export type CheckName = 'types' | 'typ' | 'exp' | 'nbf' | 'iat' | 'age' | 'iss' | 'aud';

/** A key as one may show it. */
export interface KeyDescription {
  /** `secret`, `rsa`, `rsa-pss`, `ec`. */
  readonly type: string;
  /** Bytes of a secret, bits of an RSA key, the name of a curve. */
  readonly size: string | number | undefined;
}

/** Keys that stand in for those that are not there are left out. */
export function keysStep(
  keys: Keys,
  { algorithm, kid }: KeyHint,
  { policy, isNewer }: { policy: JwtPolicy; isNewer: boolean },
): TraceStep {
  const candidates = keys.filter((key) => key !== decoyKey(algorithm)).map(describeKey);
  return { step: 'keys', source: policy.keySource.kind, kid, candidates, isNewer, code: undefined };
}

function describeKey(key: KeyObject): KeyDescription {
  const { asymmetricKeyType, asymmetricKeyDetails: details } = key;
  const size = key.symmetricKeySize ?? details?.modulusLength ?? details?.namedCurve;
  return { type: asymmetricKeyType ?? key.type, size };
}

/** The code of what a step came to, if that is a denial. */
export function codeOf(result: unknown): DenialCode | undefined {
  return typeof result === 'object' && result !== null && isDenial(result) ? result.code : undefined;
}
