import type { KeyObject } from 'node:crypto';

/**
 * The configuration as every part of the project uses it: parsed, defaults filled in, keys imported.
 * The shape of the file itself is `schema.ts`; `parse.ts` leads from one to the other.
 */
export interface AuthorizerConfig {
  /** In the order in which they are tried. Never empty. */
  readonly policies: readonly JwtPolicy[];
  readonly routes: readonly RouteRule[];
  /** Origin (and base path) that the local gateway and a stack-made API stand in front of. */
  readonly upstream?: string;
  /** How long API Gateway may keep an answer, where the keying allows any caching. */
  readonly authorizerCacheSeconds: number;
  /** How long a warm function remembers a credential and its consumer. */
  readonly credentialCacheSeconds: number;
  /** How old what was read of the table may be while it cannot be reached. Undefined: an outage is one. */
  readonly staleCredentialSeconds?: number;
  readonly expiryCondition: boolean;
  readonly onDenial: 'unauthorized' | 'policy';
  readonly cors?: Cors;
  /** Undefined: the stack makes an API of its own. */
  readonly restApi?: RestApiAttachment;
  /** Undefined: it is not deployed. */
  readonly adminApi?: AdminApi;
  /** In the file's order, never empty. Undefined: requests are not counted by API key. */
  readonly plans?: readonly UsagePlan[];
}

export interface JwtPolicy {
  /** Position in the file's list, from 0; names the policy in logs. */
  readonly index: number;
  readonly keySource: KeySource;
  /** The allow-list. */
  readonly algorithms: readonly Algorithm[];
  readonly allowShortSecret: boolean;
  readonly tokenPlace: TokenPlace;
  /** One of them must be in `aud`; empty: `aud` is not looked at. */
  readonly audience: readonly string[];
  /** `iss` must equal one; empty: `iss` is not looked at. */
  readonly issuer: readonly string[];
  /** The controlled modality: `sub` must be the keyId of a stored, active credential. */
  readonly checkCredentialExistence: boolean;
  /** Whether revocations are looked up: in the controlled modality always, else where it is asked for. */
  readonly tokenRevocation: boolean;
  readonly passThrough: boolean;
  readonly requireExp: boolean;
  readonly maxAgeSeconds?: number;
  readonly clockToleranceSeconds: number;
  readonly requiredClaims: readonly RequiredClaim[];
  /** Allowed `typ` header values, lower case, without `application/`; undefined accepts any. */
  readonly tokenTypes?: readonly string[];
  /** Where the token's own scopes are: a claim's name, or a path of names. Undefined: not looked at. */
  readonly scopeClaim?: readonly string[];
}

/** Where a policy's verification keys come from. */
export type KeySource =
  | { readonly kind: 'inline'; readonly key: KeyObject }
  | StoredKeySource
  | KeySetSource
  /** Each credential's own key verifies its tokens. */
  | { readonly kind: 'credential' };

/** A secret store: one key at a time and, for a while after a rotation, the one before it. */
export type StoredKeySource = {
  /** How long the key before the current one still verifies. Seconds since the current one was made. */
  readonly previousKeySeconds: number;
} & (
  | /** The stack makes a secret (its ARN arrives in a variable of its own); locally one is kept in the data folder. */
  { readonly kind: 'generated' }
  | { readonly kind: 'secretArn'; readonly arn: string; readonly jsonField?: string }
  | { readonly kind: 'parameter'; readonly name: string }
);

/** An issuer's JSON Web Key Set (RFC 7517), by its address or found from the issuer. */
export type KeySetSource = {
  /** Whether the set of deploy time goes with the configuration. */
  readonly wantsSnapshot: boolean;
  /** There in the function's own configuration alone. */
  readonly snapshot?: KeySetSnapshot;
} & (
  | { readonly kind: 'jwksUri'; readonly uri: string }
  /** OpenID Connect Discovery 1.0 §4. */
  | { readonly kind: 'discovery'; readonly issuer: string }
);

/** A key set as it was at a time. Public keys only. */
export interface KeySetSnapshot {
  /** Milliseconds since 1970. */
  readonly fetchedAtMs: number;
  readonly keySet: unknown;
}

/** Where a request holds the token. Header and scheme names are compared without case. */
export type TokenPlace =
  | { readonly in: 'header'; readonly name: string; readonly scheme?: string }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'cookie'; readonly name: string };

export interface RequiredClaim {
  readonly name: string;
  /** The claim must equal one of them (or, being a list, contain one); undefined: it must only be there. */
  readonly values?: readonly ClaimValue[];
}

export type ClaimValue = string | number | boolean;

/** A rule of `routes`: who calls one of these methods on one of these paths needs all these scopes. */
export interface RouteRule {
  /** Path templates: `/orders/{id}`, `/files/{proxy+}` (a trailing `/*` is read as that). */
  readonly paths: readonly string[];
  /** Upper case; undefined means every method. */
  readonly methods?: readonly string[];
  /** May be empty: then the rule only declares the path as a resource of its own. */
  readonly scopes: readonly string[];
}

export interface Cors {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds?: number;
}

/** A REST API that exists, and how it is to be protected. */
export interface RestApiAttachment {
  readonly id: string;
  /** Distinct, never empty. */
  readonly stages: readonly string[];
  /** Empty: every method. OPTIONS stays open in any case. */
  readonly routes: readonly Selector[];
  /** Whether methods that something else protects are taken over. */
  readonly takeOver: boolean;
  /** Whether edits that others have not deployed yet may go live with the attachment. */
  readonly deployPendingChanges: boolean;
  /** `deny`: methods that were open ask for IAM from then on. */
  readonly onDetach: 'restore' | 'deny';
  /** Undefined: nothing looks whether methods were opened again. */
  readonly driftCheck?: DriftCheck;
  /** `command`: the stack makes what it takes, and `jwt-authorizer attach` attaches. */
  readonly attachWith: 'deployment' | 'command';
}

/** Which methods of an API: `GET /orders/*`, `ANY /admin/{proxy+}`, `!GET /health`. Plain JSON; see `selector.ts`. */
export interface Selector {
  /** `!`: these are left alone. */
  readonly excludes: boolean;
  /** A verb, or `ANY` for all but OPTIONS. GET holds for HEAD too, as in `routes`. */
  readonly httpMethod: string;
  /** A template of `route-template.ts`, in its one spelling. */
  readonly path: string;
}

export interface DriftCheck {
  readonly everyMinutes: number;
  /** Whether what was found open is attached again. */
  readonly reattach: boolean;
}

export interface AdminApi {
  /**
   * ARNs of the IAM principals that may call it. Empty: whoever the IAM policies of the account allow.
   */
  readonly allowedPrincipals: readonly string[];
}

/**
 * What each API key of the plan may do, in API Gateway's own words.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export interface UsagePlan {
  readonly name: string;
  /** A token bucket. Undefined: as many as the stage takes. */
  readonly throttle?: {
    /** Requests a second. May have a fraction. */
    readonly rateLimit: number;
    /** Requests at once: the size of the bucket. */
    readonly burstLimit: number;
  };
  /** Undefined: as many as one likes. */
  readonly quota?: {
    /** Requests in a period. */
    readonly limit: number;
    readonly period: 'DAY' | 'WEEK' | 'MONTH';
  };
}

export type Algorithm = (typeof ALGORITHMS)[number];

export const ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
] as const;
