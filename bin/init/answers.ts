/** What `init` has to know; in the configuration's own terms. */
export interface Answers {
  readonly key: KeyAnswer;
  /** What `iss` must equal; empty: not looked at. */
  readonly issuer: string | undefined;
  readonly token: TokenAnswer;
  /** Empty: `aud` is not looked at; of a key set, that is said by name. */
  readonly audience: readonly string[];
  /** Never empty. */
  readonly algorithms: readonly string[];
  /** The controlled modality. */
  readonly isManaged: boolean;
  readonly api: ApiAnswer;
}

export type KeyAnswer =
  | { readonly kind: 'discovery' }
  | { readonly kind: 'jwksUri'; readonly uri: string }
  /** The path as the user gave it, from the current folder. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'generated' };

export interface TokenAnswer {
  readonly jwtExtractor: 'authBearer' | 'authScheme' | 'header' | 'query' | 'cookie';
  /** Of all but authBearer. */
  readonly jwtExtractorField?: string;
}

export type ApiAnswer =
  | { readonly kind: 'new'; readonly upstream?: string }
  | { readonly kind: 'existing'; readonly id: string; readonly stages: readonly string[] };

export const isKeySet = ({ kind }: KeyAnswer): boolean => kind === 'discovery' || kind === 'jwksUri';
