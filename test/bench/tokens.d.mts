import type { KeyObject } from 'node:crypto';

export interface BenchKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The secret, or PEM. */
  readonly text: string;
}

export const ISSUER: string;
export const AUDIENCE: string;
export function makeKeys(): Readonly<Record<'HS256' | 'RS256' | 'ES256', BenchKey>>;
export function makeToken(
  algorithm: string,
  key: KeyObject,
  claims?: Readonly<Record<string, unknown>>,
  header?: Readonly<Record<string, unknown>>,
): string;
export function makeTokens(count: number, algorithm: string, key: KeyObject): readonly string[];
export function withWrongSignature(token: string): string;
