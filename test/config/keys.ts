import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Key pairs for the tests of the configuration, made once a process. */
export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export function spkiPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** A self-signed certificate made with OpenSSL, whose private key was thrown away. */
export function certificatePem(type: 'rsa' | 'ec'): string {
  return readFileSync(new URL(`fixtures/${type}-certificate.pem`, import.meta.url), 'utf8');
}

export function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}
