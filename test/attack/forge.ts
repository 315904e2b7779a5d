/** Tokens as attackers and careless issuers make them: any header, any payload, any signature. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { base64url, signatureOf, signedToken } from '../support/tokens.ts';
import { CLAIMS, type DoorName, doorOf, headerOf, SECRET } from './doors.ts';

export interface Forgery {
  /** Text as it stands, or members beside `alg`, `typ` and `kid`. */
  readonly header?: string | Uint8Array | Readonly<Record<string, unknown>>;
  /** Text as it stands, or claims beside the usual ones; an undefined one is left out. */
  readonly payload?: string | Uint8Array | Readonly<Record<string, unknown>>;
  /** Signs. @default the door's own key: the issuer itself made such a token */
  readonly key?: KeyObject;
  /** By which algorithm it signs. @default the door's */
  readonly algorithm?: string;
}

/** A token for a door, signed. */
export function forge(door: DoorName, { header = {}, payload = {}, key, algorithm }: Forgery = {}): string {
  const { algorithm: own, pair } = doorOf(door);
  const signer = key ?? pair?.privateKey;
  if (signer === undefined) throw new Error(`nobody can sign for ${door}`);
  return signedToken(headerText(header, door), payloadText(payload), {
    ...{ algorithm: algorithm ?? own, key: signer },
  });
}

/** A token for a door with these very bytes for its signature. */
export function withSignature(door: DoorName, signature: string | Uint8Array, forgery: Forgery = {}): string {
  return `${inputOf(door, forgery)}.${typeof signature === 'string' ? signature : base64url(signature)}`;
}

/** What is signed. */
export function inputOf(door: DoorName, { header = {}, payload = {} }: Forgery = {}): string {
  return `${base64url(headerText(header, door))}.${base64url(payloadText(payload))}`;
}

/** Parts as they stand, with the secret's MAC over them. */
export function macOver(header: string, payload: string): string {
  return `${header}.${payload}.${base64url(signatureOf(`${header}.${payload}`, 'HS256', SECRET.privateKey))}`;
}

/** The parts of a token of three. */
export function partsOf(token: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

export const secretOf = (bytes: string | Uint8Array): KeyObject => createSecretKey(Buffer.from(bytes));

export const CLAIMS_TEXT = JSON.stringify(CLAIMS);
/** The usual claims with more members behind them, as they stand. */
export const claimsWith = (members: string): string => CLAIMS_TEXT.replace(/}$/, `,${members}}`);

function headerText(header: NonNullable<Forgery['header']>, door: DoorName) {
  if (typeof header === 'string' || header instanceof Uint8Array) return header;
  return JSON.stringify({ ...headerOf(door), ...header });
}

function payloadText(payload: NonNullable<Forgery['payload']>) {
  if (typeof payload === 'string' || payload instanceof Uint8Array) return payload;
  return JSON.stringify({ ...CLAIMS, ...payload });
}
